import type { AddressCounts, Latency } from '../../services/echo/src/report.ts'
import type { VerdictName } from '../lib/verdict.ts'
import type { Rebalance } from './stopwatch/rebalance-types.ts'

/** What a scenario can show: a verdict on its tally, or what a tally alone cannot tell. */
export const outcomes = [
  'even',
  'pinned',
  'skewed',
  'matches-weights',
  'insufficient',
  'sticky',
  'scattered',
  'zone-first',
  'zone-blind',
  'load-aware',
  'load-blind',
] as const satisfies readonly (VerdictName | string)[]
export type Outcome = (typeof outcomes)[number]

/** What any run of a scenario tells, in the lab or on a cluster. */
export interface Spread {
  readonly scenario: string
  readonly expected: Outcome
  readonly verdict: Outcome
  /** One sentence with the numbers the verdict rests on. */
  readonly reason: string
  /** Calls of the judged window. */
  readonly requests: number
  /** Of these, the ones that ended with another status than OK. */
  readonly failed: number
  /** Peer to calls it answered in the window, silent peers included. */
  readonly counts: Readonly<Record<string, number>>
  readonly jain: number
  readonly maxOverMean: number
  readonly pValue: number | null
}

/** What a scenario showed on a cluster; `evenly run`, `matrix` and `report` speak of lists of these. */
export interface ScenarioResult extends Spread {
  /** The server pods there were, by name. */
  readonly pods: Readonly<Record<string, PodPlace>>
  /** Clients that made the calls, each with connections of its own. */
  readonly clients: number
  /** gRPC status name to calls that ended so, OK left out. */
  readonly errors: Readonly<Record<string, number>>
  /** Of answered calls; null with several clients, whose percentiles cannot be added up, or when none was answered. */
  readonly latencyMilliseconds: Latency | null
  /** Calls by socket address, where clients were asked to count so. */
  readonly addresses?: AddressCounts
  /** What else was expected of it. */
  readonly checks: readonly Check[]
  /** One per weights that were set while the client ran; empty where nothing was changed. */
  readonly steps: readonly Step[]
  /** The same calls as others counted them. */
  readonly truth: Truth
  /** How long pods that joined waited for calls; null where none joined. */
  readonly rebalance: Rebalance | null
  /** From nothing to verdict, of which the namespace's deletion is no part. */
  readonly tookSeconds: number
}

export interface PodPlace {
  readonly release: string
  /** Empty where the cluster's nodes name no zone. */
  readonly zone: string
}

/** An expectation beside the verdict. */
export interface Check {
  /** What is expected, such as `half of the calls fail`. */
  readonly what: string
  /** What was found, in one sentence. */
  readonly found: string
  readonly met: boolean
}

/** A window of calls under certain weights. */
export interface Step {
  /** Release to its weight. */
  readonly weights: Readonly<Record<string, number>>
  /** Release to calls that its pods answered. */
  readonly counts: Readonly<Record<string, number>>
  readonly requests: number
  readonly failed: number
  readonly verdict: VerdictName
  readonly reason: string
}

/** One window of calls, counted three times. */
export interface Truth {
  /** Pod to calls, by the client's tally. */
  readonly client: Readonly<Record<string, number>>
  /** Pod to calls, by the server's own counter; null when it could not be read. */
  readonly server: Readonly<Record<string, number>> | null
  /** Pod to calls, by the client's Envoy; null where there is none. */
  readonly proxy: Readonly<Record<string, number>> | null
  /** Pod to connections that Envoy opened to it; null as above. */
  readonly proxyConnections: Readonly<Record<string, number>> | null
  /** Whether all that there is agrees; the reason why not, or why it may differ, is in `explanation`. */
  readonly agrees: boolean
  /** One sentence. */
  readonly explanation: string
}

/** A scenario that did not run. */
export interface NotRun {
  readonly scenario: string
  readonly expected: Outcome
  readonly verdict: null
  /** Why not, in one sentence. */
  readonly reason: string
  /** Whether it was begun, and something went wrong. */
  readonly failed: boolean
}

/** A row of the matrix. */
export type Row = ScenarioResult | NotRun

/** Whether a row ran. */
export const hasRun = (row: Row): row is ScenarioResult => row.verdict !== null

/** Whether a run showed all that was expected of it. */
export const isAsExpected = ({ verdict, expected, checks, truth }: ScenarioResult): boolean =>
  verdict === expected && checks.every(({ met }) => met) && truth.agrees
