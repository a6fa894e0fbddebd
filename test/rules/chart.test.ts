import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { parse } from 'yaml'
import { type ToolName, tool } from '../../scripts/lib/tools.ts'
import { chart, type Manifest, ofKind, render, runTool, toolsTimeoutMs } from '../chart/helm.ts'
import { alertNames, groups } from './rule-file.ts'

const helms = ['helm', 'helm3'] as const
const on = 'metrics.prometheusRule.enabled=true'

beforeAll(async () => {
  for (const name of helms) await tool(name)
}, toolsTimeoutMs)

it.each(helms)('is what the chart ships, word for word, by %s', async (helm) => {
  expect(await groupsIn([on], helm)).toEqual(groups)
})

it('has a value for every alert, and they are all on', () => {
  const { alerts } = parse(readFileSync(join(chart, 'values.yaml'), 'utf8')).metrics.prometheusRule
  expect(alerts).toEqual(Object.fromEntries(alertNames.map((alert) => [alert, true])))
})

it.each(alertNames)('loses %s alone when that is off', async (alert) => {
  const without = groups.map(({ rules, ...group }) => ({
    ...group,
    rules: rules.filter((rule) => !('alert' in rule) || rule.alert !== alert),
  }))
  expect(await groupsIn([on, `metrics.prometheusRule.alerts.${alert}=false`])).toEqual(
    without.filter(({ rules }) => rules.length > 0),
  )
})

it('refuses an alert that is not there', async () => {
  const args = ['template', 'a', chart, '--set', `${on},metrics.prometheusRule.alerts.GrpcLbSkewd=false`]
  const { code, stderr } = await runTool('helm', args)
  expect(code).toBe(1)
  expect(stderr).toContain('GrpcLbSkewd')
})

it('is nothing to a release without it', async () => {
  const manifests = await render('a')
  expect(manifests.filter(({ kind }) => kind === 'PrometheusRule')).toEqual([])
})

async function groupsIn(sets: readonly string[], helm?: ToolName): Promise<Manifest[]> {
  const manifests = await render('a', ['--set', sets.join(',')], helm)
  return ofKind(manifests, 'PrometheusRule').spec.groups
}
