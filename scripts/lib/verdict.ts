import { goodnessOfFit } from './goodness-of-fit.ts'
import { roundRobinDetectableShare, smallestDetectableShare } from './sample-size.ts'
import { checkVerdictInput } from './verdict-input.ts'
import { reasonFor } from './verdict-reason.ts'
import { callsNeeded, decide } from './verdict-rules.ts'
import type { Measures, Policy, Verdict, VerdictName, VerdictOptions } from './verdict-types.ts'

export * from './verdict-types.ts'

/**
 * Judges one tally of calls per peer, once, at a stated rate of false alarms. The first rule that holds decides:
 *
 * 1. `pinned`: every call on one peer, and calls enough that an even spread over max(peers, 2) peers does this with
 *    probability below alpha; under `weighted` only when the weights call for something else (p < alpha).
 * 2. `skewed`: under `round_robin` the busiest and the idlest peer differ by more than `clients` calls (in a tally long
 *    enough for rule 1); under any other policy p < alpha against the expected shares.
 * 3. `insufficient`: calls so few that a spread as expected puts all of them on one peer with probability alpha or more, or
 *    fewer than one per peer (under `round_robin` per peer and client), or all of them on one peer and p >= alpha.
 * 4. `matches-weights` under `weighted`, else `even`.
 *
 * `least_request` is judged as `random`: it spreads more evenly, so it is accepted more often. `pick_first` is too.
 *
 * @param counts calls per peer; a known peer that served nothing is a 0; one count alone is a client that knows one peer
 * @param options policy, weights, clients (default 1), alpha (default 0.001), names
 * @throws EvenlyError of one sentence: bad input for counts that are not whole and at least 0, usage for options
 */
export function judge(counts: readonly number[], options: VerdictOptions): Verdict {
  checkVerdictInput(counts, options)
  const measures = measure(counts, options)
  const needed = callsNeeded(measures)
  const verdict = decide(counts, measures, needed)
  return { verdict, reason: reasonFor(verdict, counts, measures, needed, options.names), ...measures }
}

/** The verdict a policy promises; `pinned` for pick_first, because taking one connection is what it does. */
export function expectedVerdict(policy: Policy): VerdictName {
  if (policy === 'weighted') return 'matches-weights'
  return policy === 'pick_first' ? 'pinned' : 'even'
}

function measure(counts: readonly number[], options: VerdictOptions): Measures {
  const { policy, weights, clients = 1, alpha = 0.001 } = options
  const peers = counts.length
  const requests = sum(counts)
  const expectedShares = toShares(weights ?? counts.map(() => 1))
  const busiest = counts.reduce((most, count) => Math.max(most, count), 0)
  return {
    policy,
    alpha,
    clients,
    requests,
    peers,
    shares: toShares(counts),
    expectedShares,
    jain: requests === 0 ? 1 : Math.min(1, requests ** 2 / (peers * sum(counts.map((count) => count ** 2)))),
    maxOverMean: requests === 0 ? 1 : (busiest * peers) / requests,
    ...goodnessOfFit(counts, expectedShares),
    smallestDetectableShare:
      policy === 'round_robin'
        ? roundRobinDetectableShare(peers, requests, clients, alpha)
        : smallestDetectableShare(expectedShares, requests, alpha),
  }
}

function toShares(values: readonly number[]): number[] {
  const total = sum(values)
  return values.map((value) => (total === 0 ? 0 : value / total))
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
