import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { type Severity, severities } from '../findings/finding.ts'

/** One rule of the chart's files/rules.yaml: what is said of a mistake between values, with {words} to fill in. */
export interface Rule {
  readonly id: string
  readonly severity: Severity
  readonly path: string
  readonly reason: string
  readonly fix: string
  /** Values that the rule refuses, and what mends them: tests. */
  readonly breaks: object
  readonly mends: object
}

export const chartFolder = join(import.meta.dirname, '../../../charts/echo')

/** The chart's rules, in order. Throws when the table is not of that shape, which is a defect of ours. */
export function chartRules(): readonly Rule[] {
  known ??= readRules(readFileSync(join(chartFolder, 'files/rules.yaml'), 'utf8'))
  return known
}

let known: readonly Rule[] | undefined

/** The rules in the text of a table. Throws an Error that names the entry which is none. */
export function readRules(text: string): readonly Rule[] {
  const rules: unknown = load(text)
  if (!Array.isArray(rules)) throw new Error('rules.yaml is no list of rules')
  rules.forEach((rule: Readonly<Record<string, unknown>>, index) => {
    const texts = ['id', 'severity', 'path', 'reason', 'fix'].filter((key) => typeof rule[key] !== 'string')
    const maps = ['breaks', 'mends'].filter((key) => typeof rule[key] !== 'object' || rule[key] === null)
    const wrong = [...texts, ...maps]
    if (wrong.length > 0) throw new Error(`rule ${rule.id ?? index} of rules.yaml lacks ${wrong.join(', ')}`)
    if (!severities.includes(rule.severity as Severity)) {
      throw new Error(`rule ${rule.id} of rules.yaml has severity ${rule.severity}: use ${severities.join(' or ')}`)
    }
    if (rules.findIndex(({ id }) => id === rule.id) !== index) throw new Error(`rules.yaml has two rules ${rule.id}`)
  })
  return rules
}
