/** Policies a verdict knows, named as in gRPC and Envoy; `weighted` is any split by stated weights (GRPCRoute, subsets). */
export const policies = ['round_robin', 'random', 'least_request', 'weighted', 'pick_first'] as const
export type Policy = (typeof policies)[number]

/** What a tally can be called; only `even` and `matches-weights` claim that calls are spread as they should be. */
export const verdictNames = ['even', 'pinned', 'skewed', 'matches-weights', 'insufficient'] as const
export type VerdictName = (typeof verdictNames)[number]

export interface VerdictOptions {
  /** How calls are meant to be spread. */
  policy: Policy
  /** One per peer for policy `weighted`, not negative, on any scale (70,30 as 0.7,0.3); refused with another policy. */
  weights?: readonly number[] | undefined
  /** Clients that made the calls, each with a round robin of its own: peers may differ by so many calls. Default 1. */
  clients?: number | undefined
  /** The accepted rate of false alarms, in (0, 1). Default 0.001. */
  alpha?: number | undefined
  /** What the reason calls the peers, one per peer. Default `peer 1`, `peer 2`, ... */
  names?: readonly string[] | undefined
}

/** What a tally measures. Shares are fractions of 1, one per peer in the order of the counts. */
export interface Measures {
  policy: Policy
  alpha: number
  clients: number
  /** Calls in the tally. */
  requests: number
  peers: number
  /** Share of the calls per peer; all 0 without calls. */
  shares: number[]
  /** Share each peer should have. */
  expectedShares: number[]
  /** Jain's fairness index (Σx)² / (k Σx²): 1 is perfectly even, 1/k is all on one peer; 1 without calls. */
  jain: number
  /** Calls of the busiest peer over the mean: 1 is perfectly even, k is all on one peer; 1 without calls. */
  maxOverMean: number
  /** Σ (x - expected)² / expected; null without calls, with one peer to expect them on, or when weight 0 served. */
  chiSquare: number | null
  /** Peers with a positive expected share, less one. */
  degreesOfFreedom: number
  /**
   * Chance that calls spread at random by the expected shares look at least this far off: null without calls or with one
   * peer to expect them on, 0 when a peer of weight 0 served. Told but not used for round_robin, whose counts are no accident.
   */
  pValue: number | null
  /** `exact` lists every outcome (or knows this one impossible), `asymptotic` is the tail of a fitted chi-square. */
  pMethod: 'exact' | 'asymptotic' | null
  /**
   * The smallest share, above its expected one, that one peer could have had and still be caught 9 times in 10 (always for
   * round_robin); the peer with the smallest expected share is meant. Null when none would be. The maths: sample-size.ts.
   */
  smallestDetectableShare: number | null
}

export interface Verdict extends Measures {
  verdict: VerdictName
  /** One sentence with the numbers the verdict rests on. */
  reason: string
}
