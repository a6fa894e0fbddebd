import { percent, probability } from './bars.ts'
import { type CallsNeeded, spreadOf } from './verdict-rules.ts'
import type { Measures, VerdictName } from './verdict-types.ts'

/**
 * The sentence that says why a verdict is what it is, with the numbers it rests on.
 *
 * @param names what to call the peers, one per count; default `peer 1`, `peer 2`, ...
 */
export function reasonFor(
  verdict: VerdictName,
  counts: readonly number[],
  measures: Measures,
  needed: CallsNeeded,
  names: readonly string[] = counts.map((_, i) => `peer ${i + 1}`),
): string {
  const facts: Facts = { counts, measures, needed, names }
  if (verdict === 'insufficient') return whyInsufficient(facts)
  if (verdict === 'pinned') return whyPinned(facts)
  return measures.policy === 'round_robin' ? whyRoundRobin(facts) : whyByChance(facts)
}

interface Facts {
  counts: readonly number[]
  measures: Measures
  needed: CallsNeeded
  names: readonly string[]
}

function whyInsufficient({ counts, measures, needed, names }: Facts): string {
  const { requests, peers, policy, clients, expectedShares } = measures
  if (requests === 0) return 'No calls were counted, so there is nothing to judge.'
  if (requests >= needed.toSayEven) {
    const only = counts.indexOf(requests)
    const share = percent(expectedShares[only] ?? 0)
    return `All ${requests} calls went to ${names[only]}, which its expected ${share} may do by chance (${pOf(measures)}): send more.`
  }
  const had = `Only ${plural(requests, 'call')} over ${plural(peers, 'peer')}`
  const what =
    requests < needed.toSayPinned || policy === 'weighted'
      ? 'even all of them on one peer could be chance'
      : policy === 'round_robin' && clients > 1
        ? `${clients} clients could leave a peer idle without any being wrong`
        : 'a peer could be idle without standing out'
  const fix = Number.isFinite(needed.toSayEven) ? `at least ${needed.toSayEven}` : 'many more'
  return `${had}, too few because ${what}: send ${fix}.`
}

function whyPinned({ counts, measures, names }: Facts): string {
  const { requests, peers, policy, expectedShares } = measures
  const only = counts.indexOf(requests)
  const others = peers === 1 ? 'the only peer known' : `of ${peers} peers`
  const expected = policy === 'weighted' ? `, where its weight asks for ${percent(expectedShares[only] ?? 0)}` : ''
  return `All ${requests} calls went to ${names[only]}, ${others}${expected}.`
}

function whyRoundRobin({ counts, measures }: Facts): string {
  const spread = spreadOf(counts)
  const allowed = `round robin of ${plural(measures.clients, 'client')} allows ${measures.clients}`
  return `Busiest and idlest of ${measures.peers} peers differ by ${plural(spread, 'call')} where ${allowed}.`
}

function whyByChance({ counts, measures, names }: Facts): string {
  const { requests, shares, expectedShares, pValue, alpha } = measures
  const uninvited = counts.findIndex((count, i) => count > 0 && expectedShares[i] === 0)
  if (uninvited >= 0) {
    return `Although its weight is 0, ${names[uninvited]} served ${counts[uninvited]} of ${plural(requests, 'call')}.`
  }
  if (pValue === null) return `All ${requests} calls went to the one peer that has a weight.`
  if (shares.every((share, i) => share === expectedShares[i])) {
    return `Each of ${plural(counts.length, 'peer')} served its expected share of ${plural(requests, 'call')}.`
  }
  const furthest = furthestOff(measures)
  const had = `Furthest off is ${names[furthest]} with ${percent(shares[furthest] ?? 0)} of ${requests} calls`
  const expected = `where ${percent(expectedShares[furthest] ?? 0)} is expected`
  return `${had} ${expected}, ${pValue < alpha ? 'beyond' : 'within'} chance (${pOf(measures)}, alpha ${alpha}).`
}

/** The peer whose count is most standard deviations away from its expected one. */
function furthestOff({ shares, expectedShares }: Measures): number {
  const distances = shares.map((share, i) => {
    const expected = expectedShares[i] ?? 0
    return expected > 0 && expected < 1 ? Math.abs(share - expected) / Math.sqrt(expected * (1 - expected)) : 0
  })
  return distances.reduce((best, distance, i) => (distance > (distances[best] ?? 0) ? i : best), 0)
}

const pOf = ({ pValue }: Measures): string => (pValue === null ? 'no p' : `p ${probability(pValue)}`)

const plural = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`
