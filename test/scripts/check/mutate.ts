import { isMap, type Values } from '../../../scripts/lib/values.ts'

type Path = readonly string[]

/** One slip of whoever writes values: what was done, and the values after it. */
export interface Mutation {
  readonly kind: string
  readonly path: Path
  readonly values: Values
}

/**
 * A mistake somewhere in values, or in a default that they do not say.
 *
 * @param random numbers from 0 to 1, which decide all
 */
export function mutate(values: Values, defaults: Values, random: () => number): Mutation {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  const path = pick([...pathsIn(values), ...(random() < 0.5 ? pathsIn(defaults) : [])])
  const before = at(values, path) ?? at(defaults, path)
  const kind = pick(Object.keys(kinds))
  const change = kinds[kind] as Change
  return { kind, path, values: change({ values, path, before, pick, random, others: pathsIn(defaults) }) }
}

interface Spot {
  readonly values: Values
  readonly path: Path
  readonly before: unknown
  readonly pick: <T>(list: readonly T[]) => T
  readonly random: () => number
  readonly others: readonly Path[]
}

type Change = (spot: Spot) => Values

const odd = [
  'é',
  '日本',
  '\u{1f600}',
  'a\u0301',
  '\u202e',
  '\u00a0',
  '\ufeff',
  "'",
  '"',
  '#',
  ': ',
  '- ',
  '&a',
  '*a',
  '\t',
  '\n',
  '{',
  '%',
  '@',
  '`',
]
const words = [
  'yes',
  'no',
  'on',
  'off',
  'y',
  'true',
  'null',
  '~',
  '010',
  '0x1F',
  '1e3',
  '1:30',
  '.5',
  '5s',
  '5 s',
  '25%',
  '',
  ' ',
  '=',
  '<<',
]
const numbers = [-1, 0, 1, 1.5, 65536, 70000, 2 ** 31, 2 ** 53, 1e21, 1e-7, -0.5]

const kinds: Readonly<Record<string, Change>> = {
  'a misspelt key': ({ values, path, before, random }) => {
    const key = path.at(-1) as string
    const i = Math.floor(random() * key.length)
    const slip = random() < 0.5 ? key.slice(0, i) + key.slice(i + 1) : key.slice(0, i + 1) + key.slice(i)
    return put(without(values, path), [...path.slice(0, -1), slip], before)
  },
  'text for what was there': ({ values, path, before }) => put(values, path, textOf(before)),
  'a number for what was there': ({ values, path, pick }) => put(values, path, pick(numbers)),
  'a switch for what was there': ({ values, path, pick }) => put(values, path, pick([true, false])),
  'a list around it': ({ values, path, before }) => put(values, path, [before]),
  'a map around it': ({ values, path, before }) => put(values, path, { value: before }),
  'an empty list or map': ({ values, path, pick }) => put(values, path, pick([[], {}])),
  null: ({ values, path }) => put(values, path, null),
  'null in a list': ({ values, path }) => put(values, path, [null]),
  'nothing at all': ({ values, path }) => without(values, path),
  'a letter more': ({ values, path, before, pick }) =>
    put(values, path, `${textOf(before)}${pick([...'abXY12-_./ '])}`),
  'another case': ({ values, path, before }) => put(values, path, textOf(before).toUpperCase()),
  'a word that YAML may take for something else': ({ values, path, pick }) => put(values, path, pick(words)),
  'an odd letter': ({ values, path, before, pick }) => put(values, path, `${pick(odd)}${textOf(before)}${pick(odd)}`),
  'an odd key': ({ values, path, before, pick }) =>
    put(values, [...path.slice(0, -1), `${pick(odd)}${pick(odd)}`], before),
  'a name that objects have': ({ values, path, before, pick }) =>
    put(values, [...path.slice(0, -1), pick(['__proto__', 'constructor', 'toString', 'length'])], before),
  'a very long text': ({ values, path, pick }) =>
    put(values, path, pick(['x', 'é', 'a '].map((one) => one.repeat(3000)))),
  'a copy in the wrong place': ({ values, path, before, pick, others }) =>
    put(values, [...pick(others).slice(0, -1), path.at(-1) as string], before),
  'another’s value': ({ values, path, pick, others }) => put(values, path, at(values, pick(others))),
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

function pathsIn(values: Values, outer: Path = []): Path[] {
  return Object.entries(values).flatMap(([key, value]) => [
    [...outer, key],
    ...(isMap(value) ? pathsIn(value, [...outer, key]) : []),
  ])
}

const at = (values: unknown, path: Path): unknown =>
  path.reduce((map, key) => (isMap(map) && Object.hasOwn(map, key) ? map[key] : undefined), values)

/** undefined is nothing, as in JSON, so it takes the key away. */
function put(values: Values, [key = '', ...deeper]: Path, value: unknown): Values {
  if (deeper.length === 0 && value === undefined) return without(values, [key])
  const before = Object.hasOwn(values, key) ? values[key] : undefined
  const after = deeper.length === 0 ? value : put(isMap(before) ? before : {}, deeper, value)
  return Object.fromEntries([...Object.entries(values).filter(([other]) => other !== key), [key, after]])
}

function without(values: Values, [key = '', ...deeper]: Path): Values {
  const before = values[key]
  if (deeper.length > 0 && !isMap(before)) return values
  const entries = Object.entries(values).filter(([other]) => other !== key)
  return Object.fromEntries(deeper.length === 0 ? entries : [...entries, [key, without(before as Values, deeper)]])
}
