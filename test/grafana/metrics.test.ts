import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { parse } from 'yaml'
import { projectRoot } from '../chart/helm.ts'
import { endCommands, runEcho } from '../support/echo-command.ts'
import { allTargets, chartDashboards } from './dashboard-files.ts'
import { foreignMetrics } from './foreign-metrics.ts'
import { filledIn, selectedMetrics } from './promql.ts'

let known: ReadonlySet<string>

beforeAll(async () => {
  const anyPort = ['--admin-listen', '127.0.0.1:0']
  const server = runEcho(['-s', '--listen', '127.0.0.1:0', ...anyPort])
  const [, address = '', serverAdmin = ''] = await server.printed(/serves gRPC on (\S+), admin on (\S+)/)
  const client = runEcho(['-h', address, '--lb-policy', 'round_robin', '--rps', '20', '--quiet', ...anyPort])
  const [, clientAdmin = ''] = await client.printed(/admin on (\S+)/)
  const exported = await Promise.all([serverAdmin, clientAdmin].map(exportedNames))
  known = new Set([...exported.flat(), ...recordedNames(), ...Object.keys(foreignMetrics)])
})
afterAll(endCommands)

describe('every metric of the dashboards is one that somebody exports', () => {
  it.each(allTargets.map(({ where, target }) => [where, target.expr] as const))('in %s', (_, expr) => {
    const names = selectedMetrics(filledIn(expr)).map(({ metric }) => metric)
    expect(names).not.toEqual([])
    expect(names.filter((name) => !known.has(name))).toEqual([])
  })

  it.each(
    chartDashboards.flatMap(({ title, templating, annotations }) => [
      ...templating.list.filter(({ type }) => type === 'query').map(({ name, query }) => [title, name, query] as const),
      ...annotations.list.map(({ name, expr }) => [title, name, expr] as const),
    ]),
  )('in %s, %s', (_title, _name, query) => {
    const [, series = query] = /^label_values\((.+), \w+\)$/.exec(query) ?? []
    const names = selectedMetrics(filledIn(series)).map(({ metric }) => metric)
    expect(names).toHaveLength(1)
    expect(names.filter((name) => !known.has(name))).toEqual([])
  })
})

it('no metric of others is listed that no dashboard asks for', () => {
  const asked = [...allTargets.map(({ target }) => target.expr), ...chartDashboards.map((one) => JSON.stringify(one))]
  expect(Object.keys(foreignMetrics).filter((name) => !asked.some((text) => text.includes(name)))).toEqual([])
})

it('a name that nobody exports would be found', () => {
  expect(known.has('grpc_server_started_total')).toBe(true)
  expect(known.has('grpc_server_started')).toBe(false)
  expect(known.has('grpc_lb_client_peers_total')).toBe(false)
})

/** Names of the samples at an admin address, once calls have been counted there. */
async function exportedNames(admin: string): Promise<string[]> {
  return vi.waitFor(
    async () => {
      const text = await (await fetch(`${admin}/metrics`)).text()
      expect(text).toMatch(/^grpc_(server|client)_handled_total\{.*grpc_code="OK".*\} [1-9]/m)
      return [...text.matchAll(/^(\w+)[{ ]/gm)].map(([, name = '']) => name)
    },
    { timeout: 30_000, interval: 100 },
  )
}

function recordedNames(): string[] {
  const text = readFileSync(join(projectRoot, 'charts/echo/files/prometheus-rules/grpc-lb.yaml'), 'utf8')
  const { groups }: { groups: { rules: { record?: string }[] }[] } = parse(text)
  return groups.flatMap(({ rules }) => rules.flatMap(({ record }) => record ?? []))
}
