import {
  type Abstract,
  alternativesOf,
  dictOf,
  eachOf,
  either,
  nothing,
  someText,
  textsOf,
  unknown,
} from './abstract-value.ts'

/** What functions need of the reader that runs into them. */
export interface Calls {
  /** The entry of a value under a key, read as a template does. */
  readonly entry: (of: Abstract, key: Abstract) => Abstract
  /** What a template puts out, for an argument. */
  readonly include: (name: Abstract, argument: Abstract) => Abstract
}

type Function = (args: readonly Abstract[], calls: Calls) => Abstract

/** What a function of templates makes of its arguments. Of those that are not here nothing but a text is known. */
export function callFunction(name: string, args: readonly Abstract[], calls: Calls): Abstract {
  const known = functions[name]
  if (known !== undefined) return known(args, calls)
  const last = args.at(-1)
  return last?.kind === 'text' ? { kind: 'text', yaml: last.yaml } : someText
}

const first = (args: readonly Abstract[]): Abstract => args[0] ?? nothing
const last = (args: readonly Abstract[]): Abstract => args.at(-1) ?? nothing
const anyOf: Function = (args) => either(...args)
const itself: Function = (args) => last(args)
const items: Function = (args) => ({ kind: 'list', items: either(...args.map((list) => eachOf(list).entries)) })
const itemsAnd: Function = ([list = nothing, ...more]) => ({
  kind: 'list',
  items: either(eachOf(list).entries, ...more),
})
const oneItem: Function = (args) => eachOf(last(args)).entries
const written: Function = (args) => ({ kind: 'text', yaml: last(args) })
const parsed: Function = (args) =>
  either(...alternativesOf(last(args)).map((one) => (one.kind === 'text' ? (one.yaml ?? unknown) : unknown)))

const functions: Readonly<Record<string, Function>> = {
  ...{ and: anyOf, or: anyOf, default: anyOf, coalesce: anyOf, ternary: (args) => either(...args.slice(0, 2)) },
  ...{ toString: itself, uniq: items, initial: items, rest: items, reverse: items, compact: items, concat: items },
  ...{ list: (args) => ({ kind: 'list', items: either(...args) }), append: itemsAnd, prepend: itemsAnd },
  ...{
    first: oneItem,
    last: oneItem,
    values: items,
    keys: (args) => ({ kind: 'list', items: eachOf(first(args)).keys }),
  },
  ...{
    toYaml: written,
    toJson: written,
    fromYaml: parsed,
    fromJson: parsed,
    fromYamlArray: parsed,
    fromJsonArray: parsed,
  },
  ...{ tpl: () => unknown, lookup: () => unknown, deepCopy: itself, merge, mergeOverwrite: merge, omit: first },
  ...{ printf, dict, set, unset: first, pick },
  get: ([of = nothing, key = nothing], calls) => calls.entry(of, key),
  index: ([of = nothing, ...keys], calls) => keys.reduce(calls.entry, of),
  hasKey([of = nothing, key = nothing], calls) {
    calls.entry(of, key)
    return someText
  },
  include: ([name = nothing, argument = nothing], calls) => calls.include(name, argument),
}

/** Texts for `%s` and `%d`, as far as they are known. */
function printf([format = nothing, ...args]: readonly Abstract[]): Abstract {
  const fill = (texts: readonly string[], arg: Abstract) =>
    textsOf(arg)?.flatMap((value) => texts.map((text) => text.replace(/%[sdvq]/, () => value)))
  let texts = textsOf(format)
  for (const arg of args) texts = texts && fill(texts, arg)
  return texts === undefined ? someText : either(...texts.map((text): Abstract => ({ kind: 'text', text })))
}

function dict(args: readonly Abstract[]): Abstract {
  const made = dictOf()
  for (let i = 0; i + 1 < args.length; i += 2) put(made, args[i] as Abstract, args[i + 1] as Abstract)
  return made
}

function set([of = nothing, key = nothing, value = nothing]: readonly Abstract[]): Abstract {
  for (const one of alternativesOf(of)) if (one.kind === 'dict') put(one, key, value)
  return of
}

function put(into: Abstract & { kind: 'dict' }, key: Abstract, value: Abstract): void {
  const texts = textsOf(key)
  if (texts === undefined) into.others = either(into.others ?? nothing, value)
  for (const text of texts ?? []) into.entries.set(text, either(into.entries.get(text) ?? nothing, value))
}

/** Dicts become one; with values of the user's, a key may be in any of them. */
function merge(args: readonly Abstract[]): Abstract {
  const parts = args.flatMap(alternativesOf)
  if (!parts.every((part) => part.kind === 'dict')) return either(...parts)
  const made = dictOf()
  for (const { entries, others } of parts) {
    for (const [text, value] of entries) put(made, { kind: 'text', text }, value)
    if (others !== undefined) put(made, someText, others)
  }
  return made
}

function pick([of = nothing, ...keys]: readonly Abstract[], calls: Calls): Abstract {
  const made = dictOf()
  for (const key of keys) put(made, key, calls.entry(of, key))
  return made
}
