import { isMap, type Values } from '../lib/values.ts'

/**
 * Values with those of `--set` over them, as Helm reads these: `KEY=VALUE`, several with commas between, dots for maps, `[0]` for
 * a place in a list, `{a,b}` for a whole list, a backslash before a character that means itself. null takes a value away.
 *
 * What cannot be read, and what comes after it in the same set, is left out without a word: Helm refuses the whole of it before
 * anything runs.
 */
export function withSets(values: Values, sets: readonly string[]): Values {
  const pairs = sets.flatMap((set) => [...set.matchAll(pair)])
  return pairs.reduce<Values>((all, [, key = '', value = '']) => put(all, pathOf(key), parsed(value)) as Values, values)
}

/** From where the one before has ended, so that none is found after what cannot be read. */
const pair = /((?:\\.|[^\\=,])+)=(\{(?:\\.|[^\\}])*\}|(?:\\.|[^\\,])*)(?:,|$)/gsy

const pathOf = (key: string): (string | number)[] =>
  [...key.matchAll(/\[(\d+)\]|((?:\\.|[^\\.[])+)/gs)].map(([, index, name = '']) =>
    index === undefined ? plain(name) : Number(index),
  )

function put(into: unknown, [key, ...rest]: readonly (string | number)[], value: unknown): unknown {
  if (key === undefined) return value
  if (typeof key === 'number') {
    const list = Array.isArray(into) ? [...into] : []
    list[key] = put(list[key], rest, value)
    return list
  }
  const { [key]: before, ...others } = isMap(into) ? into : {}
  const after = put(before, rest, value)
  return after === null ? others : { ...others, [key]: after }
}

function parsed(text: string): unknown {
  if (!text.startsWith('{')) return scalarOf(text)
  return [...text.slice(1, -1).matchAll(/(?<=^|,)(?:\\.|[^\\,])*/gs)].map(([item]) => scalarOf(item))
}

/** Whole numbers, unless they begin with a 0, true, false and null; all else is text, 0.5 too. */
function scalarOf(text: string): unknown {
  const value = plain(text)
  const word = { true: true, false: false, null: null }[value.toLowerCase()]
  if (word !== undefined) return word
  return value === '0' || /^(?!0)[-+]?\d+$/.test(value) ? Number(value) : value
}

const plain = (escaped: string): string => escaped.replace(/\\(.)/gs, '$1')
