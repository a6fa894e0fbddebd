import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rebalanceOf } from '../../../scripts/cluster/stopwatch/rebalance.ts'
import type { PodLife, Rebalance } from '../../../scripts/cluster/stopwatch/rebalance-types.ts'
import type { Interval } from '../../../services/echo/src/progress.ts'
import { anyInput, interval, phase, pod, stream } from './intervals.ts'

const steadyThenScaled = [phase('steady', 0), phase('scaling 2 to 3', 5000)]
const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)

function joinedOf(pods: PodLife[], intervals: Interval[] = []): Rebalance['joined'] {
  return rebalanceOf({ intervals, pods, phases: steadyThenScaled }).joined
}

describe('rebalanceOf', () => {
  it('has nothing to tell of nothing', () => {
    expect(rebalanceOf({ intervals: [], pods: [], phases: [] })).toEqual({
      requests: 0,
      failed: 0,
      joined: [],
      left: [],
      errors: [],
      series: { seconds: [], calls: {}, failed: [], marks: [] },
    })
  })

  it('keeps pods and phases in it when no client told anything', () => {
    const pods = [pod('new', { readyAt: 6000 }), pod('old', { leavingAt: 6000 })]
    expect(rebalanceOf({ intervals: [], pods, phases: steadyThenScaled })).toMatchObject({
      joined: [{ pod: 'new', firstCallSeconds: null, fairShareSeconds: null }],
      left: [{ pod: 'old', lastCallSeconds: null }],
      errors: [
        { phase: 'steady', requests: 0, errors: {} },
        { phase: 'scaling 2 to 3', requests: 0, errors: {} },
      ],
    })
  })

  describe('joined', () => {
    it('are the pods that became ready when the steady state had ended, in their order', () => {
      const pods = [
        pod('z', { readyAt: 5000 }),
        pod('y', { readyAt: 4999 }),
        pod('x', { readyAt: null }),
        pod('a', { readyAt: 5001 }),
      ]
      expect(joinedOf(pods).map((joined) => joined.pod)).toEqual(['z', 'a'])
    })

    it('are those of all later phases, and none without a second phase', () => {
      const pods = [pod('a', { readyAt: 9000 })]
      const phases = [...steadyThenScaled, phase('after', 8000)]
      expect(rebalanceOf({ intervals: [], pods, phases }).joined).toHaveLength(1)
      expect(rebalanceOf({ intervals: [], pods, phases: phases.slice(0, 1) }).joined).toEqual([])
      expect(rebalanceOf({ intervals: [], pods, phases: [] }).joined).toEqual([])
    })

    it('waited for the first of their calls by its own time, whichever client made it', () => {
      const intervals = [
        interval(6500, 6750, { a: 5 }, { first: { a: 6600 }, last: { a: 6700 } }),
        interval(6300, 6550, { a: 1 }, { first: { a: 6543 }, last: { a: 6543 } }),
        interval(6000, 6250, { b: 9 }),
      ]
      expect(joinedOf([pod('a', { readyAt: 6000 })], intervals)).toMatchObject([{ firstCallSeconds: 0.543 }])
    })

    it('waited for 0 s when a call came before the news that they are ready', () => {
      const intervals = [interval(5000, 5250, { a: 1 })]
      expect(joinedOf([pod('a', { readyAt: 6000 })], intervals)).toMatchObject([{ firstCallSeconds: 0 }])
    })

    it('have no call of the pod that had their name before', () => {
      const pods = [pod('a', { leavingAt: 6000, goneAt: 7000 }), pod('a', { readyAt: 8000 })]
      const intervals = [interval(0, 6500, { a: 9 }), interval(8250, 9000, { a: 9 })]
      const { joined, left } = rebalanceOf({ intervals, pods, phases: steadyThenScaled })
      expect(joined).toMatchObject([{ pod: 'a', firstCallSeconds: 0.25 }])
      expect(left).toEqual([{ pod: 'a', lastCallSeconds: 0.5 }])
    })
  })

  describe('left', () => {
    const lastCallOf = (life: Partial<PodLife>, intervals: Interval[]) =>
      rebalanceOf({ intervals, pods: [pod('a', life)], phases: [] }).left

    it('are the pods whose deletion began', () => {
      expect(lastCallOf({ leavingAt: null, goneAt: 9000 }, [])).toEqual([])
      expect(lastCallOf({ leavingAt: 8000 }, [])).toEqual([{ pod: 'a', lastCallSeconds: null }])
    })

    it('answered until the last of their calls, after they were gone too', () => {
      const intervals = [interval(8500, 8750, { a: 1 }), interval(8250, 8500, { a: 7 }), interval(8000, 9000, { b: 1 })]
      expect(lastCallOf({ leavingAt: 8000 }, intervals)).toEqual([{ pod: 'a', lastCallSeconds: 0.75 }])
      expect(lastCallOf({ leavingAt: 8000, goneAt: 8100 }, intervals)).toEqual([{ pod: 'a', lastCallSeconds: 0.75 }])
    })

    it('answered nothing since when their last answer came before', () => {
      const intervals = [interval(7000, 8000, { a: 1 }, { last: { a: 7999 } })]
      expect(lastCallOf({ leavingAt: 8000 }, intervals)).toEqual([{ pod: 'a', lastCallSeconds: null }])
      expect(lastCallOf({ leavingAt: 7999 }, intervals)).toEqual([{ pod: 'a', lastCallSeconds: 0 }])
    })

    it('may never have been ready', () => {
      const intervals = [interval(7000, 8500, { a: 1 })]
      expect(lastCallOf({ readyAt: null, leavingAt: 8000 }, intervals)).toEqual([{ pod: 'a', lastCallSeconds: 0.5 }])
    })
  })

  describe('errors', () => {
    const failing = (from: number, to: number, errors: Record<string, number>) =>
      interval(from, to, { a: 10 }, { requests: 20, failed: total(Object.values(errors)), errors })

    it('are counted in the phase that their interval ends in', () => {
      const intervals = [
        failing(5100, 5350, { UNAVAILABLE: 3, ABORTED: 1 }),
        failing(4750, 5000, { INTERNAL: 2 }),
        failing(4900, 5001, { UNAVAILABLE: 4 }),
        failing(8000, 8000, {}),
      ]
      const phases = [...steadyThenScaled, phase('after', 7000), phase('never', 9000)]
      const { errors, requests, failed } = rebalanceOf({ intervals, pods: [], phases })
      expect(errors).toEqual([
        { phase: 'steady', requests: 20, errors: { INTERNAL: 2 } },
        { phase: 'scaling 2 to 3', requests: 40, errors: { ABORTED: 1, UNAVAILABLE: 7 } },
        { phase: 'after', requests: 20, errors: {} },
        { phase: 'never', requests: 0, errors: {} },
      ])
      expect(Object.keys(errors[1]?.errors ?? {})).toEqual(['ABORTED', 'UNAVAILABLE'])
      expect([requests, failed]).toEqual([80, 10])
    })

    it('are in the first phase when they came before it', () => {
      const phases = [phase('steady', 3000), phase('scaling', 5000)]
      expect(rebalanceOf({ intervals: [failing(0, 250, { INTERNAL: 2 })], pods: [], phases }).errors).toEqual([
        { phase: 'steady', requests: 20, errors: { INTERNAL: 2 } },
        { phase: 'scaling', requests: 0, errors: {} },
      ])
    })

    it('add up to all calls and failures over the phases', () => {
      fc.assert(
        fc.property(anyInput, (input) => {
          const { requests, failed, errors } = rebalanceOf(input)
          expect(requests).toBe(total(input.intervals.map((one) => one.requests)))
          expect(failed).toBe(total(input.intervals.map((one) => one.failed)))
          if (input.phases.length === 0) return
          expect(total(errors.map((phase) => phase.requests))).toBe(requests)
          expect(total(errors.flatMap((phase) => Object.values(phase.errors)))).toBe(failed)
        }),
        { seed: 20_261_121, numRuns: 300 },
      )
    })
  })

  it('is the same in whatever order intervals come, and waits are never negative', () => {
    fc.assert(
      fc.property(anyInput, fc.infiniteStream(fc.nat()), (input, order) => {
        const ranked = input.intervals.map((one) => ({ one, rank: order.next().value ?? 0 }))
        const intervals = ranked.sort((a, b) => a.rank - b.rank).map(({ one }) => one)
        const rebalance = rebalanceOf(input)
        expect(rebalanceOf({ ...input, intervals })).toEqual(rebalance)
        const waits = rebalance.joined.flatMap((one) => [one.firstCallSeconds, one.fairShareSeconds])
        const all = [...waits, ...rebalance.left.map((one) => one.lastCallSeconds)]
        expect(all.filter((seconds) => seconds !== null && !(seconds >= 0))).toEqual([])
      }),
      { seed: 20_261_121, numRuns: 300 },
    )
  })

  it('tells of a scale-up and a scale-down as they happened', () => {
    const pods = [pod('a'), pod('b', { leavingAt: 20_000, goneAt: 25_000 }), pod('c', { readyAt: 10_100 })]
    const counts = (at: number): Record<string, number> => {
      if (at < 12_000) return { a: 25, b: 25 }
      return at < 20_500 ? { a: 17, b: 17, c: 16 } : { a: 25, c: 25 }
    }
    const phases = [phase('steady', 0), phase('up', 10_000), phase('down', 20_000)]
    const rebalance = rebalanceOf({ intervals: stream(0, 30_000, 250, counts), pods, phases })
    expect(rebalance.joined).toEqual([{ pod: 'c', firstCallSeconds: 1.9, fairShareSeconds: 2.9 }])
    expect(rebalance.left).toEqual([{ pod: 'b', lastCallSeconds: 0.5 }])
    expect(rebalance.errors.map(({ requests }) => requests)).toEqual([2000, 2000, 2000])
    expect(rebalance.series.calls.c?.slice(11, 13)).toEqual([0, 64])
  })
})
