import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { isAsExpected, type Row, type ScenarioResult } from '../../scripts/cluster/result.ts'
import { readScenarios } from '../../scripts/cluster/scenarios.ts'
import { type Ended, endCommands, evenly, namespacesLeft } from './support/evenly-command.ts'
import { onIstio } from './support/on-istio.ts'

/** Longer than it may take, so that what it shows is seen. */
const limitSeconds = 900

onIstio('matrix', () => {
  let folder: string
  let ended: Ended
  let rows: Row[]
  let ran: ScenarioResult[]
  const file = (name: string) => join(folder, name)
  const rowOf = (name: string) => ran.find(({ scenario }) => scenario === name)

  beforeAll(
    async () => {
      folder = await mkdtemp(join(tmpdir(), 'evenly-matrix-'))
      const writes = ['matrix.html', 'matrix.xml', 'matrix.md'].flatMap((name) => ['--write', file(name)])
      ended = await evenly(['matrix', '-o', 'json', ...writes], { limitSeconds })
      rows = JSON.parse(ended.stdout || '[]')
      ran = rows.filter((row): row is ScenarioResult => row.verdict !== null)
    },
    (limitSeconds + 60) * 1000,
  )
  afterAll(async () => {
    await endCommands()
    await rm(folder, { recursive: true, force: true })
  })

  it('exits 0, every row that ran as expected', () => {
    const off = ran
      .filter((row) => !isAsExpected(row))
      .map(({ scenario, reason, checks }) => ({ scenario, reason, checks }))
    expect(off, ended.stderr).toEqual([])
    expect(ended.code, ended.stderr).toBe(0)
  })

  it('has a row for each scenario, and says of each that did not run why not', () => {
    expect(rows.map(({ scenario }) => scenario)).toEqual(readScenarios().map(({ name }) => name))
    const others = rows.filter(({ verdict }) => verdict === null)
    for (const { reason } of others) expect(reason).toMatch(/^The cluster has no [A-Z].+\.$/)
    expect(others.map(({ scenario }) => scenario)).not.toContain('istio-mesh')
    expect(ran.length).toBeGreaterThan(10)
  })

  it.each(['cluster-ip', 'headless-pick-first', 'istio-off'])('shows %s pinned: one of three pods has all', (name) => {
    const { counts = {}, verdict, requests } = rowOf(name) ?? {}
    expect(verdict).toBe('pinned')
    expect(Object.values(counts).sort((a, b) => a - b)).toEqual([0, 0, requests])
  })

  it.each(['istio-canary', 'gateway-api-mesh'])(
    'shifts %s step for step with one client, to the new version alone',
    (name) => {
      const row = rowOf(name)
      expect(row?.steps.map(({ verdict }) => verdict)).toEqual([
        'matches-weights',
        'matches-weights',
        'matches-weights',
      ])
      const last = row?.steps.at(-1)
      expect(last?.counts).toEqual({ stable: 0, canary: last?.requests })
      expect(row?.checks).toContainEqual(
        expect.objectContaining({ what: expect.stringMatching(/no client/), met: true }),
      )
      expect(row?.failed).toBe(0)
    },
  )

  it('fails half of the calls under istio-fault, and none anywhere else', () => {
    const fault = rowOf('istio-fault')
    expect(fault?.errors).toEqual({ UNAVAILABLE: fault?.failed })
    expect(fault?.checks.map(({ what }) => what)).toContain('50 % of the calls fail')
    expect(ran.filter(({ failed }) => failed > 0).map(({ scenario }) => scenario)).toEqual(['istio-fault'])
  })

  it.each([
    ['headless-round-robin', 'never'],
    ['headless-max-age', 'found'],
    ['istio-mesh', 'found'],
  ])('scales %s under load: new pods are %s', (name, found) => {
    const { rebalance, checks = [] } = rowOf(name) ?? {}
    expect(rebalance?.failed).toBe(0)
    const waits = rebalance?.joined.map(({ firstCallSeconds }) => firstCallSeconds) ?? []
    expect(waits).toHaveLength(2)
    expect(waits.filter((seconds) => seconds === null)).toHaveLength(found === 'never' ? 2 : 0)
    expect(checks.length).toBeGreaterThanOrEqual(2)
  })

  it('finds in every row that the servers counted what the clients did, and Envoy too where there is one', () => {
    for (const { scenario, truth } of ran) expect(truth, scenario).toMatchObject({ agrees: true })
    expect(ran.filter(({ truth }) => truth.server === null).map(({ scenario }) => scenario)).toEqual([])
    const beside = ran.filter(({ truth }) => truth.proxy !== null).map(({ scenario }) => scenario)
    expect(beside).toEqual(expect.arrayContaining(['envoy-sidecar', 'istio-client-only', 'istio-mesh', 'istio-fault']))
    expect(beside).not.toContain('cluster-ip')
  })

  it('leaves no namespace of all it made', async () => {
    expect(ended.stderr.match(/making namespace/g)).toHaveLength(ran.length)
    expect(await namespacesLeft(ended)).toEqual([])
  })

  it('writes a page, a table and a JUnit report that tell of every row', async () => {
    const [html = '', xml = '', markdown = ''] = await Promise.all(
      ['matrix.html', 'matrix.xml', 'matrix.md'].map((name) => readFile(file(name), 'utf8')),
    )
    expect(html).toMatch(/^<!doctype html>.*<\/html>\s*$/is)
    expect(html).not.toMatch(/<(script|link|img)[^>]+(src|href)="(?!data:)/i)
    expect(xml).toMatch(/^<\?xml .*<testsuites? .*<\/testsuites>\s*$/s)
    expect(xml.match(/<testcase /g)).toHaveLength(rows.length)
    expect(xml).not.toContain('<failure')
    for (const { scenario } of rows) {
      expect(html).toContain(scenario)
      expect(xml).toContain(scenario)
      expect(markdown).toMatch(new RegExp(`^\\|[^|]*${scenario}`, 'm'))
    }
  })
})
