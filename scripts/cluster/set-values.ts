import { applySet } from '../lib/check/set-values.ts'
import { EvenlyError } from '../lib/exit.ts'
import { isMap, type Values } from '../lib/values.ts'

/**
 * Values with those of `--set` over them, as Helm reads these. null takes a value away. A set that cannot be read is left out
 * without a word: Helm refuses it before anything runs.
 */
export function withSets(values: Values, sets: readonly string[]): Values {
  return sets.reduce(withSet, values)
}

function withSet(values: Values, text: string): Values {
  try {
    const { values: after, set } = applySet(values, text)
    return set.filter(({ value }) => value === null).reduce((all, { path }) => without(all, path), after)
  } catch (error) {
    if (error instanceof EvenlyError) return values
    throw error
  }
}

/** An entry of a list is not taken away: its place would be another's. */
function without(values: Values, [key = '', ...deeper]: readonly (string | number)[]): Values {
  const { [key]: value, ...others } = values
  if (deeper.length === 0) return value === null ? others : values
  return isMap(value) ? { ...others, [key]: without(value, deeper) } : values
}
