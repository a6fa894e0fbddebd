import { status } from '@grpc/grpc-js'
import { Registry } from '@prometheus-io/client'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Answer, CountedRequest } from '../../services/echo/src/callers.ts'
import type { Connection } from '../../services/echo/src/connection.ts'
import { callMetrics } from '../../services/echo/src/metrics/call-metrics.ts'
import { PeerMetrics } from '../../services/echo/src/metrics/peer-metrics.ts'
import type { Interval } from '../../services/echo/src/progress.ts'
import { judgeCounts } from '../../services/echo/src/report.ts'
import { Run } from '../../services/echo/src/run.ts'
import { maxPeers, otherPeers, Tally } from '../../services/echo/src/tally.ts'
import { clientConfig } from '../support/echo-config.ts'

const ok: Answer = { code: status.OK, details: '', peer: 'pod-1', place: '10.0.0.7 on node-1' }
const refused: Answer = { code: status.UNAVAILABLE, details: 'refused', peer: undefined, place: '' }

describe('a run', () => {
  it('counts the latency of an open loop from when a call was due, so that a stall shows', async () => {
    const stallMs = 300
    const { report } = await run(['--rps', '100', '--requests', '30', '--quiet'], ({ counter }) => {
      if (counter === 1) block(stallMs)
      return ok
    })
    // Call n was due 10 (n - 1) ms after the first one, which held up all of them: the middle one waited for half of it.
    expect(report.latencyMilliseconds.max).toBeGreaterThanOrEqual(stallMs)
    expect(report.latencyMilliseconds.p50).toBeGreaterThanOrEqual(stallMs / 2 - 20)
  })

  it('waits in a closed loop for a server after a call that failed, instead of failing as fast as it can', async () => {
    const waited: number[] = []
    const { report } = await run(['--requests', '4'], ({ counter }) => (counter === 2 ? refused : ok), waited)
    expect(waited).toEqual([2])
    expect(report).toMatchObject({ requests: 4, failed: 1, errors: { UNAVAILABLE: 1 }, counts: { 'pod-1': 3 } })
  })

  it('says a failure once, not for each call that fails alike, and how many there were', async () => {
    const failing = ({ counter }: CountedRequest) =>
      counter >= 2 && counter <= 4 ? { ...refused, details: `refused ${counter} times` } : ok
    expect((await run(['--requests', '5'], failing)).said).toEqual([
      expect.stringMatching(/^call 1 served by pod-1 \(10\.0\.0\.7 on node-1\) in \d+\.\d ms$/),
      'call 2 failed: UNAVAILABLE: refused 2 times',
      'call 5 is answered again, after 3 that failed',
      expect.stringMatching(/^call 5 served by pod-1/),
    ])
  })

  it('names who served without a place that it was not told', async () => {
    const { said } = await run(['--requests', '1'], () => ({ ...ok, place: '' }))
    expect(said).toEqual([expect.stringMatching(/^call 1 served by pod-1 in \d+\.\d ms$/)])
  })

  it('sends who calls, a counter from 1 and the message, and wishes only when there are any', async () => {
    const sent: CountedRequest[] = []
    const keep = (request: CountedRequest) => {
      sent.push(request)
      return ok
    }
    const slow = { delayMilliseconds: 5, payloadBytes: 0 }
    await run(['--requests', '2', '--message', 'Hi'], keep)
    await run(['--requests', '1', '--delay-milliseconds', '5', '--payload-bytes', '9'], keep)
    await run(['--requests', '1', '--delay-milliseconds', '5', '--slow-peer', 'pod-2'], keep)
    expect(sent).toEqual([
      { clientId: 'me', counter: 1, message: 'Hi' },
      { clientId: 'me', counter: 2, message: 'Hi' },
      { clientId: 'me', counter: 1, message: 'Hello', behaviour: { delayMilliseconds: 5, payloadBytes: 9 } },
      { clientId: 'me', counter: 1, message: 'Hello', behaviour: { ...slow, onlyPod: 'pod-2' } },
    ])
  })

  it('reports shares of the answered calls, and no latency of failed ones', async () => {
    const answers = [ok, ok, ok, { ...ok, peer: 'pod-2' }, { ...ok, peer: 'pod-2', code: status.NOT_FOUND }, refused]
    const { report } = await run(['--requests', '6'], ({ counter }) => answers[counter - 1] as Answer)
    expect(report).toMatchObject({
      requests: 6,
      failed: 2,
      counts: { 'pod-1': 3, 'pod-2': 2 },
      shares: { 'pod-1': 0.6, 'pod-2': 0.4 },
      errors: { NOT_FOUND: 1, UNAVAILABLE: 1 },
    })
    const { latencyMilliseconds } = (await run(['--requests', '1'], () => refused)).report
    expect(latencyMilliseconds).toEqual({ p50: 0, p90: 0, p99: 0, max: 0 })
  })
})

describe('the intervals that a run prints', () => {
  const lines: Interval[] = []
  beforeEach(() => {
    lines.length = 0
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      lines.push(JSON.parse(String(text)))
      return String(text).endsWith('}\n')
    })
  })
  afterEach(() => {
    vi.restoreAllMocks()
    vi.useRealTimers()
  })

  it('are as long as is asked for, and there are none without -o jsonl', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const later = () => {
      vi.advanceTimersByTime(2500)
      return ok
    }
    await run(['-o', 'jsonl', '--progress-seconds', '2.5', '--requests', '3'], later)
    expect(lines.map(({ requests }) => requests)).toEqual([0, 1, 1, 1])
    lines.length = 0
    await run(['-o', 'json', '--requests', '3'], later)
    expect(lines).toEqual([])
  })

  it('count under the same names as its report, however many peers answer', async () => {
    const many = ['-o', 'jsonl', '--requests', String(maxPeers + 9), '--quiet']
    const { report } = await run(many, ({ counter }) => ({ ...ok, peer: `pod-${counter}` }))
    expect(report.counts[otherPeers]).toBe(9)
    expect(lines.map(({ counts }) => counts)).toEqual([report.counts])
    expect(Object.keys(lines[0]?.first ?? {}).sort()).toEqual(Object.keys(report.counts).sort())
  })
})

async function run(args: string[], answer: (request: CountedRequest) => Answer, waited: number[] = []) {
  const config = await clientConfig('pods:8080', ...args)
  const registry = new Registry()
  const said: string[] = []
  let last = 0
  const caller = {
    async call(request: CountedRequest) {
      last = request.counter
      return answer(request)
    },
    close() {},
  }
  const connection = {
    async untilReachable() {
      waited.push(last)
      return true
    },
  } as unknown as Connection
  const report = await new Run({
    config,
    clientId: 'me',
    policy: 'pick_first',
    judge: (counts) => judgeCounts(counts, { judgeAs: 'random' }),
    tally: new Tally(),
    observe: callMetrics(registry, 'client'),
    peerMetrics: new PeerMetrics(registry, config.target),
    say: (line) => void said.push(line),
    caller,
    connection,
  }).run(new AbortController().signal)
  return { report, said }
}

function block(milliseconds: number): void {
  const until = performance.now() + milliseconds
  while (performance.now() < until);
}
