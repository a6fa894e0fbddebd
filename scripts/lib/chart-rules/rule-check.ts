import type { ChartValues } from './chart-values.ts'

/** The {words} of one mistake's sentence. */
export type Violation = Readonly<Record<string, string | number>>

/** What a release is called; unknown where values are looked at before there is one. */
export interface Release {
  readonly name: string
  readonly namespace: string
}

/** Looks for the mistakes of one rule; the twin of the template echo.rule.ID. */
export type RuleCheck = (values: ChartValues, release: Release | undefined) => readonly Violation[]
export type RuleChecks = Readonly<Record<string, RuleCheck>>

/** One mistake if the condition holds, none otherwise. */
export const when = (condition: unknown, words: Violation = {}): readonly Violation[] => (condition ? [words] : [])

/** A mistake for each key whose value asks for something, under the key itself as `word`. */
export const askedFor = (asks: Readonly<Record<string, unknown>>, word: string, prefix = ''): readonly Violation[] =>
  Object.keys(asks)
    .filter((key) => isSet(asks[key]))
    .toSorted(byCodePoint)
    .map((key) => ({ [word]: `${prefix}${key}` }))

/** What `if` in a template takes for true: of lists and objects those that hold something. */
export function isSet(value: unknown): boolean {
  return typeof value === 'object' && value !== null ? Object.keys(value).length > 0 : Boolean(value)
}

/** As templates turn a value into a whole number; 0 for what is none. */
export const int = (value: unknown): number => Math.trunc(Number(value ?? 0)) || 0

/** The order in which templates go through a map. */
export const byCodePoint = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)

/** A map's entries that are objects, in the order of templates. */
export const entriesOf = <T extends object>(map: Readonly<Record<string, T | null | undefined>> | null | undefined) =>
  Object.entries(map ?? {})
    .filter((entry): entry is [string, T] => typeof entry[1] === 'object' && entry[1] !== null)
    .toSorted(([one], [other]) => byCodePoint(one, other))
