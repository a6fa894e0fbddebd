import type { Fragment, JsonType } from './named-types.ts'

/**
 * One flat schema for several types and for words allowed beside them, because Helm prints one line for it and every
 * branch of an `anyOf`. The empty word makes the empty string allowed.
 *
 * @throws Error when two of the types are objects or lists, which no flat schema can tell apart
 */
export function mergeTypes(types: readonly Fragment[], words: readonly string[] = []): Fragment {
  const typed = types.filter(({ type }) => type !== undefined)
  const literals = [...types.flatMap((type) => type.enum ?? []).map(String), ...words]
  const [only] = typed
  if (typed.length === 1 && literals.length === 0 && only !== undefined) return only
  // A list of values reads better than a pattern, and it can hold all booleans.
  if (typed.every(({ type }) => type === 'boolean')) return { enum: [...(only ? [true, false] : []), ...literals] }

  const { minimum: _minimum, maximum: _maximum, pattern: _pattern, ...others }: Fragment = Object.assign({}, ...typed)
  return { ...others, type: jointType(typed, literals), ...jointBounds(typed), ...jointPattern(typed, literals) }
}

const typesOf = ({ type = [] }: Fragment): readonly JsonType[] => (typeof type === 'string' ? [type] : type)

function jointType(typed: readonly Fragment[], literals: readonly string[]): JsonType | JsonType[] {
  const all = typed.flatMap(typesOf)
  for (const compound of ['object', 'array']) {
    if (all.filter((type) => type === compound).length > 1) throw new Error(`they are two kinds of ${compound}`)
  }
  const joint = new Set<JsonType>(literals.length > 0 ? [...all, 'string'] : all)
  if (joint.has('number')) joint.delete('integer')
  const [first, ...rest] = [...joint]
  return first !== undefined && rest.length === 0 ? first : [...joint]
}

/** The narrowest bounds that admit the numbers of every type. */
function jointBounds(typed: readonly Fragment[]): Fragment {
  const numeric = typed.filter((type) => typesOf(type).some((name) => name === 'number' || name === 'integer'))
  const minimum = Math.min(...numeric.map((type) => type.minimum ?? Number.NEGATIVE_INFINITY))
  const maximum = Math.max(...numeric.map((type) => type.maximum ?? Number.POSITIVE_INFINITY))
  return { ...(Number.isFinite(minimum) && { minimum }), ...(Number.isFinite(maximum) && { maximum }) }
}

/** One pattern that admits the texts of every type and the words. */
function jointPattern(typed: readonly Fragment[], literals: readonly string[]): Fragment {
  const patterns = typed.filter((type) => typesOf(type).includes('string')).map(({ pattern }) => pattern)
  if (patterns.includes(undefined) || patterns.length + literals.length === 0) return {}
  const bodies = patterns.map((pattern) => pattern?.slice(1, -1) ?? '')
  const choices = [...bodies, ...literals.filter((word) => word !== '').map(escapePattern)]
  if (choices.length === 0) return { pattern: '^$' }
  const joint = choices.join('|')
  if (literals.includes('')) return { pattern: `^(${joint})?$` }
  return { pattern: choices.length === 1 ? `^${joint}$` : `^(${joint})$` }
}

const escapePattern = (word: string): string => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
