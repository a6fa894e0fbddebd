import { isMap } from '../values.ts'
import type { StringMap } from './manifest.ts'

/** Labels or annotations as they count: all text. */
export const labelsOf = (value: unknown): StringMap =>
  isMap(value) ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, String(each)])) : {}

/** Whether labels have all that a selector of a Service asks for; an empty one selects nothing. */
export function selects(selector: StringMap, labels: StringMap): boolean {
  const entries = Object.entries(selector)
  return entries.length > 0 && entries.every(([key, value]) => labels[key] === value)
}

/** Whether a `matchLabels` selector of a policy takes pods of these labels; an empty one takes all. */
export const appliesTo = (matchLabels: unknown, labels: StringMap): boolean =>
  Object.entries(labelsOf(matchLabels)).every(([key, value]) => labels[key] === value)
