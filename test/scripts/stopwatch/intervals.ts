import fc from 'fast-check'
import type { Phase, PodLife, RebalanceInput } from '../../../scripts/cluster/stopwatch/rebalance-types.ts'
import type { Interval } from '../../../services/echo/src/progress.ts'

/** An interval of calls that peers answered with OK, the first answer as it began and the last as it ended. */
export function interval(
  from: number,
  to: number,
  counts: Record<string, number>,
  more: Partial<Interval> = {},
): Interval {
  const requests = Object.values(counts).reduce((sum, calls) => sum + calls, 0)
  const peers = Object.keys(counts)
  return {
    type: 'interval',
    from,
    to,
    requests,
    failed: 0,
    counts,
    errors: {},
    first: Object.fromEntries(peers.map((peer) => [peer, from])),
    last: Object.fromEntries(peers.map((peer) => [peer, to])),
    moved: {},
    ...more,
  }
}

/** Intervals of one length that follow each other, each with what `countsAt` says of the time when it begins. */
export function stream(
  from: number,
  to: number,
  length: number,
  countsAt: (begins: number) => Record<string, number>,
): Interval[] {
  const amount = Math.ceil((to - from) / length)
  return Array.from({ length: amount }, (_, i) => from + i * length).map((begins) =>
    interval(begins, begins + length, countsAt(begins)),
  )
}

/** A pod that was ready from the beginning of time, if nothing else is said. */
export const pod = (name: string, life: Partial<PodLife> = {}): PodLife => ({
  name,
  readyAt: 0,
  leavingAt: null,
  goneAt: null,
  ...life,
})

export const phase = (name: string, startsAt: number): Phase => ({ name, startsAt })

const begin = 1_700_000_000_000
const names = ['a', 'b', 'c', 'd']
const statuses = ['UNAVAILABLE', 'DEADLINE_EXCEEDED']

/** What one to three clients saw, lengths from 0 to 3 s, with gaps and with clocks that may be set back. */
const anyStream: fc.Arbitrary<Interval[]> = fc
  .tuple(
    fc.integer({ min: 0, max: 5000 }),
    fc.array(
      fc.record({
        length: fc.oneof(fc.integer({ min: 200, max: 300 }), fc.integer({ min: 0, max: 3000 }), fc.constant(-100)),
        gap: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 4000 })),
        counts: fc.dictionary(fc.constantFrom(...names), fc.integer({ min: 0, max: 60 }), { noNullPrototype: true }),
        errors: fc.dictionary(fc.constantFrom(...statuses), fc.integer({ min: 1, max: 9 }), { noNullPrototype: true }),
        answeredFailures: fc.nat({ max: 20 }),
      }),
      { maxLength: 30 },
    ),
  )
  .map(([late, parts]) => {
    let at = begin + late
    return parts.map(({ length, gap, counts, errors, answeredFailures }) => {
      const from = at + gap
      at = from + length
      const answered = Object.values(counts).reduce((sum, calls) => sum + calls, 0)
      const failed = Object.values(errors).reduce((sum, calls) => sum + calls, 0)
      const requests = answered + failed - Math.min(answered, failed, answeredFailures)
      return interval(from, at, counts, { requests, failed, errors })
    })
  })

const anyTime = fc.integer({ min: begin - 2000, max: begin + 40_000 })
const anyTimeOrNone = fc.option(anyTime, { nil: null })

export const anyInput: fc.Arbitrary<RebalanceInput> = fc.record({
  intervals: fc.array(anyStream, { maxLength: 3 }).map((streams) => streams.flat()),
  pods: fc.uniqueArray(
    fc.record({
      name: fc.constantFrom(...names, 'silent'),
      readyAt: anyTimeOrNone,
      leavingAt: anyTimeOrNone,
      goneAt: anyTimeOrNone,
    }),
    { selector: ({ name }) => name },
  ),
  phases: fc
    .uniqueArray(anyTime, { maxLength: 4 })
    .map((times) => times.sort((a, b) => a - b).map((startsAt, i) => ({ name: `phase ${i}`, startsAt }))),
})
