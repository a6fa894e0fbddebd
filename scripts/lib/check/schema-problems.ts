import type { ErrorObject } from 'ajv'
import { isMap, type Values } from '../values.ts'
import type { Chart, Schema } from './chart.ts'
import { describeError, meant } from './describe-error.ts'
import type { Path } from './place.ts'
import type { Fault, Problem } from './problems.ts'

/** Everything that a chart's schema has against values, and keys that it lets pass and that look misspelt. */
export function schemaFaults({ accepts, schema }: Chart, values: Values): Fault[] {
  const errors = accepts(values) ? [] : (accepts.errors ?? [])
  return [...errors.map((error) => faultOf(error, values, schema)), ...slipsInGlobal(values, schema)]
}

function faultOf(error: ErrorObject, values: Values, { definitions = {} }: Schema): Fault {
  const holder = pathOf(error.instancePath, values)
  const key: unknown = error.keyword === 'additionalProperties' ? error.params.additionalProperty : undefined
  const path = typeof key === 'string' ? [...holder, key] : holder
  const describe = (): Problem => {
    const definition = Object.keys(definitions).find((name) => holds(definitions[name], error.parentSchema))
    return { ...describeError(error, definition), severity: 'error', path }
  }
  return { kind: error.keyword, severity: 'error', path, describe }
}

/** Whether one is the other or a part of it, the very same object: the path of an error does not lead through definitions. */
const holds = (schema: unknown, part: unknown): boolean =>
  typeof schema === 'object' &&
  schema !== null &&
  (schema === part || Object.values(schema).some((one) => holds(one, part)))

/** `global` belongs to the parent chart, so that a key which is none of ours may well be right. */
function slipsInGlobal(values: Values, schema: Chart['schema']): Fault[] {
  const known = Object.keys(schema.properties?.global?.properties ?? {})
  const unknown = Object.keys(isMap(values.global) ? values.global : {}).filter((key) => !known.includes(key))
  return unknown.flatMap((key) => {
    const { suggestion, fix } = meant(key, known)
    if (suggestion === undefined) return []
    const common = { severity: 'advice' as const, path: ['global', key] }
    const words = { suggestion, fix, edits: [{ name: suggestion }], reason: 'the chart has no such key' }
    return [{ ...common, kind: 'unknown-key', describe: () => ({ ...common, ...words, id: 'unknown-key' }) }]
  })
}

/** A JSON pointer as keys, and as numbers where it leads through lists. */
function pathOf(pointer: string, values: unknown): Path {
  let at = values
  return pointer
    .split('/')
    .slice(1)
    .map((step) => {
      const key = Array.isArray(at) ? Number(step) : step.replaceAll('~1', '/').replaceAll('~0', '~')
      at = (at as Readonly<Record<string | number, unknown>>)[key]
      return key
    })
}
