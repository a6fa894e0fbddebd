import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seriesOf } from '../../../scripts/cluster/stopwatch/series.ts'
import { anyInput, interval, phase, pod } from './intervals.ts'

const nothing = { pods: [], phases: [] }
const total = (values: readonly number[] = []): number => values.reduce((sum, value) => sum + value, 0)

describe('seriesOf', () => {
  it('has no seconds without intervals, but the pods', () => {
    expect(seriesOf({ intervals: [], pods: [pod('a')], phases: [phase('one', 0), phase('two', 1)] })).toEqual({
      seconds: [],
      calls: { a: [] },
      failed: [],
      marks: [],
    })
  })

  it('adds up the intervals of a second, of all clients', () => {
    const first = [0, 250, 500, 750, 1000].map((at) => interval(at, at + 250, { a: 10, b: 1 }))
    const second = [interval(100, 900, { a: 5 })]
    expect(seriesOf({ ...nothing, intervals: [...second, ...first] })).toEqual({
      seconds: [0, 1],
      calls: { a: [45, 10], b: [4, 1] },
      failed: [0, 0],
      marks: [],
    })
  })

  it('counts seconds from when the first interval began, whichever came first', () => {
    const intervals = [interval(11_400, 11_900, { a: 1 }), interval(10_400, 10_900, { a: 2 })]
    expect(seriesOf({ ...nothing, intervals }).calls).toEqual({ a: [2, 1] })
  })

  it.each([
    ['between the seconds it lies in, in whole calls', 0, 750, 1250, 9, [5, 4]],
    ['over all seconds of a long one', 0, 500, 3500, 60, [10, 20, 20, 10]],
    ['by the length of the parts', 0, 900, 1900, 100, [10, 90]],
    ['to where they belong when they are few', 0, 0, 3000, 1, [0, 1, 0]],
    ['into the second of one without a length', 0, 1200, 1200, 7, [0, 7]],
    ['into the last second of one without a length at the very end', 0, 2000, 2000, 7, [0, 7]],
    ['into the last second of one that ends before it began, beyond the end', 0, 2500, 1400, 7, [0, 7]],
    ['into the second of one that ends before it began', 0, 1500, 1400, 7, [0, 7]],
  ])('lays the calls of an interval %s', (_, starts, from, to, calls, seconds) => {
    const intervals = [interval(starts, starts, {}), interval(from, to, { a: calls }, { failed: calls })]
    const series = seriesOf({ ...nothing, intervals })
    expect(series.calls).toEqual({ a: seconds })
    expect(series.failed).toEqual(seconds)
  })

  it('leaves seconds empty in which no client told anything', () => {
    const intervals = [interval(0, 1000, { a: 3 }), interval(3000, 4000, { a: 4 })]
    expect(seriesOf({ ...nothing, intervals }).calls).toEqual({ a: [3, 0, 0, 4] })
  })

  it('shows silent pods, pods never ready and peers nobody knew, in alphabetical order', () => {
    const pods = [pod('silent'), pod('never', { readyAt: null })]
    const { calls } = seriesOf({ pods, phases: [], intervals: [interval(0, 1000, { other: 3 })] })
    expect(Object.entries(calls)).toEqual([
      ['never', [0]],
      ['other', [3]],
      ['silent', [0]],
    ])
  })

  it('marks phases from the second on and what became of pods, where it happened', () => {
    const input = {
      intervals: [interval(10_000, 20_000, {})],
      phases: [phase('steady', 10_500), phase('scaling', 12_000), phase('after', 20_000), phase('late', 20_001)],
      pods: [
        pod('old', { readyAt: 9999, leavingAt: 13_000 }),
        pod('new', { readyAt: 12_345, leavingAt: 20_001 }),
        pod('never', { readyAt: null }),
        pod('first', { readyAt: 10_000 }),
      ],
    }
    expect(seriesOf(input).marks).toEqual([
      { second: 0, text: 'first ready' },
      { second: 2, text: 'scaling' },
      { second: 2.345, text: 'new ready' },
      { second: 3, text: 'old leaving' },
      { second: 10, text: 'after' },
    ])
  })

  it('loses and invents no call, of whatever intervals, clients and clocks', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const { seconds, calls, failed } = seriesOf(input)
        const { intervals } = input
        const unanswered = intervals.map(({ requests, counts }) => requests - total(Object.values(counts)))
        for (const [peer, row] of Object.entries(calls)) {
          expect(total(row)).toBe(total(intervals.map(({ counts }) => counts[peer] ?? 0)))
          expect(row).toHaveLength(seconds.length)
        }
        expect(total(Object.values(calls).flat()) + total(unanswered)).toBe(total(intervals.map((one) => one.requests)))
        expect(total(failed)).toBe(total(intervals.map((one) => one.failed)))
        expect([...Object.values(calls).flat(), ...failed].every((n) => Number.isInteger(n) && n >= 0)).toBe(true)
        expect(seconds).toEqual(failed.map((_, second) => second))
      }),
      { seed: 20_261_121, numRuns: 500 },
    )
  })
})
