import { requiredCalls } from './sample-size.ts'
import type { Measures, VerdictName } from './verdict-types.ts'

/** Fewest calls at which each claim can be made. */
export interface CallsNeeded {
  /** "One peer takes them all": an even spread over max(peers, 2) peers does so with probability below alpha. */
  toSayPinned: number
  /** "They are spread as they should be": a pinned tally would stand out, and an idle peer could have been noticed. */
  toSayEven: number
}

/** How many calls a tally of this policy, weights, clients and alpha needs. */
export function callsNeeded({ policy, expectedShares, peers, clients, alpha }: Measures): CallsNeeded {
  const known = Math.max(peers, 2)
  const toSayPinned = requiredCalls(new Array<number>(known).fill(1 / known), alpha)
  const oneRound = policy === 'round_robin' ? peers * clients : peers
  const isShared = policy === 'weighted' && expectedShares.filter((share) => share > 0).length > 1
  return {
    toSayPinned,
    toSayEven: Math.max(isShared ? requiredCalls(expectedShares, alpha) : toSayPinned, oneRound),
  }
}

/** The rules of `judge`, in their order. */
export function decide(counts: readonly number[], measures: Measures, needed: CallsNeeded): VerdictName {
  const { policy, requests, degreesOfFreedom } = measures
  if (requests === 0) return 'insufficient'
  const isWrong = policy === 'round_robin' ? isOutOfStep(counts, measures, needed) : isBeyondChance(measures)
  const isOnOnePeer = counts.includes(requests)
  if (isOnOnePeer && requests >= needed.toSayPinned && (policy !== 'weighted' || isWrong)) return 'pinned'
  if (isWrong) return 'skewed'
  if (requests < needed.toSayEven || (isOnOnePeer && degreesOfFreedom > 0)) return 'insufficient'
  return policy === 'weighted' ? 'matches-weights' : 'even'
}

/** Calls between the busiest and the idlest peer. */
export function spreadOf(counts: readonly number[]): number {
  const [least, most] = counts.reduce(([low, high], count) => [Math.min(low, count), Math.max(high, count)], [
    Infinity,
    0,
  ] as [number, number])
  return most - least
}

/** Each client's round robin gives any two peers equally many calls or one more, so the differences add up to `clients`. */
function isOutOfStep(counts: readonly number[], { requests, clients }: Measures, needed: CallsNeeded): boolean {
  return spreadOf(counts) > clients && requests >= needed.toSayPinned
}

const isBeyondChance = ({ pValue, alpha }: Measures): boolean => pValue !== null && pValue < alpha
