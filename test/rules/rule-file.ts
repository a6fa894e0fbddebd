import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { chart } from '../chart/helm.ts'

export interface RecordingRule {
  readonly record: string
  readonly expr: string
}

export interface AlertingRule {
  readonly alert: string
  readonly expr: string
  readonly for?: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<'summary' | 'description' | 'runbook_url' | 'dashboard', string>>
}

export interface RuleGroup {
  readonly name: string
  readonly interval?: string
  readonly rules: readonly (RecordingRule | AlertingRule)[]
}

export const ruleFile = join(chart, 'files/prometheus-rules/grpc-lb.yaml')

/** The groups that the chart ships. */
export const groups: readonly RuleGroup[] = parse(readFileSync(ruleFile, 'utf8')).groups

const rules = groups.flatMap((group) => group.rules)
export const recordings = rules.filter((rule): rule is RecordingRule => 'record' in rule)
export const alerts = rules.filter((rule): rule is AlertingRule => 'alert' in rule)
export const alertNames: readonly string[] = [...new Set(alerts.map(({ alert }) => alert))]
