import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fairShareSeconds, windowEnds } from '../../../scripts/cluster/stopwatch/fair-share.ts'
import type { PodLife } from '../../../scripts/cluster/stopwatch/rebalance-types.ts'
import type { Interval } from '../../../services/echo/src/progress.ts'
import { interval, pod, stream } from './intervals.ts'

const joined = pod('new', { readyAt: 10_000 })
const secondsTo = (intervals: Interval[], pods: PodLife[], one: PodLife = joined): number | null =>
  fairShareSeconds(one, pods, windowEnds(intervals))

/** `old` and `new` share `perQuarter` calls of each quarter second; `new` gets its part from `since` on. */
const sharing = (perQuarter: number, part: number, since = 10_000): Interval[] =>
  stream(0, 20_000, 250, (at) => {
    const own = at < since ? 0 : Math.round(perQuarter * part)
    return { old: perQuarter - own, ...(own > 0 && { new: own }) }
  })

describe('fairShareSeconds', () => {
  it.each([
    // Windows of four intervals: the share of the new pod in the last 1, 2, 3 and 4 of them.
    ['all of it at once', 0.5, 10_000, 1],
    ['80 % of it', 0.4, 10_000, 1],
    ['more than its share', 0.8, 10_000, 0.5],
    ['all of it after 3 s', 0.5, 13_000, 4],
    ['not quite 80 % of it, for ever', 0.39, 10_000, null],
    ['nothing', 0, 10_000, null],
  ])('of a pod that gets %s', (_, part, since, seconds) => {
    expect(secondsTo(sharing(100, part, since), [pod('old'), joined])).toBe(seconds)
  })

  it('is 0 for a pod that had its share when it became ready, and not negative', () => {
    expect(secondsTo(sharing(100, 0.5, 5000), [pod('old'), joined])).toBe(0)
    expect(secondsTo(sharing(100, 0.5, 5000), [pod('old'), joined], { ...joined, readyAt: 10_100 })).toBe(0.15)
  })

  it.each([
    ['one pod more', [pod('idle')], 0.75],
    ['one that is not ready', [pod('idle', { readyAt: null })], 1],
    ['one that will be ready later', [pod('idle', { readyAt: 11_001 })], 1],
    ['one that is leaving', [pod('idle', { leavingAt: 10_000 })], 1],
    ['one whose deletion begins as the window ends', [pod('idle', { leavingAt: 10_750 })], 1],
    ['one that is gone without a deletion', [pod('idle', { goneAt: 10_500 })], 1],
    ['one that leaves later', [pod('idle', { leavingAt: 19_000 })], 0.75],
  ])('counts %s among the pods to share with as it should', (_, others, seconds) => {
    expect(secondsTo(sharing(100, 0.4), [pod('old'), joined, ...others])).toBe(seconds)
  })

  it('is a share of what all pods answered, leaving ones too', () => {
    const intervals = stream(0, 20_000, 250, (at) => ({ old: 30, leaving: at < 15_000 ? 30 : 0, new: 30 }))
    const pods = [pod('old'), pod('leaving', { leavingAt: 9000 }), joined]
    expect(secondsTo(intervals, pods)).toBe(5.5)
  })

  it('is no share of calls that nobody answered', () => {
    const intervals = stream(9000, 12_000, 250, () => ({ old: 10, new: 10 })).map((one) => ({ ...one, requests: 100 }))
    expect(secondsTo(intervals, [pod('old'), joined])).toBe(0)
  })

  it('looks at a longer window when a second has fewer than 10 calls for each pod', () => {
    // 4 calls a second, 2 for each pod: a window of 20 calls lasts 5 s, and in 4 s the new one gets 8 of 10.
    const intervals = stream(0, 20_000, 250, (at) => (at < 10_000 || at % 500 === 0 ? { old: 1 } : { new: 1 }))
    expect(secondsTo(intervals, [pod('old'), joined])).toBe(4)
    // 20 calls a second are just enough for windows of a second.
    const denser = stream(0, 20_000, 250, (at) => (at < 10_000 ? { old: 5 } : { old: 1, new: 4 }))
    expect(secondsTo(denser, [pod('old'), joined])).toBe(0.5)
  })

  it('is not known from fewer than 10 calls for each pod in all', () => {
    expect(secondsTo([interval(10_000, 11_000, { new: 19 })], [pod('old'), joined])).toBe(null)
    expect(secondsTo([interval(10_000, 11_000, { new: 20 })], [pod('old'), joined])).toBe(1)
  })

  it('takes intervals longer than a second whole, and such as have no length', () => {
    const long = [interval(0, 9000, { old: 900 }), interval(9000, 12_000, { old: 150, new: 150 })]
    expect(secondsTo(long, [pod('old'), joined])).toBe(2)
    const short = [interval(0, 10_250, { old: 90 }), interval(10_250, 10_250, { new: 60 })]
    expect(secondsTo(short, [pod('old'), joined])).toBe(0.25)
  })

  it('looks past a gap only as far as it needs to', () => {
    const enough = [interval(0, 1000, { old: 900 }), interval(14_000, 14_250, { old: 10, new: 10 })]
    expect(secondsTo(enough, [pod('old'), joined])).toBe(4.25)
    const tooFew = [interval(0, 1000, { old: 900 }), interval(14_000, 14_250, { old: 9, new: 9 })]
    expect(secondsTo(tooFew, [pod('old'), joined])).toBe(null)
  })

  it('has windows of a second: what ended a second before counts no more', () => {
    const intervals = [interval(9000, 10_000, { old: 100 }), interval(10_000, 11_000, { old: 50, new: 50 })]
    expect(secondsTo(intervals, [pod('old'), joined])).toBe(1)
    const sooner = [interval(9000, 10_001, { old: 100 }), interval(10_000, 11_000, { old: 50, new: 50 })]
    expect(secondsTo(sooner, [pod('old'), joined])).toBe(null)
  })

  it('adds up clients, those that pinned other pods too', () => {
    const pinned = stream(125, 20_000, 250, () => ({ old: 50 }))
    const moving = stream(0, 20_000, 250, (at) => ({ [at < 12_000 ? 'old' : 'new']: 50 }))
    expect(secondsTo([...moving, ...pinned], [pod('old'), joined])).toBe(3)
  })

  it('adds up clients whose intervals end at one time', () => {
    const intervals = [interval(10_000, 11_000, { new: 10 }), interval(10_000, 11_000, { new: 10 })]
    expect(secondsTo(intervals, [pod('old'), joined])).toBe(1)
  })

  it('ends with the pod itself: it has no share when it is not ready or is leaving', () => {
    const intervals = sharing(100, 0.9, 13_000)
    expect(secondsTo(intervals, [pod('old'), joined])).toBe(3.5)
    for (const life of [{ readyAt: null }, { leavingAt: 13_400 }, { goneAt: 13_400 }]) {
      const one = { ...joined, ...life }
      expect(secondsTo(intervals, [pod('old'), one], one)).toBe(null)
    }
  })

  it('comes within a second and an interval of when a pod begins to get its share, at any pace', () => {
    const pace = fc.record({
      length: fc.integer({ min: 50, max: 1000 }),
      pods: fc.integer({ min: 1, max: 8 }),
      wait: fc.integer({ min: 0, max: 5000 }),
    })
    fc.assert(
      fc.property(pace, ({ length, pods: amount, wait }) => {
        const others = Array.from({ length: amount }, (_, i) => `old-${i}`)
        const since = 10_000 + wait
        const intervals = stream(0, 20_000, length, (at) =>
          Object.fromEntries((at < since ? others : [...others, 'new']).map((name) => [name, 12])),
        )
        const seconds = secondsTo(intervals, [...others.map((name) => pod(name)), joined]) as number
        expect(seconds).toBeGreaterThan(wait / 1000)
        expect(seconds).toBeLessThanOrEqual((wait + 1000 + 2 * length) / 1000)
      }),
      { seed: 20_261_121 },
    )
  })
})
