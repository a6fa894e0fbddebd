import type { ResolvedType } from './resolve-type.ts'

/** A key of a values file with what its comment and its default say about it. */
export interface Setting {
  readonly key: string
  /** As in the reference: `ports.NAME.containerPort`. */
  readonly path: string
  /** Where the key stands in the file, from 1. */
  readonly line: number
  /** Markdown in one line, with what Kubernetes, Istio and others call the key. */
  readonly description: string
  readonly default: unknown
  /** What the reference says in place of the default. */
  readonly defaultText: string | undefined
  readonly value: Value
}

/**
 * What a setting may hold: an object of exactly these keys, a map of entries under names of the user's, or a value of a
 * named type, which may well be an object too, but one that is not ours.
 */
export type Value =
  | { readonly kind: 'object'; readonly keys: readonly Setting[] }
  | { readonly kind: 'map'; readonly names: ResolvedType; readonly entry: Entry }
  | { readonly kind: 'plain'; readonly type: ResolvedType }

/** What each entry of a map may hold. */
export type Entry = Exclude<Value, { kind: 'map' }>

/** The part of a values file under one `## Title`. */
export interface Section {
  readonly title: string
  readonly line: number
}

/** A values file in the annotation language. */
export interface AnnotatedValues {
  readonly file: string
  readonly settings: readonly Setting[]
  readonly sections: readonly Section[]
  /** The line of the last of these keys, each inside the one before it; undefined where it is not there. */
  readonly lineOf: (keys: readonly string[]) => number | undefined
}

/** A name that every type of names admits: stands for the names that users choose wherever one is needed. */
export const sampleName = 'example'

/** The defaults of all keys, with one more entry in each map whose entries have keys: the defaults of an entry. */
export function sampleValues(settings: readonly Setting[]): Record<string, unknown> {
  return Object.fromEntries(settings.map((setting) => [setting.key, sampleValue(setting)]))
}

function sampleValue({ value, default: given }: Setting): unknown {
  if (value.kind === 'object') return sampleValues(value.keys)
  if (value.kind === 'plain' || value.entry.kind === 'plain') return given
  return { ...(given as object), [sampleName]: sampleValues(value.entry.keys) }
}
