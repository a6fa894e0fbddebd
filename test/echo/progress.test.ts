import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Interval, Progress } from '../../services/echo/src/progress.ts'
import type { Report } from '../../services/echo/src/report.ts'
import { type Counts, maxPeers, otherPeers, Tally } from '../../services/echo/src/tally.ts'
import { type Ended, endCommands, runEcho } from '../support/echo-command.ts'
import { type EchoPod, startPod } from '../support/echo-pod.ts'

const fixed = { seed: 20_261_121 }
const start = 1_700_000_000_000

describe('the intervals of a run', () => {
  let intervals: Interval[]
  let progress: Progress
  beforeEach(() => {
    vi.useFakeTimers({ now: start })
    intervals = []
    progress = new Progress((interval) => void intervals.push(interval))
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('follow each other without a gap, the ones without a call as well, and the last ends when the run does', () => {
    progress.start(start, 0.5)
    progress.ended('pod-1', 'OK', undefined)
    vi.advanceTimersByTime(1250)
    progress.ended('pod-1', 'OK', undefined)
    progress.end()
    expect(intervals.map(({ from, to, requests }) => [from - start, to - start, requests])).toEqual([
      [0, 500, 1],
      [500, 1000, 0],
      [1000, 1250, 1],
    ])
    expect(intervals[1]).toEqual({
      type: 'interval',
      from: start + 500,
      to: start + 1000,
      ...{ requests: 0, failed: 0, counts: {}, errors: {}, first: {}, last: {}, moved: {} },
    })
    vi.advanceTimersByTime(5000)
    expect(intervals).toHaveLength(3)
  })

  it('say when each peer answered first and last in them, whatever the status', () => {
    progress.start(start, 1)
    const endings = [
      [100, 'pod-1', 'OK'],
      [100, 'pod-2', 'NOT_FOUND'],
      [100, undefined, 'UNAVAILABLE'],
      [100, 'pod-1', 'ABORTED'],
      [1000, 'pod-1', 'OK'],
    ] as const
    for (const [later, peer, code] of endings) {
      vi.advanceTimersByTime(later)
      progress.ended(peer, code, undefined)
    }
    progress.end()
    const seen = intervals.map(({ first, last }) => [first, last])
    expect(seen).toEqual([
      [
        { 'pod-1': start + 100, 'pod-2': start + 200 },
        { 'pod-1': start + 400, 'pod-2': start + 200 },
      ],
      [{ 'pod-1': start + 1400 }, { 'pod-1': start + 1400 }],
    ])
    expect(intervals[0]).toMatchObject({ failed: 3, errors: { NOT_FOUND: 1, UNAVAILABLE: 1, ABORTED: 1 } })
  })

  it('tell which keys moved in them, and to whom at last', () => {
    progress.start(start, 1)
    progress.ended('pod-1', 'OK', 'key-1')
    progress.ended('pod-2', 'OK', 'key-1')
    progress.ended('pod-2', 'OK', undefined)
    vi.advanceTimersByTime(1000)
    progress.end()
    expect(intervals.map(({ moved }) => moved)).toEqual([{ 'key-1': 'pod-2' }, {}])
  })

  it('may be longer than a timer of Node', () => {
    progress.start(start, 1e9)
    vi.advanceTimersByTime(60_000)
    expect(intervals).toEqual([])
  })

  it('add up to the counts of the run, however calls end and however many peers there are', () => {
    const peer = fc.option(fc.integer({ min: 1, max: maxPeers + 50 }), { nil: undefined })
    const calls = fc.array(fc.record({ peer, code: fc.constantFrom('OK', 'ABORTED'), later: fc.nat(400) }))
    fc.assert(
      fc.property(calls, (script) => {
        intervals = []
        const tally = new Tally()
        const window = tally.open(Number.POSITIVE_INFINITY)
        progress.start(Date.now(), 1)
        for (const { peer: number, code, later } of script) {
          vi.advanceTimersByTime(later)
          progress.ended(tally.start()(number === undefined ? undefined : `pod-${number}`, code), code, undefined)
        }
        progress.end()
        expect(sum(intervals)).toEqual(plain(window.counts()))
      }),
      fixed,
    )
  })

  it('know a peer by the name that it is tallied under', () => {
    const tally = new Tally()
    progress.start(start, 1)
    for (let pod = 1; pod <= maxPeers + 5; pod++) progress.ended(tally.start()(`pod-${pod}`, 'OK'), 'OK', undefined)
    progress.end()
    expect(intervals[0]?.counts[otherPeers]).toBe(5)
    expect(Object.keys(intervals[0]?.last ?? {})).toHaveLength(maxPeers + 1)
  })
})

describe('echo -h TARGET -o jsonl', () => {
  let pods: EchoPod[]
  let roundRobin: string[]
  beforeAll(async () => {
    pods = await Promise.all(['pod-1', 'pod-2'].map((name) => startPod(name)))
    const target = `ipv4:${pods.map(({ address }) => address).join(',')}`
    const fast = ['--progress-seconds', '0.05', '--admin-listen', '127.0.0.1:0']
    roundRobin = ['-h', target, '--lb-policy', 'round_robin', '-o', 'jsonl', ...fast]
  })
  afterAll(() => Promise.all(pods.map((pod) => pod.stop())))
  afterEach(endCommands)

  it('prints what happened while it runs, and the report as the last line, which all of it adds up to', async () => {
    const client = runEcho([...roundRobin, '--rps', '200', '--quiet'])
    await client.printed(/(?:"requests":[1-9].*\n[\s\S]*?){3}/)
    client.kill('SIGTERM')
    const { intervals, report, ended } = await read(client.ended)
    expect(ended.code).toBe(0)
    expect(intervals.length).toBeGreaterThanOrEqual(3)
    expect(sum(intervals)).toEqual(plain(report))
    expect(Object.keys(report.counts)).toEqual(['pod-1', 'pod-2'])
    expect(intervals[0]?.from).toBe(Date.parse(report.startedAt))
    for (const [index, { from, to, counts, first, last }] of intervals.entries()) {
      expect(from).toBe(index === 0 ? from : intervals[index - 1]?.to)
      for (const peer of Object.keys(counts)) {
        const times = [from, first[peer] as number, last[peer] as number, to]
        expect(times).toEqual([...times].sort((a, b) => a - b))
      }
      expect([Object.keys(first).sort(), Object.keys(last).sort()]).toEqual([Object.keys(counts), Object.keys(counts)])
    }
  })

  it('prints what people read on standard error, calls only without --quiet', async () => {
    const { ended } = await read(runEcho([...roundRobin, '--requests', '3']).ended)
    expect(ended.stderr).toMatch(/ calls ipv4:\S+ with round_robin, admin on /)
    expect(ended.stderr.match(/^call \d served by pod-/gm)).toHaveLength(3)
    expect(ended.stderr).toMatch(/^verdict: /m)
    expect((await runEcho([...roundRobin, '--requests', '3', '--quiet']).ended).stderr).not.toContain('served by')
  })

  it('prints calls that end after the last one started, and those that fail, in its intervals too', async () => {
    const late = ['--rps', '100', '--requests', '20', '--delay-milliseconds', '300', '--timeout-seconds', '10']
    const slow = await read(runEcho([...roundRobin, ...late, '--quiet']).ended)
    expect(sum(slow.intervals)).toEqual({ requests: 20, failed: 0, counts: { 'pod-1': 10, 'pod-2': 10 }, errors: {} })
    const refused = ['--requests', '20', '--payload-bytes', '2000000', '--quiet']
    const { intervals, report } = await read(runEcho([...roundRobin, ...refused]).ended)
    expect(sum(intervals)).toMatchObject({ failed: 20, errors: { INVALID_ARGUMENT: 20 } })
    expect(sum(intervals)).toEqual(plain(report))
  })

  it('tells with keys which of them moved: none where each has its peer, all where they alternate', async () => {
    const keys = (count: string) => ['--key-header', 'x-user', '--keys', count, '--requests', '20', '--quiet']
    const still = await read(runEcho([...roundRobin, ...keys('2')]).ended)
    expect(still.intervals.map(({ moved }) => moved).filter((moved) => Object.keys(moved).length > 0)).toEqual([])
    const { intervals } = await read(runEcho([...roundRobin, ...keys('1')]).ended)
    expect(Object.keys(Object.assign({}, ...intervals.map(({ moved }) => moved)))).toEqual(['key-0'])
  })
})

/** What a client printed on standard output: intervals, and the report behind them. */
async function read(running: Promise<Ended>) {
  const ended = await running
  const lines = ended.stdout.trimEnd().split('\n')
  const told = lines.map((line): Interval | ({ type: 'report' } & Report) => JSON.parse(line))
  const report = told.pop()
  if (report?.type !== 'report') throw new Error(`no report is the last line of:\n${ended.stdout}`)
  expect(told.map(({ type }) => type)).toEqual(told.map(() => 'interval'))
  return { intervals: told as Interval[], report, ended }
}

const plain = ({ requests, failed, counts, errors }: Counts): Counts => ({ requests, failed, counts, errors })

function sum(intervals: readonly Interval[]): Counts {
  const total = { requests: 0, failed: 0, counts: {} as Record<string, number>, errors: {} as Record<string, number> }
  for (const interval of intervals) {
    total.requests += interval.requests
    total.failed += interval.failed
    for (const key of ['counts', 'errors'] as const) {
      for (const [name, calls] of Object.entries(interval[key])) total[key][name] = (total[key][name] ?? 0) + calls
    }
  }
  return total
}
