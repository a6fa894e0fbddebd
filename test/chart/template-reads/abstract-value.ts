import type { Shape } from './shape.ts'

/** What is known of a value before any template runs. */
export type Abstract =
  | { readonly kind: 'unknown' }
  /** What a template of a chart gets: .Values, .Release and so on. */
  | { readonly kind: 'root' }
  /** Something of .Values. */
  | { readonly kind: 'values'; readonly path: string; readonly shape: Shape }
  /** A scalar: its text where that is known, and what YAML in it stands for. */
  | { readonly kind: 'text'; readonly text?: string | undefined; readonly yaml?: Abstract | undefined }
  /** A dict that templates make, and change with `set`; `others` are entries whose keys are not known. */
  | { readonly kind: 'dict'; readonly entries: Map<string, Abstract>; others: Abstract | undefined }
  | { readonly kind: 'list'; readonly items: Abstract }
  | { readonly kind: 'either'; readonly of: readonly Abstract[] }

export const unknown: Abstract = { kind: 'unknown' }
export const someText: Abstract = { kind: 'text' }
/** An empty list has no item, and a dict no value where it has no key. */
export const nothing: Abstract = { kind: 'either', of: [] }

export const dictOf = (entries: Iterable<[string, Abstract]> = [], others?: Abstract): Abstract & { kind: 'dict' } => ({
  kind: 'dict',
  entries: new Map(entries),
  others,
})

/** One of these; of those that cannot be told apart, one stays. */
export function either(...alternatives: readonly Abstract[]): Abstract {
  const different = new Map(alternatives.flatMap(alternativesOf).map((one) => [identity(one), one]))
  const [first = nothing, ...rest] = different.values()
  return rest.length === 0 ? first : { kind: 'either', of: [first, ...rest] }
}

export const alternativesOf = (value: Abstract): readonly Abstract[] => (value.kind === 'either' ? value.of : [value])

/** All the texts that a value may be; undefined when one of them is not known. */
export function textsOf(value: Abstract): string[] | undefined {
  const texts = alternativesOf(value).map((one) => (one.kind === 'text' ? one.text : undefined))
  return texts.every((text) => text !== undefined) ? texts : undefined
}

/** What ranging over a value binds: keys and entries. */
export function eachOf(value: Abstract): { keys: Abstract; entries: Abstract } {
  const parts = alternativesOf(value).map((one) => {
    if (one.kind === 'list') return { keys: someText, entries: one.items }
    if (one.kind === 'dict')
      return { keys: keysOf(one), entries: either(...one.entries.values(), one.others ?? nothing) }
    if (one.kind === 'values') return eachOfShape(one.path, one.shape)
    return { keys: one, entries: one }
  })
  return { keys: either(...parts.map(({ keys }) => keys)), entries: either(...parts.map(({ entries }) => entries)) }
}

function keysOf({ entries, others }: Abstract & { kind: 'dict' }): Abstract {
  return either(...[...entries.keys()].map((text): Abstract => ({ kind: 'text', text })), others ? someText : nothing)
}

function eachOfShape(path: string, shape: Shape): { keys: Abstract; entries: Abstract } {
  if (shape.kind === 'each') {
    return { keys: someText, entries: { kind: 'values', path: `${path}.NAME`, shape: shape.entry } }
  }
  if (shape.kind !== 'keys') return { keys: someText, entries: { kind: 'values', path, shape } }
  const keys = Object.keys(shape.keys).map((text): Abstract => ({ kind: 'text', text }))
  const entries = Object.entries(shape.keys).map(
    ([key, below]): Abstract => ({ kind: 'values', path: `${path}.${key}`, shape: below }),
  )
  return { keys: either(...keys), entries: either(...entries) }
}

function identity(value: Abstract): unknown {
  if (value.kind === 'values') return `values ${value.path}`
  if (value.kind === 'text' && value.yaml === undefined) return `text ${JSON.stringify(value.text)}`
  return value.kind === 'root' || value.kind === 'unknown' ? value.kind : value
}
