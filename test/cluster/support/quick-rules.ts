import type { Manifest } from '../../chart/helm.ts'
import type { AlertingRule, RecordingRule } from '../../rules/rule-file.ts'

/**
 * A PrometheusRule of the chart five times as fast: the same expressions over 1 minute in place of 5, and alerts after 15
 * seconds. What it records has names of its own, so that it can stand beside the one it is made of.
 *
 * @param labels what its alerts are told by
 */
export function quickened({ metadata, spec, ...rule }: Manifest, labels: object): Manifest {
  const groups = spec.groups.map((group: { rules: (AlertingRule | RecordingRule)[] }) => ({
    ...group,
    rules: group.rules.map((each) => ({ ...each, ...quick(each, labels) })),
  }))
  const { name, namespace } = metadata
  return { ...rule, metadata: { name: `${name}-quick`, namespace, labels: metadata.labels }, spec: { groups } }
}

function quick(rule: AlertingRule | RecordingRule, labels: object): Partial<AlertingRule & RecordingRule> {
  const expr = sooner(rule.expr)
  if ('record' in rule) return { expr, record: ownName(rule.record) }
  return { expr, labels: { ...rule.labels, ...labels }, ...(rule.for !== undefined && { for: '15s' }) }
}

const seconds: Record<string, number> = { 300: 60, 180: 36, 1800: 360 }

const sooner = (expr: string): string =>
  ownName(expr)
    .replaceAll('[5m]', '[1m]')
    .replaceAll(/\b(300|180|1800)\b/g, (number) => String(seconds[number]))

const ownName = (text: string): string => text.replaceAll('grpc_lb:', 'grpc_lb_quick:')
