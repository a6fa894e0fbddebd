import { describe, expect, it } from 'vitest'
import { whereThereIs } from '../support/where-there-is.ts'
import { promtool, promtoolTimeoutMs, whyNoPromtool } from './promtool.ts'
import { alertNames, alerts, recordings, ruleFile } from './rule-file.ts'
import { unitTestFiles, unitTests } from './unit-tests.ts'

whereThereIs('promtool', whyNoPromtool, () => {
  it('finds nothing wrong with the rules', async () => {
    expect(await promtool('check', 'rules', '--lint=all', '--lint-fatal', ruleFile)).toBe('')
  })

  it.each(unitTestFiles)(
    'finds that all holds that %s says of them',
    async (file) => {
      expect(await promtool('test', 'rules', file)).toBe('')
    },
    promtoolTimeoutMs,
  )
})

describe('the tests of the rules', () => {
  const expected = unitTests.flatMap(({ name, alert_rule_test = [] }) =>
    alert_rule_test.map(({ alertname, exp_alerts }) => ({ name, alertname, fired: exp_alerts })),
  )
  const testsOf = (alert: string) => unitTests.filter((test) => test.alert_rule_test?.some(isOf(alert)))
  const isOf = (alert: string) => (check: { alertname: string }) => check.alertname === alert

  it('are about these alerts, and each file about the one it is named by', () => {
    expect(new Set(expected.map(({ alertname }) => alertname))).toEqual(new Set(alertNames))
    const names = unitTestFiles.map((file) => file.replace(/.*[/](.*)[.]yaml$/, '$1'))
    expect(names).toEqual([...alertNames, 'recording'].sort((a, b) => (a < b ? -1 : 1)))
  })

  it.each(alertNames)('see %s fire', (alert) => {
    const fired = expected.filter(isOf(alert)).flatMap((check) => check.fired)
    for (const rule of alerts.filter((each) => each.alert === alert)) {
      expect(fired.map(({ exp_labels }) => exp_labels)).toContainEqual(expect.objectContaining(rule.labels))
    }
  })

  it.each(alertNames)('have one in which %s never fires', (alert) => {
    const silent = testsOf(alert).filter(({ alert_rule_test = [] }) =>
      alert_rule_test.every(({ exp_alerts }) => exp_alerts.length === 0),
    )
    expect(silent.map(({ name }) => name)).toContainEqual(expect.stringMatching(/^does not /))
  })

  it.each(recordings.map(({ record }) => record))('see a number of %s', (record) => {
    const checks = unitTests.flatMap(({ promql_expr_test = [] }) => promql_expr_test)
    const numbers = checks.filter(({ expr, exp_samples }) => expr.includes(record) && exp_samples.length > 0)
    expect(numbers).not.toEqual([])
  })
})
