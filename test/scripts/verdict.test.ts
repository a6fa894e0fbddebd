import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EvenlyError, exitCode } from '../../scripts/lib/exit.ts'
import { expectedVerdict, judge, policies, type VerdictName, type VerdictOptions } from '../../scripts/lib/verdict.ts'

const fixed = { seed: 20_261_121 }

const weighted = (...weights: number[]): VerdictOptions => ({ policy: 'weighted', weights })
const roundRobinOf = (clients: number): VerdictOptions => ({ policy: 'round_robin', clients })

const table: [counts: number[], options: VerdictOptions, verdict: VerdictName][] = [
  [[100, 100, 100], { policy: 'round_robin' }, 'even'],
  [[101, 100, 100], { policy: 'round_robin' }, 'even'],
  [[101, 100, 99], { policy: 'round_robin' }, 'skewed'],
  [[101, 100, 99], roundRobinOf(2), 'even'],
  [[118, 91, 91], { policy: 'round_robin' }, 'skewed'],
  [[118, 91, 91], { policy: 'random' }, 'even'],
  [[114, 93, 93], { policy: 'least_request' }, 'even'],
  [[150, 75, 75], { policy: 'least_request' }, 'skewed'],
  [[7, 5, 8], roundRobinOf(10), 'insufficient'],
  [[300, 0, 0], roundRobinOf(10), 'pinned'],
  [[150, 150, 0], { policy: 'random' }, 'skewed'],
  [[150, 150, 0], { policy: 'pick_first' }, 'skewed'],
  [[118, 91, 91], { policy: 'pick_first' }, 'even'],
  [[1950, 1050], weighted(70, 30), 'skewed'],
  [[949, 51], weighted(95, 5), 'matches-weights'],
  [[949, 51], weighted(0.95, 0.05), 'matches-weights'],
  [[0, 300], weighted(0, 100), 'matches-weights'],
  [[300], weighted(100), 'matches-weights'],
  [[0, 3], weighted(0, 100), 'insufficient'],
  [[1, 299], weighted(0, 100), 'skewed'],
  [[1, 0], weighted(0, 100), 'skewed'],
  [[300, 0], weighted(0, 100), 'pinned'],
  [[300, 0], weighted(50, 50), 'pinned'],
  [[1000, 0], weighted(99, 1), 'pinned'],
  [[600, 0], weighted(99, 1), 'insufficient'],
  [[594, 6], weighted(99, 1), 'insufficient'],
  [[700, 0], weighted(99, 1), 'insufficient'],
  [[990, 10], weighted(99, 1), 'matches-weights'],
]

describe('judge', () => {
  it.each(table)('calls %j under %j %s', (counts, options, verdict) => {
    expect(judge(counts, options).verdict).toBe(verdict)
  })

  describe.each(['round_robin', 'random', 'least_request', 'weighted', 'pick_first'] as const)('under %s', (policy) => {
    const options = (peers: number): VerdictOptions =>
      policy === 'weighted' ? weighted(...new Array<number>(peers).fill(1)) : { policy }

    it('calls everything on one of three peers pinned', () => {
      expect(judge([300, 0, 0], options(3)).verdict).toBe('pinned')
      expect(judge([0, 8, 0], options(3)).verdict).toBe('pinned')
    })

    it('has too few calls in 2,1,0, in 7,0,0, in none and from no peer', () => {
      for (const counts of [[2, 1, 0], [7, 0, 0], [0, 0, 0], []]) {
        expect(judge(counts, options(counts.length)).verdict).toBe('insufficient')
      }
    })

    it('wants at least one call per peer before it calls nothing wrong', () => {
      const counts = [...new Array<number>(12).fill(1), ...new Array<number>(8).fill(0)]
      expect(judge(counts, options(20)).verdict).toBe('insufficient')
    })
  })

  it.each(['round_robin', 'random', 'least_request', 'pick_first'] as const)(
    'calls the only peer a client knows pinned under %s, from the calls two peers would need',
    (policy) => {
      expect(judge([10], { policy }).verdict).toBe('insufficient')
      expect(judge([11], { policy }).verdict).toBe('pinned')
    },
  )

  it('says how many calls it needs, and that many are enough', () => {
    const { reason } = judge([3, 2, 1], { policy: 'random', alpha: 1e-6 })
    expect(reason).toBe(
      'Only 6 calls over 3 peers, too few because even all of them on one peer could be chance: send at least 14.',
    )
    expect(judge([5, 5, 4], { policy: 'random', alpha: 1e-6 }).verdict).toBe('even')
    expect(judge([5, 4, 4], { policy: 'random', alpha: 1e-6 }).verdict).toBe('insufficient')
  })

  it.each([
    [
      [118, 91, 91],
      { policy: 'random' },
      /^Furthest off is peer 1 with 39\.3 % of 300 calls where 33\.3 % is expected/,
    ],
    [
      [118, 91, 91],
      { policy: 'round_robin' },
      /^Busiest and idlest of 3 peers differ by 27 calls where round robin of 1/,
    ],
    [[300, 0, 0], { policy: 'round_robin' }, /^All 300 calls went to peer 1, of 3 peers\.$/],
    [[300], { policy: 'pick_first' }, /^All 300 calls went to peer 1, the only peer known\.$/],
    [[0, 300], weighted(0, 100), /^All 300 calls went to the one peer that has a weight\.$/],
    [[1, 299], weighted(0, 100), /^Although its weight is 0, peer 1 served 1 of 300 calls\.$/],
    [[0, 0], { policy: 'random' }, /^No calls were counted/],
    [
      [600, 390, 10],
      { ...weighted(50, 40, 10), names: ['a', 'b', 'c'] },
      /^Furthest off is c with 1\.0 % .*beyond chance/,
    ],
  ] as [number[], VerdictOptions, RegExp][])('explains %j under %j in one sentence', (counts, options, sentence) => {
    const { reason } = judge(counts, options)
    expect(reason).toMatch(sentence)
    expect(reason).toMatch(/^[^\n]+[^.]\.$/)
  })

  it('measures what can be measured and leaves the rest null', () => {
    expect(judge([6, 3, 1], { policy: 'random' })).toMatchObject({
      alpha: 0.001,
      clients: 1,
      requests: 10,
      peers: 3,
      shares: [0.6, 0.3, 0.1],
      degreesOfFreedom: 2,
      pMethod: 'exact',
      jain: expect.closeTo(100 / 138, 12),
      maxOverMean: expect.closeTo(1.8, 12),
      chiSquare: expect.closeTo(3.8, 12),
      pValue: expect.closeTo(0.178478890413, 9),
    })
    const unmeasured = { chiSquare: null, pValue: null, pMethod: null, smallestDetectableShare: null }
    expect(judge([0, 0], { policy: 'random' })).toMatchObject({
      ...unmeasured,
      jain: 1,
      maxOverMean: 1,
      shares: [0, 0],
    })
    expect(judge([50], { policy: 'random' })).toMatchObject({ ...unmeasured, jain: 1, degreesOfFreedom: 0 })
    expect(judge([1, 299], weighted(0, 1))).toMatchObject({ chiSquare: null, pValue: 0, pMethod: 'exact' })
    expect(judge([500, 500, 500], { policy: 'random' })).toMatchObject({
      chiSquare: 0,
      pValue: 1,
      pMethod: 'asymptotic',
    })
  })

  it.each([
    [[1, -1], { policy: 'random' }, exitCode.badInput],
    [[1, 1.5], { policy: 'random' }, exitCode.badInput],
    [[Number.NaN], { policy: 'random' }, exitCode.badInput],
    [[Infinity], { policy: 'random' }, exitCode.badInput],
    [[1, 2], { policy: 'nonsense' }, exitCode.usage],
    [[1, 2], { policy: 'random', alpha: 0 }, exitCode.usage],
    [[1, 2], { policy: 'random', alpha: 1 }, exitCode.usage],
    [[1, 2], { policy: 'random', alpha: Number.NaN }, exitCode.usage],
    [[1, 2], { policy: 'random', clients: 0 }, exitCode.usage],
    [[1, 2], { policy: 'random', clients: 1.5 }, exitCode.usage],
    [[1, 2], { policy: 'random', weights: [1, 2] }, exitCode.usage],
    [[1, 2], { policy: 'random', names: ['a'] }, exitCode.usage],
    [[1, 2], { policy: 'weighted' }, exitCode.usage],
    [[1, 2], weighted(1), exitCode.usage],
    [[1, 2], weighted(1, -1), exitCode.usage],
    [[1, 2], weighted(1, Number.NaN), exitCode.usage],
    [[1, 2], weighted(0, 0), exitCode.usage],
  ])('refuses %j under %j with one sentence', (counts, options, code) => {
    expect(() => judge(counts, options as VerdictOptions)).toThrow(
      expect.toSatisfy(
        (error) =>
          error instanceof EvenlyError && error.exitCode === code && /^[^\n]+: [^.\n]*\b.*[^.]$/.test(error.message),
      ),
    )
  })
})

describe('expectedVerdict', () => {
  it('is what each policy promises', () => {
    expect(policies.map(expectedVerdict)).toEqual(['even', 'even', 'even', 'matches-weights', 'pinned'])
  })
})

describe('judge, for any tally', () => {
  const tally = fc.array(fc.nat(400), { minLength: 1, maxLength: 8 })
  const policy = fc.constantFrom('round_robin', 'random', 'least_request', 'pick_first' as const)

  it('does not care about the order of the peers', () => {
    const shuffled = tally.chain((counts) =>
      fc.tuple(fc.constant(counts), fc.shuffledSubarray(counts, { minLength: counts.length })),
    )
    fc.assert(
      fc.property(shuffled, policy, ([counts, other], policy) => {
        const [a, b] = [judge(counts, { policy }), judge(other, { policy })]
        expect(b.verdict).toBe(a.verdict)
        expect(b.chiSquare ?? -1).toBeCloseTo(a.chiSquare ?? -1, 8)
        expect(b.pValue ?? -1).toBeCloseTo(a.pValue ?? -1, 8)
      }),
      fixed,
    )
  })

  it('does not care about the scale of the weights', () => {
    const pairs = fc.array(fc.tuple(fc.nat(400), fc.integer({ min: 1, max: 100 })), { minLength: 2, maxLength: 4 })
    fc.assert(
      fc.property(pairs, fc.constantFrom(0.001, 0.5, 8, 1000), (pairs, scale) => {
        const counts = pairs.map(([count]) => count)
        const weights = pairs.map(([, weight]) => weight)
        const [a, b] = [weights, weights.map((weight) => weight * scale)].map((weights) =>
          judge(counts, weighted(...weights)),
        )
        expect(b?.verdict).toBe(a?.verdict)
        expect(b?.chiSquare ?? -1).toBeCloseTo(a?.chiSquare ?? -1, 6)
      }),
      fixed,
    )
  })

  it('keeps shares and indices and multiplies chi-square when every count is multiplied', () => {
    fc.assert(
      fc.property(tally, fc.integer({ min: 2, max: 9 }), (counts, factor) => {
        const a = judge(counts, { policy: 'random' })
        const b = judge(
          counts.map((count) => count * factor),
          { policy: 'random' },
        )
        expect(b.jain).toBeCloseTo(a.jain, 10)
        expect(b.maxOverMean).toBeCloseTo(a.maxOverMean, 10)
        expect(b.chiSquare ?? 0).toBeCloseTo((a.chiSquare ?? 0) * factor, 6)
      }),
      fixed,
    )
  })

  it('stays within its bounds', () => {
    fc.assert(
      fc.property(tally, policy, (counts, policy) => {
        const verdict = judge(counts, { policy })
        const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0)
        if (verdict.requests > 0) expect(sum(verdict.shares)).toBeCloseTo(1, 10)
        expect(sum(verdict.expectedShares)).toBeCloseTo(1, 10)
        expect(verdict.jain).toBeGreaterThanOrEqual(1 / counts.length - 1e-12)
        expect(verdict.jain).toBeLessThanOrEqual(1)
        expect(verdict.pValue ?? 0).toBeGreaterThanOrEqual(0)
        expect(verdict.pValue ?? 0).toBeLessThanOrEqual(1)
        expect(verdict.smallestDetectableShare ?? 1).toBeGreaterThan(verdict.peers === 1 ? 0 : 1 / verdict.peers)
        expect(verdict.smallestDetectableShare ?? 1).toBeLessThanOrEqual(1)
      }),
      fixed,
    )
  })

  it('calls equal counts even, and matching their weights, once there are enough', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 40 }),
        fc.integer({ min: 6, max: 10_000 }),
        policy,
        (peers, count, policy) => {
          const counts = new Array<number>(peers).fill(count)
          expect(judge(counts, { policy }).verdict).toBe('even')
          expect(judge(counts, weighted(...counts)).verdict).toBe('matches-weights')
        },
      ),
      fixed,
    )
  })

  it('calls all calls on one peer pinned from 11 calls on', () => {
    fc.assert(
      fc.property(fc.nat(9), fc.nat(9), fc.integer({ min: 11, max: 5000 }), policy, (before, after, calls, policy) => {
        const counts = [...new Array<number>(before).fill(0), calls, ...new Array<number>(after).fill(0)]
        expect(judge(counts, { policy }).verdict).toBe('pinned')
      }),
      fixed,
    )
  })

  it('never finds a tally less suspicious after a call moves from an idler peer to a busier one', () => {
    const moved = fc
      .array(fc.integer({ min: 1, max: 60 }), { minLength: 2, maxLength: 6 })
      .map((counts) => counts.sort((a, b) => a - b))
    fc.assert(
      fc.property(moved, (counts) => {
        const more = [(counts[0] as number) - 1, ...counts.slice(1, -1), (counts.at(-1) as number) + 1]
        const [a, b] = [judge(counts, { policy: 'random' }), judge(more, { policy: 'random' })]
        expect(b.chiSquare as number).toBeGreaterThan(a.chiSquare as number)
        expect(b.pValue as number).toBeLessThanOrEqual((a.pValue as number) + 1e-12)
        expect(b.jain).toBeLessThan(a.jain)
      }),
      fixed,
    )
  })
})
