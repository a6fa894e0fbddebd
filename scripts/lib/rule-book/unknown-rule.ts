import { nearest } from '../check/nearest.ts'

/** Says that there is no such rule, and which one was meant. */
export function unknownRule(id: string, known: readonly string[]): string {
  const suggestion = nearest(id, known)
  return `there is no rule ${id}${suggestion === undefined ? ': evenly explain lists them all' : `; did you mean ${suggestion}?`}`
}
