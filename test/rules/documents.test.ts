import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { projectRoot } from '../chart/helm.ts'
import { fencesIn } from '../docs/console-blocks.ts'
import { knownMetrics } from './metric-names.ts'
import { metricsIn } from './promql.ts'
import { alertNames, alerts, recordings } from './rule-file.ts'

const runbooks = readdirSync(join(projectRoot, 'docs/runbooks'))
const read = (path: string) => readFileSync(join(projectRoot, path), 'utf8')
const readme = read('rules/README.md')

it('has a runbook for every alert, and none of another name', () => {
  expect(runbooks.toSorted()).toEqual(alertNames.map((alert) => `${alert}.md`).sort())
})

it.each(runbooks)('tells in %s what it means, how to confirm, why and when to be silent', (file) => {
  const headings = read(`docs/runbooks/${file}`).match(/^#.*$/gm)
  const wanted = ['## Confirm', '## Causes, likeliest first', '## Silence']
  expect(headings).toEqual([`# ${file.replace('.md', '')}`, ...wanted])
  expect(read(`docs/runbooks/${file}`)).toContain('**What users see**')
})

it.each(runbooks)('asks Prometheus in %s only for metrics that there are', (file) => {
  const blocks = fencesIn(read(`docs/runbooks/${file}`)).filter(({ kind }) => kind === 'promql')
  // An indented line goes on with what stands above it, and so does one that closes a bracket.
  const expressions = blocks.flatMap(({ lines }) => lines.join('\n').split(/\n(?![ )])/))
  expect(expressions).not.toEqual([])
  expect(expressions.flatMap(metricsIn).filter((metric) => !knownMetrics.has(metric))).toEqual([])
})

it('names alerts in runbooks only as they are called', () => {
  const named = runbooks.flatMap((file) => read(`docs/runbooks/${file}`).match(/\bGrpcLb\w+/g) ?? [])
  expect(named.filter((name) => !alertNames.includes(name))).toEqual([])
})

it('says of every alert in plain words what it is about, and where to read on', () => {
  const dashboards = ['evenly-distribution', 'evenly-clients', 'evenly-mesh']
  for (const { alert, annotations, labels } of alerts) {
    const page = `https://github.com/evenly-grpc/evenly/blob/main/docs/runbooks/${alert}.md`
    expect(Object.keys(annotations).sort()).toEqual(['dashboard', 'description', 'runbook_url', 'summary'])
    expect(annotations.runbook_url).toBe(page)
    expect(dashboards).toContain(annotations.dashboard)
    expect(annotations.description, alert).toMatch(/[{]{2} [$]value/)
    expect(annotations.summary.length, alert).toBeLessThan(100)
    expect(['critical', 'warning', 'info']).toContain(labels.severity)
  }
})

it('lists in the README every alert as the file has it', () => {
  const rows = [...readme.matchAll(/^[|] \[(\w+)\]\(\.\.[/]docs[/]runbooks[/]\1[.]md\) [|] (\w+) [|] (.+) [|]$/gm)]
  const told = rows.map(([, alert, severity, wait]) => [alert, severity, wait])
  expect(told).toEqual(alerts.map((rule) => [rule.alert, rule.labels.severity, rule.for ?? 'at once']))
})

it('lists in the README every series that is recorded', () => {
  const rows = [...readme.matchAll(/^[|] `(grpc_lb:\S+)` [|]/gm)].map(([, record]) => record)
  expect(rows.sort()).toEqual(recordings.map(({ record }) => record).sort())
})
