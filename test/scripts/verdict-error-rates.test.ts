import { describe, expect, it } from 'vitest'
import { judge, type VerdictOptions } from '../../scripts/lib/verdict.ts'
import { evenShares, seededRandom, tallyAtRandom } from './seeded-tally.ts'

const runs = 10_000

/**
 * A Binomial(10,000, alpha) exceeds `ceiling` once in 10,000 times: scipy.stats.binom.isf(1e-4, 10_000, alpha). `floor`
 * keeps a test that never rejects from passing; an exact test may stay well below alpha, its p-values being few.
 */
const bounds = [
  { alpha: 0.001, floor: 2, ceiling: 24 },
  { alpha: 0.01, floor: 50, ceiling: 139 },
  { alpha: 0.05, floor: 300, ceiling: 583 },
]

describe('false alarms', () => {
  it.each([
    { shares: evenShares(2), calls: 100 },
    { shares: evenShares(3), calls: 300 },
    { shares: evenShares(4), calls: 1000 },
    { shares: evenShares(10), calls: 200 },
    { shares: [0.95, 0.05], calls: 1000 },
    { shares: [0.6, 0.3, 0.1], calls: 1000 },
    { shares: [0.97, 0.01, 0.01, 0.01], calls: 500 },
    { shares: evenShares(50), calls: 200 },
  ])(
    'of 10,000 honest runs stay within the binomial bound of alpha: $calls calls over $shares',
    ({ shares, calls }) => {
      const random = seededRandom(20_261_121 + calls + shares.length)
      const isEven = shares.every((share) => share === shares[0])
      const options: VerdictOptions = isEven ? { policy: 'random' } : { policy: 'weighted', weights: shares }
      const good = isEven ? 'even' : 'matches-weights'
      const verdicts = Array.from({ length: runs }, () => judge(tallyAtRandom(shares, calls, random), options))

      expect(
        verdicts.filter(({ verdict, pValue }) => verdict !== ((pValue as number) < 0.001 ? 'skewed' : good)),
      ).toEqual([])
      for (const { alpha, floor, ceiling } of bounds) {
        const alarms = verdicts.filter(({ pValue }) => (pValue as number) < alpha).length
        expect(alarms, `alarms at alpha ${alpha}`).toBeGreaterThanOrEqual(floor)
        expect(alarms, `alarms at alpha ${alpha}`).toBeLessThanOrEqual(ceiling)
      }
    },
  )
})

describe('power', () => {
  it('rejects a true 65/35 against weights 70/30 in at least 99 % of runs of 3,000 calls', () => {
    const rejected = alarmRate(2000, 7, [0.65, 0.35], 3000, { policy: 'weighted', weights: [70, 30] })
    expect(rejected).toBeGreaterThanOrEqual(0.99)
  })

  it.each([
    { expected: evenShares(2), calls: 200 },
    { expected: evenShares(3), calls: 60 },
    { expected: evenShares(3), calls: 300 },
    { expected: evenShares(5), calls: 1000 },
    { expected: evenShares(10), calls: 100 },
    { expected: evenShares(10), calls: 1000 },
    { expected: [0.95, 0.05], calls: 1000 },
    { expected: [0.5, 0.3, 0.2], calls: 500 },
    { expected: [0.33, 0.33, 0.33, 0.01], calls: 1000 },
  ])('catches the smallest detectable share 9 times in 10: $calls calls over $expected', ({ expected, calls }) => {
    const options: VerdictOptions = { policy: 'weighted', weights: expected }
    const detectable = judge(
      expected.map((share) => Math.round(share * calls)),
      options,
    ).smallestDetectableShare as number
    const lightest = expected.indexOf(Math.min(...expected))
    const rest = 1 - (expected[lightest] as number)
    const truth = expected.map((share, i) => (i === lightest ? detectable : (share * (1 - detectable)) / rest))
    const caught = alarmRate(2000, 11, truth, calls, options)
    expect(caught).toBeGreaterThan(0.86)
    expect(caught).toBeLessThan(0.94)
  })

  it.each([
    [3, 300, 1],
    [3, 300, 5],
    [2, 101, 1],
    [10, 997, 3],
  ])('always catches it under round robin: %d peers, %d calls, %d clients', (peers, calls, clients) => {
    const options: VerdictOptions = { policy: 'round_robin', clients }
    const verdictWith = (most: number) => judge([most, ...asEvenAsCan(peers - 1, calls - most)], options)
    let most = Math.ceil(calls / peers)
    while (verdictWith(most).verdict === 'even') most++
    const claimed = (verdictWith(most).smallestDetectableShare as number) * calls
    expect(verdictWith(Math.round(claimed)).verdict).toBe('skewed')
    expect(claimed - most).toBeLessThan(1.001)
    expect(claimed - most).toBeGreaterThan(-0.001)
  })
})

/** Share of runs that raise the alarm. */
function alarmRate(times: number, seed: number, truth: number[], calls: number, options: VerdictOptions): number {
  const random = seededRandom(seed)
  let rejected = 0
  for (let run = 0; run < times; run++) {
    const { verdict } = judge(tallyAtRandom(truth, calls, random), options)
    if (verdict === 'skewed' || verdict === 'pinned') rejected++
  }
  return rejected / times
}

const asEvenAsCan = (peers: number, calls: number): number[] =>
  Array.from({ length: peers }, (_, i) => Math.floor(calls / peers) + (i < calls % peers ? 1 : 0))
