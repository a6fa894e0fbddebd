import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { dashboardFiles } from '../../grafana/build/files.ts'
import { projectRoot } from '../chart/helm.ts'
import { boardNames, chartDashboards } from './dashboard-files.ts'

const files = dashboardFiles()

describe('the generated dashboards', () => {
  it.each(Object.entries(files))('%s is what is checked in', (path, text) => {
    expect(readFileSync(join(projectRoot, path), 'utf8')).toBe(text)
  })

  it('are the same bytes in another process', () => {
    const print =
      'const { dashboardFiles } = await import("./grafana/build/files.ts"); console.log(JSON.stringify(dashboardFiles()))'
    const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', print], { cwd: projectRoot })
    expect(JSON.parse(printed.toString())).toEqual(files)
  })

  it('are those that the chart can ship', () => {
    const values = parse(readFileSync(join(projectRoot, 'charts/echo/values.yaml'), 'utf8'))
    expect(Object.keys(values.metrics.dashboards.bundled).sort()).toEqual([...boardNames].sort())
    expect(chartDashboards.map(({ uid }) => uid)).toEqual(boardNames.map((name) => `evenly-${name}`))
    expect(chartDashboards.map(({ title }) => title)).toEqual([
      'Evenly / Distribution',
      'Evenly / Clients',
      'Evenly / Mesh',
    ])
  })
})

describe('the alerts and the dashboards', () => {
  const rules = readFileSync(join(projectRoot, 'charts/echo/files/prometheus-rules/grpc-lb.yaml'), 'utf8')
  const { groups }: { groups: { rules: { alert?: string; annotations?: Record<string, string> }[] }[] } = parse(rules)
  const alerts = groups.flatMap(({ rules }) => rules.filter(({ alert }) => alert !== undefined))

  it('of the dashboards name alerts that are there, and link to their pages', () => {
    const text = JSON.stringify(chartDashboards)
    const named = [...new Set([...text.matchAll(/GrpcLb\w+/g)].map(([name]) => name))]
    expect(named.length).toBeGreaterThan(5)
    expect(alerts.map(({ alert }) => alert)).toEqual(expect.arrayContaining(named))
    for (const name of named) expect(existsSync(join(projectRoot, `docs/runbooks/${name}.md`)), name).toBe(true)
    const links = [...text.matchAll(/\]\((https:[^)]*)\)/g)].map(([, link]) => link)
    const runbooks = alerts.map(({ annotations }) => annotations?.runbook_url)
    expect(runbooks).toEqual(expect.arrayContaining([...new Set(links)]))
  })

  it('of the alerts name dashboards that are there', () => {
    const uids = chartDashboards.map(({ uid }) => uid)
    for (const { alert, annotations } of alerts) expect(uids, alert).toContain(annotations?.dashboard)
  })
})

describe.each(chartDashboards.map((dashboard) => [dashboard.title, dashboard] as const))('%s', (_, dashboard) => {
  it('has ids that are unique, and a uid that Grafana takes', () => {
    const ids = dashboard.panels.map(({ id }) => id)
    expect(ids).toEqual([...new Set(ids)])
    expect(ids.every((id) => Number.isInteger(id) && id > 0)).toBe(true)
    expect(dashboard.uid).toMatch(/^[a-zA-Z0-9_-]{1,40}$/)
  })

  it('has titles that are unique, so that a panel can be named', () => {
    const titles = dashboard.panels.map(({ title }) => title)
    expect(titles).toEqual([...new Set(titles)])
  })

  it('has panels within the 24 columns, of which none covers another', () => {
    const taken = new Map<string, string>()
    for (const { title, gridPos } of dashboard.panels) {
      const { x, y, w, h } = gridPos
      expect([x >= 0, x + w <= 24, y >= 0, w > 0, h > 0], title).toEqual([true, true, true, true, true])
      for (let column = x; column < x + w; column++) {
        for (let row = y; row < y + h; row++) {
          expect(taken.get(`${column},${row}`), `${title} covers it`).toBeUndefined()
          taken.set(`${column},${row}`, title)
        }
      }
    }
  })

  it('is far smaller than a ConfigMap may be', () => {
    expect(JSON.stringify(dashboard).length).toBeLessThan(100_000)
  })

  it('links to the other two, and to nothing that is not there', () => {
    const others = chartDashboards.filter(({ uid }) => uid !== dashboard.uid).map(({ uid }) => `/d/${uid}`)
    expect(dashboard.links.map(({ url }) => url.replace(/\?.*/, ''))).toEqual(others)
    const names = dashboard.templating.list.map(({ name }) => name)
    for (const { url } of dashboard.links) {
      const kept = [...url.matchAll(/\$\{(\w+):queryparam\}/g)].map(([, name]) => name)
      expect(names).toEqual(expect.arrayContaining(kept))
    }
  })

  it('can be imported anywhere: no inputs, no data source of its own', () => {
    expect(dashboard).not.toHaveProperty('__inputs')
    const uids = [...JSON.stringify(dashboard).matchAll(/"datasource":\{"type":"prometheus","uid":"([^"]*)"/g)]
    expect(uids.length).toBeGreaterThan(dashboard.panels.length)
    expect(new Set(uids.map(([, uid]) => uid))).toEqual(new Set([`\${datasource}`]))
    expect(dashboard).toMatchObject({ timezone: 'browser', refresh: '10s' })
  })
})
