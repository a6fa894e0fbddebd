import { isMap, type Values } from '../values.ts'

/**
 * Values files over a chart's defaults, as Helm merges them: maps key by key, lists and all else whole, the later file wins.
 * null takes a default away; a null that there is no default for stays, and so a schema sees it.
 */
export function mergeValues(defaults: Values, files: readonly Values[]): Values {
  return overDefaults(defaults, files.reduce(overlaid, {}))
}

/** Values of a file over those of the files before: null stays, because it may take a default away. */
export function overlaid(earlier: Values, later: Values): Values {
  const merged: Record<string, unknown> = { ...earlier }
  for (const [key, value] of Object.entries(later)) {
    const before = own(earlier, key)
    put(merged, key, isMap(before) && isMap(value) ? overlaid(before, value) : value)
  }
  return merged
}

/** What a chart renders of values: null takes a default away. */
export function overDefaults(defaults: Values, given: Values): Values {
  const merged: Record<string, unknown> = { ...given }
  for (const [key, preset] of Object.entries(defaults)) {
    const value = own(given, key)
    if (value === undefined) put(merged, key, preset)
    else if (value === null) delete merged[key]
    else if (isMap(preset) && isMap(value)) put(merged, key, overDefaults(preset, value))
  }
  return merged
}

/** A key may be called `constructor` or `__proto__`, and means nothing but itself. */
const own = (map: Values, key: string): unknown => (Object.hasOwn(map, key) ? map[key] : undefined)

function put(map: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true })
}
