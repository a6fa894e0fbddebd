import { describe, expect, it } from 'vitest'
import { type ClassicDashboard, type ClassicPanel, chartDashboards, exclusions, panelsOf } from './dashboard-files.ts'
import { lintRules } from './lint-rules.ts'

describe.each(chartDashboards.map((dashboard) => [dashboard.title, dashboard] as const))('%s', (_, dashboard) => {
  it.each(Object.keys(lintRules))('%s', (rule) => {
    const problems = lintRules[rule]?.(dashboard) ?? []
    // An exclusion that nothing needs any longer has to go.
    if (rule in exclusions) expect(problems).not.toEqual([])
    else expect(problems).toEqual([])
  })
})

describe('the linter', () => {
  it('has all 17 rules, and passes over none without a reason', () => {
    expect(Object.keys(lintRules)).toHaveLength(17)
    expect(Object.keys(lintRules)).toEqual(expect.arrayContaining(Object.keys(exclusions)))
    for (const { reason } of Object.values(exclusions)) expect(reason).toMatch(/^\w.{30,}\.$/)
  })

  const [good] = chartDashboards as readonly [ClassicDashboard, ...ClassicDashboard[]]
  const [panel] = panelsOf(good) as readonly [ClassicPanel, ...ClassicPanel[]]
  const withPanel = (change: object) => ({ ...good, panels: [{ ...panel, ...change }] })
  const withExpr = (expr: string) => withPanel({ targets: panel.targets?.map((target) => ({ ...target, expr })) })
  const withVariables = (change: object) => ({
    ...good,
    templating: { list: good.templating.list.map((variable) => ({ ...variable, ...change })) },
  })

  it.each<[rule: string, broken: ClassicDashboard]>([
    ['template-datasource-rule', withVariables({ name: 'ds' })],
    ['template-label-promql-rule', withVariables({ type: 'query', query: 'label_values(up{, pod)' })],
    ['template-label-promql-rule', withVariables({ type: 'query', query: 'up' })],
    ['template-on-time-change-reload-rule', withVariables({ type: 'query', refresh: 1 })],
    ['panel-datasource-rule', withPanel({ datasource: { type: 'prometheus', uid: 'P1234' } })],
    ['panel-title-description-rule', withPanel({ description: '' })],
    ['panel-units-rule', withPanel({ fieldConfig: { defaults: { unit: 'calls' }, overrides: [] } })],
    ['panel-no-targets-rule', withPanel({ targets: [] })],
    ['target-promql-rule', withExpr('sum by (pod (up)')],
    ['target-rate-interval-rule', withExpr('rate(a_total[5m])')],
    ['target-counter-agg-rule', withExpr('sum(a_total{pod="b"})')],
    ['target-counter-agg-rule', withExpr('sum_over_time(a_total[$__rate_interval])')],
    ['target-logql-rule', withPanel({ targets: [{ ...panel.targets?.[0], datasource: { type: 'loki' } }] })],
    ['uneditable-dashboard-rule', { ...good, editable: true }],
  ])('%s would say what is wrong', (rule, broken) => {
    expect(lintRules[rule]?.(good)).toEqual([])
    expect(lintRules[rule]?.(broken)).not.toEqual([])
  })
})
