import { describe, expect, it } from 'vitest'
import type { Scenario } from '../../../scripts/cluster/scenario.ts'
import { type Load, measureSpread } from '../../../scripts/cluster/spread-run.ts'
import { podNamed, StandInSetup } from './stand-in-setup.ts'

const usual = {
  requests: undefined,
  concurrency: undefined,
  rps: undefined,
  clients: 1,
  slowPodMilliseconds: 0,
  args: [],
}
const latencyMilliseconds = { p50: 1, p90: 2, p99: 3, max: 4 }
const reported = (counts: Record<string, number>, more = {}) => {
  const requests = Object.values(counts).reduce((sum, calls) => sum + calls, 0)
  return { type: 'report', requests, failed: 0, errors: {}, counts, latencyMilliseconds, ...more }
}

/** What clients' reports come to over three pods, in two zones. */
async function measured(reports: readonly object[], scenario: Partial<Scenario> = {}, load: Partial<Load> = {}) {
  const pods = ['a', 'b', 'c'].map((name) => podNamed(name, { node: name === 'c' ? 'far' : 'near' }))
  const standIn = new StandInSetup(scenario, pods)
  standIn.nodes = [
    { metadata: { name: 'near', labels: { 'topology.kubernetes.io/zone': 'one' } } },
    { metadata: { name: 'far', labels: { 'topology.kubernetes.io/zone': 'two' } } },
  ]
  standIn.installClients.mockImplementation(async () => {
    standIn.pods.push(...reports.map((_, i) => podNamed(`client-${i}`, { component: 'client', node: 'near' })))
    return 'echo'
  })
  const result = measureSpread(standIn.setup, { ...usual, clients: reports.length, ...load })
  await standIn.following(reports.length)
  for (const [i, report] of reports.entries()) await standIn.end(`client-${i}`, report)
  return { standIn, result: await result }
}

describe('measureSpread', () => {
  it('adds up what the clients report, over all the pods there are', async () => {
    const errors = { failed: 2, errors: { UNAVAILABLE: 2 } }
    const { result } = await measured([reported({ b: 100 }, errors), reported({ b: 50, a: 50 }, errors)])
    expect(result).toMatchObject({
      ...{ requests: 200, failed: 4, errors: { UNAVAILABLE: 4 }, counts: { a: 50, b: 150, c: 0 } },
      ...{ latencyMilliseconds: null, verdict: 'skewed', checks: [], steps: [] },
    })
  })

  it("leaves one client's percentiles and addresses as they are", async () => {
    const addresses = { dialled: { x: 1 }, seen: {} }
    const { result } = await measured([reported({ a: 100, b: 101, c: 99 }, { addresses })])
    expect(result).toMatchObject({ verdict: 'even', latencyMilliseconds, addresses })
  })

  it('has them call as it is told, and one pod take its time', async () => {
    const load = { requests: 7, concurrency: 2, rps: 5, slowPodMilliseconds: 50, args: ['--payload-bytes=1'] }
    const { standIn } = await measured([reported({ a: 7 })], {}, load)
    const [client, args] = standIn.installClients.mock.calls[0] ?? []
    expect(client).toEqual({ requests: 7, concurrency: 2, rps: 5, peers: 3, replicaCount: 1 })
    expect(args?.slice(0, 5)).toEqual(['--delay-milliseconds', '50', '--slow-peer', 'a', '--payload-bytes=1'])
  })

  it('tells clients that each stay on one pod from a spread', async () => {
    const alone = ['a', 'b', 'c'].map((pod) => reported({ [pod]: 100 }))
    const { result } = await measured(alone)
    expect(result).toMatchObject({
      verdict: 'pinned',
      reason: 'Each of 3 clients stayed on one pod.',
      pValue: null,
      counts: { a: 100, b: 100, c: 100 },
    })
    // So few calls tell only because each client could have called two other pods.
    const few = await measured(['a', 'b', 'c'].map((pod) => reported({ [pod]: 9 })))
    expect(few.result.verdict).toBe('pinned')
    const one = { a: 34, b: 33, c: 33 }
    expect((await measured([...alone.slice(1), reported(one)])).result.reason).not.toMatch(/^Each of/)
  })

  it("judges zones by the client's own, and keys over all clients", async () => {
    const zone = await measured([reported({ a: 150, b: 150 })], { judgeAs: 'zone' })
    expect(zone.result).toMatchObject({ verdict: 'zone-first', places: { clientZone: 'one', zones: { c: 'two' } } })
    const keys = (pod: string) => ({ keys: { k: { [pod]: 30 }, l: { b: 30 }, m: { c: 30 }, n: { a: 30 } } })
    const counts = { a: 60, b: 30, c: 30 }
    const same = [reported(counts, keys('a')), reported(counts, keys('a'))]
    expect((await measured(same, { judgeAs: 'keys' })).result.verdict).toBe('sticky')
    const other = [reported(counts, keys('a')), reported(counts, keys('b'))]
    expect((await measured(other, { judgeAs: 'keys' })).result.verdict).toBe('scattered')
  })

  it('checks that as many calls fail as shall', async () => {
    const failing = { failed: 150, errors: { UNAVAILABLE: 150 } }
    const { result } = await measured([reported({ a: 100, b: 100, c: 100 }, failing)], { failingPercent: 50 })
    expect(result.checks).toMatchObject([{ what: '50 % of the calls fail', met: true }])
  })
})
