import { leastRequestName, registerLeastRequest } from './policies/least-request.ts'
import type { LeastRequestSettings } from './policies/least-request-settings.ts'
import { objectWith } from './policies/read-settings.ts'
import { registerRingHash, ringHashName } from './policies/ring-hash.ts'
import type { RingHashSettings } from './policies/ring-hash-settings.ts'
import type { SlowStart } from './policies/slow-start.ts'
import { registerWeightedRoundRobin, weightedRoundRobinName } from './policies/weighted-round-robin.ts'
import type { WeightedRoundRobinSettings } from './policies/weighted-round-robin-settings.ts'
import { secondsText } from './seconds-text.ts'

/** A policy and its settings, as an entry of a service config's `loadBalancingConfig`. */
export type BalancingPolicy = Readonly<Record<string, object>>

/** How new peers begin; only the window must be given. */
export type SlowStartOptions = Pick<SlowStart, 'windowSeconds'> & Partial<SlowStart>

/** Settings of {@link leastRequest}; each has a default. */
export type LeastRequestOptions = Partial<Omit<LeastRequestSettings, 'slowStart'>> & SlowStarting

/** Settings of {@link weightedRoundRobin}; each has a default. */
export type WeightedRoundRobinOptions = Partial<Omit<WeightedRoundRobinSettings, 'slowStart'>> & SlowStarting

/** Settings of {@link ringHash}; only the header must be given. */
export type RingHashOptions = Pick<RingHashSettings, 'requestHashHeader'> & Partial<RingHashSettings>

interface SlowStarting {
  /** How new peers begin. Default: with their full share. */
  readonly slowStart?: SlowStartOptions
}

/** All calls to the first endpoint that can be reached: gRPC's default, which balances nothing. */
export function pickFirst(): BalancingPolicy {
  return { pick_first: {} }
}

/** Endpoints take turns. */
export function roundRobin(): BalancingPolicy {
  return { round_robin: {} }
}

/** Of a few endpoints taken at random, the one with the fewest calls in flight. Registers the policy. */
export function leastRequest(options: LeastRequestOptions = {}): BalancingPolicy {
  registerLeastRequest()
  const { slowStart, ...settings } = objectWith(options, 'leastRequest', leastRequestOptions)
  return { [leastRequestName]: { ...settings, ...slowStartOf(slowStart) } }
}

/** Endpoints take turns in proportion to what they can take, as they report it (ORCA). Registers the policy. */
export function weightedRoundRobin(options: WeightedRoundRobinOptions = {}): BalancingPolicy {
  registerWeightedRoundRobin()
  const { slowStart, errorUtilizationPenalty, ...periods } = objectWith(options, 'weightedRoundRobin', [
    ...periodOptions,
    'errorUtilizationPenalty',
    'slowStart',
  ])
  const settings = Object.entries(periods).flatMap(([name, seconds]) => {
    if (seconds === undefined) return []
    return [[name.slice(0, -'Seconds'.length), secondsText(seconds, name, name.startsWith('blackout') ? 0 : undefined)]]
  })
  return {
    [weightedRoundRobinName]: { ...Object.fromEntries(settings), errorUtilizationPenalty, ...slowStartOf(slowStart) },
  }
}

/** Calls with the same value of a header go to the same endpoint (gRFC A42, A76). Registers the policy. */
export function ringHash(options: RingHashOptions): BalancingPolicy {
  registerRingHash()
  return { [ringHashName]: { ...objectWith(options, 'ringHash', ringHashOptions) } }
}

const leastRequestOptions: readonly (keyof LeastRequestOptions)[] = ['choiceCount', 'activeRequestBias', 'slowStart']
const ringHashOptions: readonly (keyof RingHashOptions)[] = ['requestHashHeader', 'minRingSize', 'maxRingSize']
const periodOptions: readonly (keyof WeightedRoundRobinOptions)[] = [
  'reportingPeriodSeconds',
  'blackoutPeriodSeconds',
  'weightExpirationPeriodSeconds',
  'weightUpdatePeriodSeconds',
]

function slowStartOf(options: unknown): object {
  if (options === undefined) return {}
  const names = ['windowSeconds', 'aggression', 'minimumWeightPercent']
  const { windowSeconds, aggression, minimumWeightPercent } = objectWith(options, 'slowStart', names)
  const window = secondsText(windowSeconds, 'slowStart.windowSeconds')
  return { slowStart: { window, aggression, minWeightPercent: minimumWeightPercent } }
}
