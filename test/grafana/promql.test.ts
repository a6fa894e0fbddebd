import { describe, expect, it } from 'vitest'
import { allTargets, chartDashboards } from './dashboard-files.ts'
import { filledIn, selectedMetrics, syntaxErrors } from './promql.ts'

describe('the PromQL of the dashboards', () => {
  it.each(allTargets.map(({ where, target }) => [where, target.expr] as const))('parses in %s', (_, expr) => {
    expect(syntaxErrors(filledIn(expr))).toEqual([])
  })

  it.each(chartDashboards.map(({ title, annotations }) => [title, annotations.list] as const))(
    'parses in the annotations of %s',
    (_, annotations) => {
      expect(annotations).toHaveLength(1)
      for (const { expr } of annotations) expect(syntaxErrors(filledIn(expr))).toEqual([])
    },
  )

  it('leaves nothing of Grafana in what Prometheus is asked', () => {
    for (const { target, where } of allTargets) {
      // Groups of a regular expression are Prometheus' own.
      expect(filledIn(target.expr).replaceAll(/"\$\d"/g, ''), where).not.toContain('$')
    }
  })
})

describe('the parser', () => {
  it.each(['sum by (pod (up)', 'rate(up[5m)', 'up{pod=}', 'rate(up[$__rate_interval])', 'sum(up', '', 'up up'])(
    'finds an error in %j',
    (expr) => {
      expect(syntaxErrors(expr)).not.toEqual([])
    },
  )

  it('tells which metrics are selected, over what and by which function', () => {
    const expr = 'sum(rate(a_total{pod="b"}[5m])) / on (pod) group_left () (c:d > 0) or increase(e_total[1h])'
    expect(selectedMetrics(expr)).toEqual([
      { metric: 'a_total', range: '5m', calledBy: 'rate', matchers: '{pod="b"}' },
      { metric: 'c:d', range: undefined, calledBy: undefined, matchers: '' },
      { metric: 'e_total', range: '1h', calledBy: 'increase', matchers: '' },
    ])
  })
})
