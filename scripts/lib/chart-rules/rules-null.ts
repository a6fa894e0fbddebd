import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { NeededObject } from '../annotated-values/needed-values.ts'
import { isMap, type Values } from '../values.ts'
import type { RuleChecks } from './rule-check.ts'
import { chartFolder } from './table.ts'

/** What must not be null. Nothing is said of what is in an object that is null itself. */
export const nullRules = {
  object: (values) => lookUp(values as unknown as Values).missing.map((path) => ({ path })),
  'null-value': (values) => {
    const { objects } = lookUp(values as unknown as Values)
    return needed().flatMap(({ path, keys }) => {
      const object = objects.get(path)
      const missing = object === undefined ? [] : keys.filter((key) => (object[key] ?? null) === null)
      return missing.map((key) => ({ path: path === '' ? key : `${path}.${key}` }))
    })
  },
} satisfies RuleChecks

let known: readonly NeededObject[] | undefined

function needed(): readonly NeededObject[] {
  known ??= JSON.parse(readFileSync(join(chartFolder, 'files/needed-values.json'), 'utf8')) as NeededObject[]
  return known
}

/** The chart's objects by path, and those that are missing. */
function lookUp(values: Values): { objects: Map<string, Values>; missing: string[] } {
  const objects = new Map([['', values]])
  const missing: string[] = []
  for (const { path, in: outer, key } of needed()) {
    const holder = objects.get(outer)
    if (path === '' || holder === undefined) continue
    const object = holder[key]
    if (isMap(object)) objects.set(path, object)
    else missing.push(path)
  }
  return { objects, missing }
}
