import { checkValues } from '../check/check-values.ts'
import { parseValues } from '../check/values-file.ts'
import type { Example } from './rule-entry.ts'

/** Values that break a rule, and what it says about them. */
export function valuesExample(id: string, text: string): Example {
  const file = 'values.yaml'
  return { file, text, findings: checkValues([parseValues(text, file)]).filter(({ rule }) => rule === id) }
}
