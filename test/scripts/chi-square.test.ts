import fc from 'fast-check'
import { chisquare } from 'jstat'
import { describe, expect, it } from 'vitest'
import { chiSquareCritical, chiSquareSurvival } from '../../scripts/lib/chi-square.ts'
import { exactMultinomialP } from '../../scripts/lib/exact-multinomial.ts'
import { pearsonStatistic } from '../../scripts/lib/pearson-statistic.ts'
import { evenShares } from './seeded-tally.ts'

// scipy 1.17.1: for x, df in cases: print(x, df, scipy.stats.chi2.sf(x, df))
const survivals: [x: number, degreesOfFreedom: number, survival: number][] = [
  [0.5, 1, 0.47950012218695337],
  [3.841458820694124, 1, 0.04999999999999989],
  [4.86, 2, 0.08803683258237255],
  [2.5, 4.5, 0.715695754862238],
  [30, 9, 0.00043872177097947936],
  [0.01, 9, 0.9999999999991591],
  [120, 99, 0.07424385580596692],
  [60, 99, 0.9993199970498485],
  [1000, 900, 0.010994608942135844],
  [1e-6, 1, 0.9992021155721779],
  [700, 3, 2.0991308534204487e-151],
  [5100, 5000, 0.158639348619404],
  [1e-6, 0.3, 0.8783968636371412],
]

// scipy 1.17.1: for alpha, df in cases: print(alpha, df, scipy.stats.chi2.isf(alpha, df))
const criticals: [alpha: number, degreesOfFreedom: number, critical: number][] = [
  [0.001, 1, 10.827566170662733],
  [0.001, 2, 13.815510557964274],
  [0.001, 9, 27.877164871256575],
  [0.01, 3, 11.344866730144368],
  [0.05, 99, 123.22522145336181],
  [1e-9, 4, 47.87945573114794],
]

describe('chiSquareSurvival', () => {
  it.each(survivals)('agrees with scipy at %d with %d degrees of freedom', (x, degreesOfFreedom, survival) => {
    expect(Math.abs(chiSquareSurvival(x, degreesOfFreedom) / survival - 1)).toBeLessThan(1e-10)
  })

  it('agrees with jstat from 1 to 200 degrees of freedom', () => {
    for (const degreesOfFreedom of [1, 2, 3, 4, 7, 9, 20, 50, 99, 200]) {
      for (const ratio of [0.01, 0.3, 0.7, 0.95, 1, 1.05, 1.3, 2, 4]) {
        const x = degreesOfFreedom * ratio
        const ours = 1 - chiSquareSurvival(x, degreesOfFreedom)
        expect(ours, `${x} with ${degreesOfFreedom}`).toBeCloseTo(chisquare.cdf(x, degreesOfFreedom), 9)
      }
    }
  })

  it('is 1 up to 0, 0 at infinity and refuses what has no meaning', () => {
    expect([chiSquareSurvival(-1, 2), chiSquareSurvival(0, 2), chiSquareSurvival(Infinity, 2)]).toEqual([1, 1, 0])
    expect(() => chiSquareSurvival(1, 0)).toThrow(RangeError)
    expect(() => chiSquareSurvival(Number.NaN, 2)).toThrow(RangeError)
  })

  it('never rises with x and stays a probability', () => {
    const value = fc.double({ min: 0, max: 2000, noNaN: true })
    fc.assert(
      fc.property(value, value, fc.integer({ min: 1, max: 500 }), (a, b, degreesOfFreedom) => {
        const far = chiSquareSurvival(Math.max(a, b), degreesOfFreedom)
        const near = chiSquareSurvival(Math.min(a, b), degreesOfFreedom)
        expect(far).toBeLessThanOrEqual(near + 1e-12)
        expect(far).toBeGreaterThanOrEqual(0)
        expect(near).toBeLessThanOrEqual(1)
      }),
      { seed: 20_261_121 },
    )
  })
})

describe('chiSquareCritical', () => {
  it.each(criticals)(
    'agrees with scipy at alpha %d with %d degrees of freedom',
    (alpha, degreesOfFreedom, critical) => {
      expect(Math.abs(chiSquareCritical(alpha, degreesOfFreedom) / critical - 1)).toBeLessThan(1e-9)
    },
  )

  it.each([0, 1, -1, 2, Number.NaN])('refuses alpha %d', (alpha) => {
    expect(() => chiSquareCritical(alpha, 2)).toThrow(RangeError)
  })
})

describe('exactMultinomialP', () => {
  const third = 1 / 3

  // scipy 1.17.1: pmf = multinomial.pmf(all outcomes, n, p); pmf[pmf <= multinomial.pmf(counts, n, p) * (1 + 1e-7)].sum()
  it.each([
    [[6, 3, 1], [third, third, third], 0.17847889041304682],
    [[2, 1, 0], [third, third, third], 0.7777777777777778],
    [[118, 91, 91], [third, third, third], 0.09498681639166548],
    [[0, 9, 3, 8], [0.25, 0.25, 0.25, 0.25], 0.00438782740093303],
    [[5, 5, 2], [0.5, 0.3, 0.2], 0.7445057499999985],
    [[12, 3, 5, 10], [0.4, 0.1, 0.1, 0.4], 0.5704771020203885],
    [[20, 4, 6], [0.6, 0.2, 0.2], 0.7614302879513415],
  ])('agrees with the sum over all outcomes for %j against %j', (counts, shares, p) => {
    expect(exactMultinomialP(counts, shares)).toBeCloseTo(p, 9)
  })

  // scipy 1.17.1: binomtest(k, n, p).pvalue
  it.each([
    [60, 100, 0.5, 0.05688793364098089],
    [949, 1000, 0.95, 0.8844847980646502],
    [1950, 3000, 0.7, 4.033057094185107e-9],
    [0, 20, 0.1, 0.25452997802490435],
    [7, 20, 0.3, 0.6294979666766769],
  ])('is the binomial test with two peers: %d of %d at %d', (count, calls, share, p) => {
    const ours = exactMultinomialP([count, calls - count], [share, 1 - share]) as number
    expect(Math.abs(ours / p - 1)).toBeLessThan(1e-8)
  })

  it('knows the most extreme outcome of an even spread in closed form, more peers than calls included', () => {
    for (const [peers, calls] of [
      [2, 11],
      [3, 8],
      [10, 5],
      [7, 20],
      [5000, 6],
    ] as const) {
      const counts = [calls, ...new Array<number>(peers - 1).fill(0)]
      expect(exactMultinomialP(counts, evenShares(peers))).toBeCloseTo(peers ** (1 - calls), 12)
    }
  })

  // In the tail the two order outcomes differently (probability, chi-square), so their p-values differ by a part.
  it.each([
    [[162, 162, 162], 0.01],
    [[166, 163, 157], 0.01],
    [[180, 150, 156], 0.05],
    [[190, 140, 156], 0.1],
    [[200, 143, 143], 0.4],
    [[120, 180, 186], 0.4],
  ])('comes close to the chi-square distribution for many calls: %j', (counts, tolerance) => {
    const chiSquare = counts.reduce((sum, count) => sum + (count - 162) ** 2 / 162, 0)
    const exact = exactMultinomialP(counts, evenShares(3)) as number
    expect(Math.abs(exact / chiSquareSurvival(chiSquare, 2) - 1)).toBeLessThan(tolerance)
  })

  it('gives up, fast, when there are too many outcomes to list', () => {
    expect(exactMultinomialP([500, 500, 500], evenShares(3))).toBeNull()
    expect(exactMultinomialP([1e9, 1e9], evenShares(2))).toBeNull()
    expect(exactMultinomialP(new Array<number>(40).fill(100), evenShares(40))).toBeNull()
  })
})

describe('pearsonStatistic', () => {
  it.each([
    [[0.5, 0.3, 0.2], 4],
    [[0.9, 0.06, 0.04], 7],
    [evenShares(3), 5],
  ])('knows the exact moments over all outcomes: shares %j, %d calls', (shares, calls) => {
    const outcomes = allOutcomes(shares, calls)
    const mean = outcomes.reduce((sum, { p, x2 }) => sum + p * x2, 0)
    const moment = (power: number): number => outcomes.reduce((sum, { p, x2 }) => sum + p * (x2 - mean) ** power, 0)
    const { variance, thirdCumulant } = pearsonStatistic(shares, calls)
    expect(mean).toBeCloseTo(2, 10)
    expect(variance / moment(2)).toBeCloseTo(1, 10)
    expect(thirdCumulant / moment(3)).toBeCloseTo(1, 10)
  })

  it('becomes the chi-square distribution as calls grow', () => {
    const statistic = pearsonStatistic(evenShares(4), 1e9)
    expect(statistic.survival(11.344866730144368)).toBeCloseTo(0.01, 8)
    expect(statistic.critical(0.01)).toBeCloseTo(11.344866730144368, 6)
  })
})

/** Every outcome of calls over three peers, its probability and its X². */
function allOutcomes(shares: number[], calls: number): { p: number; x2: number }[] {
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1))
  const found: { p: number; x2: number }[] = []
  for (let a = 0; a <= calls; a++) {
    for (let b = 0; a + b <= calls; b++) {
      const counts = [a, b, calls - a - b]
      const p = counts.reduce((p, n, i) => (p * (shares[i] as number) ** n) / factorial(n), factorial(calls))
      const x2 = counts.reduce(
        (sum, n, i) => sum + (n - calls * (shares[i] as number)) ** 2 / (calls * (shares[i] as number)),
        0,
      )
      found.push({ p, x2 })
    }
  }
  return found
}
