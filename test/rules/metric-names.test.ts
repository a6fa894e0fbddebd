import { expect, it } from 'vitest'
import { knownMetrics } from './metric-names.ts'
import { metricsIn } from './promql.ts'
import { alerts, groups, recordings } from './rule-file.ts'

const rules = groups.flatMap((group) => group.rules)

it('reads only metrics that somebody exports or that are recorded', () => {
  const unknown = rules.flatMap(({ expr }) => metricsIn(expr)).filter((metric) => !knownMetrics.has(metric))
  expect(unknown).toEqual([])
})

it('records only what something reads or what measures the spread', () => {
  const read = new Set(rules.flatMap(({ expr }) => metricsIn(expr)))
  const unread = recordings.map(({ record }) => record).filter((record) => !read.has(record))
  expect(unread.filter((record) => !record.includes('distribution_'))).toEqual([])
})

it('alerts on recorded series only of the names and windows that they are recorded with', () => {
  for (const { record, expr } of recordings.filter(({ record }) => record.endsWith('5m'))) {
    const windows = expr.match(/\[\w+\]/g) ?? []
    expect(new Set(windows), record).toEqual(new Set(windows.length > 0 ? ['[5m]'] : []))
  }
})

it('keeps its series apart by namespace, service and app_kubernetes_io_name in every alert', () => {
  for (const { alert, expr } of alerts) {
    // What Istio tells, and what is compared of one pod, has fewer labels, and only chooses among those that have them.
    const groupings = expr.match(/(?<=\bby \()[^)]+/g) ?? []
    const three = 'namespace, service, app_kubernetes_io_name'
    const others = ['destination_service_namespace, destination_service_name', 'namespace, pod', 'peer']
    const strange = groupings.filter((labels) => !labels.startsWith(three) && !others.includes(labels))
    expect(strange, alert).toEqual([])
  }
})
