import { describe, expect, it } from 'vitest'
import { resultOfChanges } from '../../../scripts/cluster/change-result.ts'
import type { Changed } from '../../../scripts/cluster/change-run.ts'
import { Cluster } from '../../../scripts/cluster/cluster.ts'
import type { Scenario } from '../../../scripts/cluster/scenario.ts'
import type { Setup } from '../../../scripts/cluster/setup.ts'
import { interrupted, unavailable } from '../../../scripts/lib/exit.ts'
import { interval } from '../stopwatch/intervals.ts'

const servers = [
  { name: 'a', release: 'echo', node: 'node-a' },
  { name: 'b', release: 'echo', node: 'node-b' },
  { name: 'new', release: 'echo', node: 'node-b' },
]
const zone = (letter: string) => ({
  metadata: { name: `node-${letter}`, labels: { 'topology.kubernetes.io/zone': `zone-${letter}` } },
})
const nodes = JSON.stringify({ items: [zone('a'), zone('b')] })

/** A setup that tells of servers and nodes, and nothing else. */
function setupOf(scenario: Partial<Scenario>, kubectl = async () => nodes, pods = servers): Setup {
  const all = { name: 'x', expected: 'even', judgeAs: 'random', newPods: 'found', steps: [], ...scenario }
  const cluster = Object.assign(new Cluster(), { kubectl })
  return { scenario: all, settings: { cluster }, servers: () => pods } as unknown as Setup
}

const overAt = 1000
const before = interval(0, overAt, { a: 500, b: 500, old: 500 })
const since = (counts: Record<string, number>, moved = {}) => interval(overAt, 2000, counts, { moved })

function changedOf(...intervals: readonly ReturnType<typeof interval>[]): Changed {
  const joined = [{ pod: 'new', firstCallSeconds: null, fairShareSeconds: null }]
  const rebalance = { requests: 4000, failed: 3, joined, left: [], errors: [], series: {} }
  const latencyMilliseconds = { p50: 1, p90: 2, p99: 3, max: 4 }
  const report = {
    requests: 4000,
    failed: 3,
    errors: { UNAVAILABLE: 3 },
    counts: { a: 1, old: 1 },
    latencyMilliseconds,
  }
  return { rebalance, reports: [report], intervals, client: servers[1], overAt } as unknown as Changed
}

const of = (scenario: Partial<Scenario>, ...intervals: readonly ReturnType<typeof interval>[]) =>
  resultOfChanges(setupOf(scenario), changedOf(before, ...intervals), [], 12.3)

const even = since({ a: 100, b: 101, new: 99 })
const late = since({ a: 150, b: 150 })

describe('resultOfChanges', () => {
  it('counts the calls of all the pods there are, since the last change was over', async () => {
    const { counts, pods, verdict, truth } = await of({}, even, since({ a: 1, new: 1 }))
    expect(counts).toEqual({ a: 101, b: 101, new: 100 })
    expect(pods).toEqual({
      a: { release: 'echo', zone: 'zone-a' },
      b: { release: 'echo', zone: 'zone-b' },
      new: { release: 'echo', zone: 'zone-b' },
    })
    expect(verdict).toBe('even')
    expect(truth).toMatchObject({ client: counts, server: null, proxy: null, agrees: true })
  })

  it('tells the calls and failures of the whole time, and what it is given', async () => {
    const check = { what: 'no call fails', found: '3 of 4000 calls failed.', met: false }
    const result = await resultOfChanges(setupOf({}), changedOf(before, even), [check], 12.3)
    expect(result).toMatchObject({
      ...{ scenario: 'x', requests: 4000, failed: 3, errors: { UNAVAILABLE: 3 }, clients: 1, tookSeconds: 12.3 },
      ...{ checks: [check], steps: [], rebalance: { requests: 4000 }, latencyMilliseconds: { p50: 1 } },
    })
  })

  it('leaves out what began before the change was over', async () => {
    const { counts } = await of({}, interval(overAt - 1, 1500, { a: 7 }), even)
    expect(counts).toEqual(even.counts)
  })

  it('has one who never finds new pods be skewed, and one who is pinned stay so', async () => {
    expect(await of({ newPods: 'never' }, late)).toMatchObject({ expected: 'skewed', verdict: 'skewed' })
    const pinned = { expected: 'pinned', newPods: 'never' } as const
    expect(await of(pinned, since({ a: 300 }))).toMatchObject({ expected: 'pinned', verdict: 'pinned' })
    expect(await of({}, late)).toMatchObject({ expected: 'even', verdict: 'skewed' })
  })

  it('has one who never finds new pods be pinned to the last that stayed, and as ever where all stayed or none did', async () => {
    const [a, b, joined] = servers
    const expectedWith = async (...pods: (typeof servers)[number][]) => {
      const setup = setupOf({ newPods: 'never' }, async () => nodes, pods)
      return (await resultOfChanges(setup, changedOf(before, late), [], 12.3)).expected
    }
    if (!a || !b || !joined) throw new Error('there are three')
    expect(await expectedWith(a, joined)).toBe('pinned')
    expect(await expectedWith(a, b)).toBe('even')
    expect(await expectedWith(joined)).toBe('even')
  })

  it('judges a round robin as random, for windows cut a turn', async () => {
    expect(await of({ judgeAs: 'round_robin' }, since({ a: 103, b: 100, new: 97 }))).toMatchObject({ verdict: 'even' })
  })

  it('expects even calls where a slow pod is only slow in a run without changes', async () => {
    const scenario = { expected: 'load-aware', judgeAs: 'slow-pod' } as const
    expect(await of(scenario, even)).toMatchObject({ expected: 'even', verdict: 'even' })
  })

  it('judges keys by whether one changed its pod since', async () => {
    const sticky = { expected: 'sticky', judgeAs: 'keys' } as const
    expect(await of(sticky, even)).toMatchObject({
      verdict: 'sticky',
      reason: '0 keys changed their pod once the change was over.',
    })
    expect(await of(sticky, even, since({ a: 1 }, { k: 'a', l: 'b' }))).toMatchObject({
      verdict: 'scattered',
      reason: '2 keys changed their pod once the change was over.',
      pValue: null,
    })
    const moving = interval(0, 999, { a: 1 }, { moved: { k: 'a' } })
    expect(await of(sticky, moving, even)).toMatchObject({ verdict: 'sticky' })
  })

  it("judges zones by the client's own", async () => {
    const first = { expected: 'zone-first', judgeAs: 'zone' } as const
    expect(await of(first, since({ b: 150, new: 150 }))).toMatchObject({ verdict: 'zone-first' })
    expect(await of(first, even)).toMatchObject({ verdict: 'zone-blind' })
  })

  it("judges weights by those that stood, each release's shared by its pods", async () => {
    const scenario = { expected: 'matches-weights', judgeAs: 'weighted', steps: [{ echo: 80, canary: 20 }] } as const
    const pods = [...servers.slice(0, 2), { name: 'new', release: 'canary', node: 'node-b' }]
    const judged = async (counts: Record<string, number>) =>
      resultOfChanges(setupOf(scenario, undefined, pods), changedOf(before, since(counts)), [], 1)
    expect(await judged({ a: 400, b: 402, new: 198 })).toMatchObject({ verdict: 'matches-weights' })
    expect(await judged({ a: 330, b: 330, new: 340 })).toMatchObject({ verdict: 'skewed' })
    expect(await judged({ a: 700, b: 102, new: 198 })).toMatchObject({ verdict: 'skewed' })
  })

  it('knows no zones where nodes are not for everybody to read', async () => {
    const kubectl = () => Promise.reject(unavailable('me may not list nodes: ask'))
    const { pods, verdict } = await resultOfChanges(setupOf({}, kubectl), changedOf(before, even), [], 1)
    expect([verdict, pods.a]).toEqual(['even', { release: 'echo', zone: '' }])
  })

  it('is no result when all was ended meanwhile', async () => {
    const stop = new AbortController()
    const ended = interrupted('ended by SIGINT')
    const kubectl = () => {
      stop.abort(ended)
      return Promise.reject(ended)
    }
    const setup = setupOf({}, kubectl)
    Object.assign(setup.settings.cluster, { signal: stop.signal })
    await expect(resultOfChanges(setup, changedOf(before, even), [], 1)).rejects.toBe(ended)
  })
})
