import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Counts, maxPeers, type Outcome, otherPeers, Tally } from '../../services/echo/src/tally.ts'

const fixed = { seed: 20_261_121 }
const nothing: Counts = { requests: 0, failed: 0, counts: {}, errors: {} }

const served = (tally: Tally, peer: string | undefined, status = 'OK') => tally.start()(peer, status)
const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, number) => total + number, 0)

describe('a window of the next calls', () => {
  it('counts per peer in alphabetical order, and errors by status, answered or not', () => {
    const tally = new Tally()
    const window = tally.open(5)
    served(tally, 'pod-b')
    served(tally, 'pod-a')
    served(tally, 'pod-b', 'NOT_FOUND')
    served(tally, undefined, 'UNAVAILABLE')
    expect(window.counts()).toEqual({
      requests: 4,
      failed: 2,
      counts: { 'pod-a': 1, 'pod-b': 2 },
      errors: { NOT_FOUND: 1, UNAVAILABLE: 1 },
    })
    expect(Object.keys(window.counts().counts)).toEqual(['pod-a', 'pod-b'])
  })

  it('does not count what was started before it was opened', () => {
    const tally = new Tally()
    const early = tally.start()
    const window = tally.open(1)
    early('pod-a', 'OK')
    expect(window.counts()).toEqual(nothing)
    served(tally, 'pod-b')
    expect(window.counts().counts).toEqual({ 'pod-b': 1 })
  })

  it('holds exactly the first calls to start, in whatever order calls start and end', async () => {
    const steps = fc.array(fc.record({ start: fc.boolean(), which: fc.nat(99) }), { maxLength: 200 })
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40 }), steps, async (size, script) => {
        const tally = new Tally()
        const window = tally.open(size)
        const running: { index: number; end: Outcome }[] = []
        const expected: Record<string, number> = {}
        let begun = 0
        const endOne = (which: number) => {
          const [call] = running.splice(which % running.length, 1)
          if (call === undefined) return
          call.end(`pod-${call.index % 3}`, 'OK')
          if (call.index < size) expected[`pod-${call.index % 3}`] = (expected[`pod-${call.index % 3}`] ?? 0) + 1
        }
        for (const { start, which } of script) {
          if (start) running.push({ index: begun++, end: tally.start() })
          else if (running.length > 0) endOne(which)
          expect(window.counts().counts).toEqual(expected)
        }
        while (running.length > 0) endOne(0)
        if (begun >= size) expect(sum(Object.values((await window.complete).counts))).toBe(size)
        expect(window.counts()).toMatchObject({ requests: Math.min(begun, size), counts: expected })
      }),
      fixed,
    )
  })

  it('keeps windows apart from one another', () => {
    const tally = new Tally()
    const [small, whole] = [tally.open(2), tally.open(Number.POSITIVE_INFINITY)]
    for (let call = 0; call < 5; call++) served(tally, 'pod-a')
    whole.close()
    served(tally, 'pod-a')
    expect([small.counts().requests, whole.counts().requests]).toEqual([2, 5])
  })

  it('resolves once the last of its calls has ended, not when it has started', async () => {
    const tally = new Tally()
    let done = false
    const next = tally.nextWindow(2, new AbortController().signal).then((counts) => {
      done = true
      return counts
    })
    const [first, second] = [tally.start(), tally.start()]
    second('pod-b', 'OK')
    await Promise.resolve()
    expect(done).toBe(false)
    first('pod-a', 'OK')
    expect((await next).counts).toEqual({ 'pod-a': 1, 'pod-b': 1 })
  })

  it('is given up when the signal aborts, before or while it fills', async () => {
    const tally = new Tally()
    const reason = new Error('enough')
    await expect(tally.nextWindow(1, AbortSignal.abort(reason))).rejects.toBe(reason)
    const stop = new AbortController()
    const next = tally.nextWindow(2, stop.signal)
    served(tally, 'pod-a')
    stop.abort(reason)
    await expect(next).rejects.toBe(reason)
  })
})

describe('the last minutes', () => {
  it('hold the calls that ended in them, the running second included, up to 15 minutes', () => {
    const call = fc.record({ afterMs: fc.nat(90_000), peer: fc.constantFrom('pod-a', 'pod-b', undefined) })
    fc.assert(
      fc.property(fc.array(call, { maxLength: 60 }), fc.integer({ min: 1, max: 900 }), (calls, seconds) => {
        let now = 1_000_000_000_000
        const tally = new Tally(() => now)
        const ends: { second: number; peer: string | undefined }[] = []
        for (const { afterMs, peer } of calls) {
          now += afterMs
          served(tally, peer)
          ends.push({ second: Math.floor(now / 1000), peer })
        }
        const inside = ends.filter(({ second }) => second > Math.floor(now / 1000) - seconds)
        const { requests, counts } = tally.last(seconds)
        expect(requests).toBe(inside.length)
        expect(counts['pod-a'] ?? 0).toBe(inside.filter(({ peer }) => peer === 'pod-a').length)
      }),
      fixed,
    )
  })

  it('are empty once nothing has ended for so long', () => {
    let now = 0
    const tally = new Tally(() => now)
    served(tally, 'pod-a')
    now = 60_000
    expect([tally.last(60), tally.last(61).requests]).toEqual([nothing, 1])
  })
})

describe('more peers than can be told apart', () => {
  it(`are counted under ${otherPeers} from number ${maxPeers + 1} on, so that memory stays bounded`, () => {
    const tally = new Tally()
    const window = tally.open(Number.POSITIVE_INFINITY)
    for (let peer = 0; peer < 10 * maxPeers; peer++) served(tally, `pod-${peer}`)
    served(tally, 'pod-0')
    const { counts, requests } = window.counts()
    expect(Object.keys(counts)).toHaveLength(maxPeers + 1)
    expect(counts).toMatchObject({ 'pod-0': 2, [`pod-${maxPeers - 1}`]: 1, [otherPeers]: 9 * maxPeers })
    expect(sum(Object.values(counts))).toBe(requests)
  })

  it('are forgotten 15 minutes after their last call, which makes room for those of the next rollout', () => {
    let now = 0
    const tally = new Tally(() => now)
    for (let peer = 0; peer < maxPeers; peer++) served(tally, `old-${peer}`)
    now = 901_000
    served(tally, 'old-0')
    served(tally, 'new-0')
    expect(tally.last(900).counts).toEqual({ 'new-0': 1, 'old-0': 1 })
  })
})
