import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAnnotatedValues } from '../../scripts/lib/annotated-values/parse.ts'
import type { Setting } from '../../scripts/lib/annotated-values/setting.ts'
import type { Values } from '../../scripts/lib/values.ts'
import { chart } from './helm.ts'

/** A value that users set as a whole: one that is no object of further keys of ours. */
export interface Leaf {
  /** Its keys; `anyName` stands for a name that users choose. */
  readonly keys: readonly string[]
  /** JSON Schema of what it may hold. */
  readonly schema: object
  readonly default: unknown
}

export const anyName = '*'

const { settings } = parseAnnotatedValues(readFileSync(join(chart, 'values.yaml'), 'utf8'), 'values.yaml')

/** What values.yaml declares. */
export const declared: readonly Setting[] = settings

/** All leaves that values.yaml declares, those of entries of maps among them. */
export const leaves: readonly Leaf[] = leavesOf(settings, [])

/** These keys in some values, with a name that they have for every `anyName`; undefined where they have none. */
export function keysIn(values: unknown, [key, ...rest]: readonly string[]): string[] | undefined {
  if (key === undefined) return []
  for (const name of key === anyName ? Object.keys(values ?? {}) : [key]) {
    const below = keysIn((values as Values | null | undefined)?.[name], rest)
    if (below !== undefined) return [name, ...below]
  }
  return undefined
}

/** The value at these keys. */
export const valueAt = (values: unknown, keys: readonly string[]): unknown =>
  keys.reduce((holder, key) => (holder as Values | null | undefined)?.[key], values)

/** Values that say just this: `value` at these keys. */
export const valuesWith = (keys: readonly string[], value: unknown): Values =>
  keys.reduceRight((below, key) => ({ [key]: below }), value) as Values

function leavesOf(of: readonly Setting[], above: readonly string[]): Leaf[] {
  return of.flatMap(({ key, value, default: given }) => {
    const keys = [...above, key]
    if (value.kind === 'object') return leavesOf(value.keys, keys)
    if (value.kind === 'plain') return [{ keys, schema: value.type.schema, default: given }]
    if (value.entry.kind === 'object') return leavesOf(value.entry.keys, [...keys, anyName])
    const entries = { type: 'object', minProperties: 1, additionalProperties: value.entry.type.schema }
    return [{ keys, schema: entries, default: given }]
  })
}
