/** Most outcomes the exact test lists: about 10 ms for the first p-value at a number of calls, microseconds after it. */
export const outcomeBudget = 20_000

/**
 * p-value of the exact multinomial test: the chance that calls spread as `shares` give an outcome at most as probable as
 * `counts`. Its false alarm rate is at most alpha at every alpha; with two peers it is R's `binom.test`.
 *
 * Outcomes that differ only by swapping peers of one share are listed once, so even shares reach about 486 calls over
 * 3 peers, 137 over 4 and 41 over 10. The list is kept for the last few (calls, shares): a live page pays for it once.
 *
 * @param counts calls per peer, whole and not negative
 * @param shares expected share per peer, positive, summing to 1, as many as counts
 * @returns a probability in (0, 1], or null when there are more than `outcomeBudget` outcomes
 */
export function exactMultinomialP(counts: readonly number[], shares: readonly number[]): number | null {
  const calls = counts.reduce((sum, count) => sum + count, 0)
  const distribution = recall(calls, groupShares(shares))
  if (!distribution) return null
  const { logProbabilities, atMost } = distribution
  const logs = logFactorials(calls)
  let logProbability = logs[calls] as number
  counts.forEach((count, i) => {
    logProbability += count * Math.log(shares[i] as number) - (logs[count] as number)
  })
  const index = upperBound(logProbabilities, logProbability + tieTolerance)
  return index === 0 ? (atMost[0] as number) : Math.min(1, atMost[index - 1] as number)
}

/** Two outcomes whose logarithms differ by less are equally probable: rounding must not tell mirror images apart. */
const tieTolerance = 1e-7

/** Peers of one expected share. */
interface Group {
  share: number
  size: number
}

/** Log probabilities of single outcomes, ascending, and the chance of an outcome up to and including each. */
interface NullDistribution {
  logProbabilities: Float64Array
  atMost: Float64Array
}

/** The latest distributions by calls and shares; null where there are too many outcomes to list. */
const remembered = new Map<string, NullDistribution | null>()
const rememberedAtMost = 16

function recall(calls: number, groups: readonly Group[]): NullDistribution | null {
  const key = `${calls}|${groups.map(({ share, size }) => `${share}x${size}`)}`
  const known = remembered.get(key)
  if (known !== undefined) return known
  const oldest = remembered.keys().next().value
  if (remembered.size >= rememberedAtMost && oldest !== undefined) remembered.delete(oldest)
  const distribution = isListable(calls, groups) ? listOutcomes(calls, groups) : null
  remembered.set(key, distribution)
  return distribution
}

/** Largest group last: its smallest count is bounded from below, so no branch ends without an outcome. */
function groupShares(shares: readonly number[]): Group[] {
  const sizes = new Map<number, number>()
  for (const share of shares) sizes.set(share, (sizes.get(share) ?? 0) + 1)
  return [...sizes].map(([share, size]) => ({ share, size })).sort((a, b) => a.size - b.size || a.share - b.share)
}

/** Counts outcomes by their generating function, the product of 1 / (1 - x^part) over part = 1..size of each group. */
function isListable(calls: number, groups: readonly Group[]): boolean {
  if (calls > 2 * outcomeBudget || groups.length > 1000) return false
  const ways = new Float64Array(calls + 1)
  ways[0] = 1
  for (const { size } of groups) {
    for (let part = 1; part <= Math.min(size, calls); part++) {
      for (let n = part; n <= calls; n++) ways[n] = (ways[n] as number) + (ways[n - part] as number)
      if ((ways[calls] as number) > outcomeBudget) return false
    }
  }
  return true
}

function listOutcomes(calls: number, groups: readonly Group[]): NullDistribution {
  const logs = logFactorials(Math.max(calls, ...groups.map(({ size }) => size)))
  const log = (n: number): number => logs[n] as number
  const outcomes: number[] = []
  const masses: number[] = []

  /**
   * Gives counts to the `peers` left in a group, none above `cap`; `run` peers before them have just `cap`. Beside an
   * outcome's log probability goes the log of how many outcomes are it with the peers of a group swapped.
   */
  const give = (
    group: number,
    peers: number,
    left: number,
    cap: number,
    run: number,
    outcome: number,
    swaps: number,
  ) => {
    if (peers > 0 && left > 0 && cap > 0) {
      const least = group === groups.length - 1 ? Math.ceil(left / peers) : 0
      const logShare = Math.log((groups[group] as Group).share)
      for (let count = Math.min(cap, left); count >= least; count--) {
        const sameRun = count === cap ? run + 1 : 1
        const given = outcome + count * logShare - log(count)
        give(group, peers - 1, left - count, count, sameRun, given, swaps - Math.log(sameRun))
      }
      return
    }
    const zeros = cap === 0 ? run : 0
    const swapsDone = swaps + log(zeros) - log(zeros + peers)
    const next = groups[group + 1]
    if (left > 0 && next) return give(group + 1, next.size, left, left, 0, outcome, swapsDone + log(next.size))
    outcomes.push(outcome)
    masses.push(Math.exp(outcome + swapsDone))
  }
  const first = groups[0] as Group
  give(0, first.size, calls, calls, 0, log(calls), log(first.size))
  return accumulate(Float64Array.from(outcomes), masses)
}

function accumulate(outcomes: Float64Array, masses: readonly number[]): NullDistribution {
  const ascending = new Uint32Array(outcomes.length).map((_, i) => i)
  ascending.sort((a, b) => (outcomes[a] as number) - (outcomes[b] as number))
  const logProbabilities = outcomes.slice().sort()
  const atMost = new Float64Array(outcomes.length)
  let sum = 0
  for (const [rank, i] of ascending.entries()) {
    sum += masses[i] as number
    atMost[rank] = sum
  }
  return { logProbabilities, atMost }
}

let factorials = new Float64Array(1)

/** log n! for n = 0..most at least. */
function logFactorials(most: number): Float64Array {
  if (factorials.length <= most) {
    factorials = new Float64Array(most + 1)
    for (let n = 2; n <= most; n++) factorials[n] = (factorials[n - 1] as number) + Math.log(n)
  }
  return factorials
}

/** How many of the ascending values are at most `limit`. */
function upperBound(values: Float64Array, limit: number): number {
  let low = 0
  let high = values.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((values[middle] as number) <= limit) low = middle + 1
    else high = middle
  }
  return low
}
