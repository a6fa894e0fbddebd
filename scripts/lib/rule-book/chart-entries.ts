import { stringify } from 'yaml'
import { capitalized } from '../capitalized.ts'
import { chartRules, type Rule } from '../chart-rules/table.ts'
import type { RuleEntry } from './rule-entry.ts'
import { valuesExample } from './values-example.ts'

export const chartEntries = (): RuleEntry[] => chartRules().map(entryOf)

function entryOf({ id, severity, path, reason, fix, breaks, mends }: Rule): RuleEntry {
  const isRefused = severity === 'error'
  return {
    id,
    group: 'values',
    title: capitalized(inCapitals(reason)),
    severity,
    why: `Looked for at \`${inCapitals(path)}\`. ${isRefused ? 'Helm refuses to render such values' : "Helm renders such values, and the chart's notes say so"}, in the same words.`,
    cure: `${capitalized(inCapitals(fix))}. What mends the example:\n\n\`\`\`yaml\n${stringify(mends).trimEnd()}\n\`\`\``,
    sources: [],
    example: () => valuesExample(id, stringify(breaks)),
  }
}

/** `{words}` are filled in by whoever finds the mistake: WORDS. */
const inCapitals = (text: string): string => text.replace(/\{(\w+)\}/g, (_, word: string) => word.toUpperCase())
