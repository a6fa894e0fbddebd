/** Key to peer to the calls with that key that it answered in one window; a key without a peer was not answered. */
export type KeyCalls = Readonly<Record<string, Readonly<Record<string, number>>>>

/** Keys that more than one peer answered in one window, in alphabetical order. */
export const scatteredKeys = (served: KeyCalls): string[] =>
  Object.entries(served)
    .filter(([, peers]) => answerersOf(peers).length > 1)
    .map(([key]) => key)
    .sort()

/** The peers that answered a key, in alphabetical order. */
export const answerersOf = (peers: KeyCalls[string]): string[] =>
  Object.keys(peers)
    .filter((peer) => (peers[peer] ?? 0) > 0)
    .sort()

/** Hosts that join a ring of Envoy's (`algorithm: ringHash`), or leave it, while the others keep their addresses. */
export interface RingChange {
  /** Hosts before and after, at least 1. */
  readonly before: number
  readonly after: number
  /** `minimumRingSize`: entries of the ring, of all hosts together; Envoy's own default is 1024. */
  readonly ringSize?: number | undefined
}

/**
 * The share of keys that Envoy's ring hash leaves where they are: its mean and variance over all addresses that hosts can have.
 *
 * Consistent hashing is said to move keys to new hosts only, so that n of m would stay. Envoy's ring does not: each of n hosts
 * has a = ⌈R/n⌉ points of a ring of R, and when they become m > n each has b = ⌈R/m⌉, so the old ones lose points (Envoy's
 * ring_hash_lb.cc; envoy#22558, istio#41814). Take the T = na + (m-n)b points that are in either ring. They cut the circle into
 * T arcs, and a key belongs to the point at the end of its arc. It stays where that point is in both rings (nb arcs); it moves
 * where the point is a new host's; where the point is one of those that went, n(a-b), its next host is that of the next point
 * that is in the new ring, which is the same host with probability 1/m. So on average (nb + n(a-b)/m) / T of the keys stay:
 * 0.49 of them from 3 hosts to 5 and 0.39 from 3 to 6, where n/m is 0.60 and 0.50. Hosts that leave move as many. `leastToStay`
 * tells how the variance follows.
 */
export function momentsOfStaying({ before, after, ringSize = 1024 }: RingChange): { mean: number; variance: number } {
  const n = Math.min(before, after)
  const m = Math.max(before, after)
  const b = Math.ceil(ringSize / m)
  const went = Math.ceil(ringSize / n) - b
  const points = n * went + m * b
  const kept = n * b
  const followed = (n * went) / m
  const bothFollowed = (n * went * ((went - 1) * (b + 1) + (n - 1) * went * b)) / (m * (m * b + 1))
  const arcs = kept + followed
  const squaredArcs = kept ** 2 + 2 * kept * followed + followed + bothFollowed
  const mean = arcs / points
  return { mean, variance: (arcs + squaredArcs) / (points * (points + 1)) - mean ** 2 }
}

/**
 * The fewest keys that stay by chance: fewer happen with probability `alpha` at most, to a ring that works.
 *
 * Chance has two parts. Where the T points lie decides over the share S of the circle that stays, and each key falls into it
 * with probability S. Of the arcs M stay; arcs between independent points are exchangeable, so given M the share S is
 * Beta(M, T-M), with E[S] = E[M]/T and E[S²] = E[M+M²] / (T(T+1)). M is nb and those of the n(a-b) points that went which the
 * same host's point follows; put one after the other at random, any two of one host both do with probability (1/m)(b+1)/(mb+1)
 * and any two of different hosts with (1/m)b/(mb+1), which gives E[M²]. The keys that stay are therefore nearly beta-binomial
 * with just this mean and variance of S, which simulation confirms. With p for E[S], the deviation of S is about √(p(1-p)/T)
 * where the share of K keys has √(p(1-p)/K) by chance alone: with many more keys than points the ring is what limits the bound.
 *
 * @param keys how many keys are known before and after; equally likely to hash anywhere
 * @param alpha the accepted rate of false alarms, in (0, 1)
 * @returns keys, whole; with hosts that stay the same, all of them
 */
export function leastToStay(keys: number, change: RingChange, alpha = 0.001): number {
  if (change.before === change.after) return keys
  const { mean, variance } = momentsOfStaying(change)
  const total = (mean * (1 - mean)) / variance - 1
  return betaBinomialQuantile(keys, mean * total, (1 - mean) * total, alpha)
}

/** The least x that a beta-binomial variable stays at or below with probability above `alpha`. */
function betaBinomialQuantile(trials: number, a: number, b: number, alpha: number): number {
  let log = 0
  for (let i = 0; i < trials; i++) log += Math.log((b + i) / (a + b + i))
  let atMost = Math.exp(log)
  let x = 0
  while (atMost <= alpha && x < trials) {
    log += Math.log(((trials - x) * (a + x)) / ((x + 1) * (b + trials - x - 1)))
    atMost += Math.exp(log)
    x++
  }
  return x
}
