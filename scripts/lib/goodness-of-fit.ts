import { exactMultinomialP } from './exact-multinomial.ts'
import { pearsonStatistic } from './pearson-statistic.ts'
import type { Measures } from './verdict-types.ts'

/**
 * How far counts are from the expected shares: Pearson's chi-square with its p-value, by the exact multinomial test where
 * the outcomes can be listed, so that false alarms never exceed alpha, and else by the chi-square distribution fitted to
 * the statistic's own moments, whose false alarms are near alpha (pearson-statistic.ts tells how near).
 *
 * @param counts calls per peer
 * @param expectedShares as many, not negative, summing to 1; a call on a peer of share 0 is impossible, so p is 0
 */
export function goodnessOfFit(
  counts: readonly number[],
  expectedShares: readonly number[],
): Pick<Measures, 'chiSquare' | 'degreesOfFreedom' | 'pValue' | 'pMethod'> {
  const requests = counts.reduce((sum, count) => sum + count, 0)
  const observed = counts.filter((_, i) => (expectedShares[i] as number) > 0)
  const shares = expectedShares.filter((share) => share > 0)
  const degreesOfFreedom = Math.max(0, shares.length - 1)
  if (counts.some((count, i) => count > 0 && expectedShares[i] === 0)) {
    return { chiSquare: null, degreesOfFreedom, pValue: 0, pMethod: 'exact' }
  }
  if (requests === 0 || degreesOfFreedom === 0) {
    return { chiSquare: null, degreesOfFreedom, pValue: null, pMethod: null }
  }
  const chiSquare = shares.reduce((sum, share, i) => {
    const expected = share * requests
    return sum + ((observed[i] as number) - expected) ** 2 / expected
  }, 0)
  const exact = exactMultinomialP(observed, shares)
  return exact === null
    ? {
        chiSquare,
        degreesOfFreedom,
        pValue: pearsonStatistic(shares, requests).survival(chiSquare),
        pMethod: 'asymptotic',
      }
    : { chiSquare, degreesOfFreedom, pValue: exact, pMethod: 'exact' }
}
