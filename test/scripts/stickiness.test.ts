import { describe, expect, it } from 'vitest'
import {
  answerersOf,
  leastToStay,
  momentsOfStaying,
  type RingChange,
  scatteredKeys,
} from '../../scripts/lib/stickiness.ts'
import { seededRandom } from './seeded-tally.ts'

describe('scatteredKeys', () => {
  it('are the ones that several peers answered, by name', () => {
    const served = {
      z: { a: 1, b: 1 },
      once: { a: 1 },
      never: {},
      often: { b: 90 },
      c: { a: 1, b: 5, c: 9 },
      other: { a: 0, b: 3 },
    }
    expect(scatteredKeys(served)).toEqual(['c', 'z'])
    expect(scatteredKeys({})).toEqual([])
    expect(answerersOf({ z: 1, b: 0, a: 2 })).toEqual(['a', 'z'])
  })
})

interface Ring extends RingChange {
  readonly ringSize: number
}

const rings: [change: Ring, keys: number][] = [
  [{ before: 3, after: 5, ringSize: 1024 }, 300],
  [{ before: 3, after: 4, ringSize: 1024 }, 1000],
  [{ before: 6, after: 3, ringSize: 200 }, 300],
  [{ before: 1, after: 2, ringSize: 64 }, 100],
  [{ before: 2, after: 7, ringSize: 30 }, 1000],
  [{ before: 3, after: 4, ringSize: 1 }, 200],
]

describe('the mean of momentsOfStaying', () => {
  it.each([
    [3, 5, 0.4855],
    [3, 6, 0.3889],
    [1, 2, 0.5],
    [5, 3, 0.4855],
    [4, 4, 1],
  ])(
    'of a ring of 1024 from %d hosts to %d is %d, not what a ring that keeps its points would leave',
    (n, m, share) => {
      expect(momentsOfStaying({ before: n, after: m }).mean).toBeCloseTo(share, 4)
    },
  )

  it('is n of m where every host keeps all of its points', () => {
    expect(momentsOfStaying({ before: 3, after: 5, ringSize: 1 }).mean).toBeCloseTo(3 / 5, 12)
    expect(momentsOfStaying({ before: 100, after: 120, ringSize: 50 }).mean).toBeCloseTo(100 / 120, 12)
  })

  it('comes to (n + (m - n) / m) / (2m - n) in large rings', () => {
    expect(momentsOfStaying({ before: 3, after: 6, ringSize: 8_000_000 }).mean).toBeCloseTo(3.5 / 9, 6)
  })
})

describe('leastToStay', () => {
  it('is the beta-binomial quantile where that is known', () => {
    // A ring of 2 points for 1 host and 1 each for 2: the share that stays is uniform, and so is the number of 99 keys.
    const change = { before: 1, after: 2, ringSize: 2 }
    expect(leastToStay(99, change, 0.055)).toBe(5)
    expect(leastToStay(99, change, 0.005)).toBe(0)
    expect(leastToStay(99, change, 0.995)).toBe(99)
    // One point each for 3 hosts, then 4: P(x <= 0) = B(3, 11) / B(3, 1) = 3 / (11 * 12 * 13 / 2) of 10 keys = 0.0035.
    expect(leastToStay(10, { before: 3, after: 4, ringSize: 1 }, 0.0034)).toBe(0)
    expect(leastToStay(10, { before: 3, after: 4, ringSize: 1 }, 0.0036)).toBe(1)
  })

  it('is all keys when no host joins and none without keys', () => {
    expect(leastToStay(300, { before: 3, after: 3 })).toBe(300)
    expect(leastToStay(0, { before: 3, after: 5 })).toBe(0)
  })

  it('is found for as many keys as one likes', () => {
    const change = { before: 3, after: 5 }
    const share = leastToStay(100_000, change) / 100_000
    expect(share).toBeGreaterThan(momentsOfStaying(change).mean - 3.3 * 0.0144)
    expect(share).toBeLessThan(momentsOfStaying(change).mean - 2.9 * 0.0144)
  })

  // A Binomial(2,000, alpha) exceeds `ceiling` at most once in 10,000 times, by its own sum. `floor` keeps a
  // bound that nothing can miss from passing.
  const bounds = [
    { alpha: 0.001, floor: 0, ceiling: 9 },
    { alpha: 0.01, floor: 8, ceiling: 38 },
    { alpha: 0.05, floor: 60, ceiling: 138 },
  ]

  it.each(rings)(
    'is missed by 2,000 working rings within the binomial bound of alpha: %j and %d keys',
    (ring, keys) => {
      const random = seededRandom(20_261_121 + keys)
      const counts = Array.from({ length: 2000 }, () => keysThatStay(ring, keys, random))
      const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length / keys
      expect(Math.abs(mean - momentsOfStaying(ring).mean)).toBeLessThan(0.015)
      for (const { alpha, floor, ceiling } of bounds) {
        const least = leastToStay(keys, ring, alpha)
        const alarms = counts.filter((count) => count < least).length
        expect(alarms, `alarms at alpha ${alpha}`).toBeLessThanOrEqual(ceiling)
        expect(alarms, `alarms at alpha ${alpha}`).toBeGreaterThanOrEqual(floor)
      }
    },
  )

  it('is missed by a hash that goes by the number of hosts', () => {
    const random = seededRandom(7)
    const least = leastToStay(300, { before: 3, after: 5 })
    for (let run = 0; run < 1000; run++) {
      const hashes = Array.from({ length: 300 }, () => Math.floor(random() * 2 ** 32))
      expect(hashes.filter((hash) => hash % 3 === hash % 5).length).toBeLessThan(least)
    }
  })
})

/** Keys that stay when Envoy's ring changes, as its ring_hash_lb.cc builds one, with random numbers for hashes. */
function keysThatStay({ before, after, ringSize }: Ring, keys: number, random: () => number): number {
  const hosts = Math.max(before, after)
  const most = Math.ceil(ringSize / Math.min(before, after))
  const points = Array.from({ length: hosts * most }, (_, i) => {
    const hash = Math.floor(random() * 2 ** 32)
    return hash * 2 ** 20 + i
  })
  const ringOf = (count: number) =>
    Float64Array.from(points.filter((_, i) => i < count * most && i % most < Math.ceil(ringSize / count))).sort()
  const [then, now] = [ringOf(before), ringOf(after)]
  let staying = 0
  for (let key = 0; key < keys; key++) {
    const at = Math.floor(random() * 2 ** 32) * 2 ** 20
    if (hostAt(then, at, most) === hostAt(now, at, most)) staying++
  }
  return staying
}

/** The host of the first point at or after a place of the ring. */
function hostAt(ring: Float64Array, at: number, most: number): number {
  let low = 0
  let high = ring.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ring[middle] as number) < at) low = middle + 1
    else high = middle
  }
  return Math.floor(((ring[low % ring.length] as number) % 2 ** 20) / most)
}
