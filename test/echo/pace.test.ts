import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Pace, type Round, rounds } from '../../services/echo/src/pace.ts'

const fixed = { seed: 20_261_121 }
const pace = (part: Partial<Pace>): Pace => ({
  requests: undefined,
  concurrency: 1,
  intervalSeconds: 0,
  rps: undefined,
  ...part,
})
const never = new AbortController().signal

describe('a closed loop', () => {
  it('starts exactly the calls asked for, in full rounds but for the last', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 50 }),
        async (requests, together) => {
          const calls = (await all(pace({ requests, concurrency: together }))).map((round) => round.calls)
          expect(calls.slice(0, -1).every((count) => count === together)).toBe(true)
          expect(calls.at(-1)).toBe(requests % together || together)
          expect(calls.reduce((sum, count) => sum + count, 0)).toBe(requests)
        },
      ),
      fixed,
    )
  })

  it('is due at once, then after each pause', async () => {
    const before = performance.now()
    const [first, second, third] = await all(pace({ requests: 3, intervalSeconds: 0.05 }))
    expect(first?.dueAt).toBeGreaterThanOrEqual(before)
    // Node's timers may fire up to 1 ms early.
    expect(dueAfter(first, second)).toBeGreaterThanOrEqual(49)
    expect(dueAfter(second, third)).toBeGreaterThanOrEqual(49)
  })

  it('goes on for ever without a number of calls, until the signal aborts', async () => {
    const stop = new AbortController()
    let calls = 0
    for await (const round of rounds(pace({ concurrency: 10 }), stop.signal)) {
      calls += round.calls
      if (calls === 500) stop.abort()
    }
    expect(calls).toBe(500)
  })

  it('ends in the middle of a pause when the signal aborts', async () => {
    const stop = new AbortController()
    const loop = rounds(pace({ intervalSeconds: 3600 }), stop.signal)
    await loop.next()
    const paused = loop.next()
    stop.abort()
    expect(await paused).toEqual({ done: true, value: undefined })
  })

  it('starts nothing after an abort', async () => {
    expect(await all(pace({ requests: 3 }), AbortSignal.abort())).toEqual([])
  })
})

describe('an open loop', () => {
  it('is due at the rate, whatever the clock did meanwhile', async () => {
    const due = await all(pace({ requests: 20, rps: 400 }))
    for (const [index, round] of due.entries()) {
      expect(round.calls).toBe(1)
      expect(dueAfter(due[0], round)).toBeCloseTo(index * 2.5, 6)
    }
  })

  it('gives a late consumer the missed calls, due when they were due', async () => {
    const loop = rounds(pace({ rps: 1000 }), never)
    const first = (await loop.next()).value as Round
    const lateUntil = performance.now() + 60
    while (performance.now() < lateUntil);
    for (let missed = 1; missed <= 50; missed++) {
      const round = (await loop.next()).value as Round
      expect(dueAfter(first, round)).toBeCloseTo(missed, 6)
      expect(round.dueAt).toBeLessThan(lateUntil)
    }
    await loop.return(undefined)
  })

  it('ends between two calls when the signal aborts', async () => {
    const stop = new AbortController()
    const loop = rounds(pace({ rps: 0.001 }), stop.signal)
    await loop.next()
    const paused = loop.next()
    stop.abort()
    expect(await paused).toEqual({ done: true, value: undefined })
    expect(await all(pace({ rps: 5 }), AbortSignal.abort())).toEqual([])
  })
})

async function all(part: Pace, signal: AbortSignal = never): Promise<Round[]> {
  const found: Round[] = []
  for await (const round of rounds(part, signal)) found.push(round)
  return found
}

function dueAfter(earlier: Round | undefined, later: Round | undefined): number {
  return (later?.dueAt ?? Number.NaN) - (earlier?.dueAt ?? Number.NaN)
}
