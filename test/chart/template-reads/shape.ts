import type { Fragment } from '../../../scripts/lib/annotated-values/named-types.ts'
import type { Entry, Setting, Value } from '../../../scripts/lib/annotated-values/setting.ts'

/** Which keys a value has: these, a user's own with entries of one shape, any, or none. */
export type Shape =
  | { readonly kind: 'keys'; readonly keys: Readonly<Record<string, Shape>> }
  | { readonly kind: 'each'; readonly entry: Shape }
  | { readonly kind: 'any' | 'none' }

/** The shape of all values that settings declare. */
export const shapeOf = (settings: readonly Setting[]): Shape => ({
  kind: 'keys',
  keys: Object.fromEntries(settings.map(({ key, value }) => [key, shapeOfValue(value)])),
})

function shapeOfValue(value: Value | Entry): Shape {
  if (value.kind === 'object') return shapeOf(value.keys)
  if (value.kind === 'map') return { kind: 'each', entry: shapeOfValue(value.entry) }
  return shapeOfType(value.type.schema)
}

function shapeOfType({ type, properties, additionalProperties: others, items }: Fragment): Shape {
  if (properties !== undefined) {
    const keys = Object.entries(properties).map(([key, schema]) => [key, shapeOfType(schema)])
    return { kind: 'keys', keys: Object.fromEntries(keys) }
  }
  const entry = items ?? (others || undefined)
  if (entry !== undefined) return { kind: 'each', entry: shapeOfType(entry) }
  return { kind: [type].flat().some((name) => name === 'object' || name === 'array') ? 'any' : 'none' }
}
