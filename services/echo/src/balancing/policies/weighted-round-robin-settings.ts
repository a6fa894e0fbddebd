import { readSlowStart } from './least-request-settings.ts'
import { inRange, objectWith, secondsOf } from './read-settings.ts'
import type { SlowStart } from './slow-start.ts'

/** What `evenly_weighted_round_robin` goes by; names and defaults are those of gRPC's weighted_round_robin (gRFC A58). */
export interface WeightedRoundRobinSettings {
  /** `reportingPeriod`: how often servers are asked to report their load. Default "10s". */
  readonly reportingPeriodSeconds: number
  /** `blackoutPeriod`: how long a peer must have reported before its reports count; "0s" is at once. Default "10s". */
  readonly blackoutPeriodSeconds: number
  /** `weightExpirationPeriod`: how long a report counts. Default "180s". */
  readonly weightExpirationPeriodSeconds: number
  /** `weightUpdatePeriod`: how often weights are made anew from the reports, from "0.1s". Default "1s". */
  readonly weightUpdatePeriodSeconds: number
  /** How much the share of calls that fail adds to a peer's utilization; 0 is not at all. Default 1. */
  readonly errorUtilizationPenalty: number
  /** How new peers begin. Default: with their full share. */
  readonly slowStart: SlowStart | undefined
}

/**
 * Reads `{"reportingPeriod":"10s","blackoutPeriod":"10s","weightExpirationPeriod":"180s","weightUpdatePeriod":"1s",
 * "errorUtilizationPenalty":1,"slowStart":{"window":"10s"}}`, every part of it optional. Throws an Error of one sentence for
 * anything else.
 */
export function readWeightedRoundRobin(json: unknown): WeightedRoundRobinSettings {
  const settings = objectWith(json, 'evenly_weighted_round_robin', [
    'reportingPeriod',
    'blackoutPeriod',
    'weightExpirationPeriod',
    'weightUpdatePeriod',
    'errorUtilizationPenalty',
    'slowStart',
  ])
  const { blackoutPeriod, errorUtilizationPenalty, slowStart } = settings
  const seconds = (name: string, byDefault: string) => secondsOf(settings[name] ?? byDefault, name)
  const weightUpdatePeriodSeconds = seconds('weightUpdatePeriod', '1s')
  if (weightUpdatePeriodSeconds < 0.1) {
    throw new Error(`weightUpdatePeriod must be at least "0.1s", not ${JSON.stringify(settings.weightUpdatePeriod)}`)
  }
  return {
    reportingPeriodSeconds: seconds('reportingPeriod', '10s'),
    blackoutPeriodSeconds: blackoutPeriod === '0s' ? 0 : seconds('blackoutPeriod', '10s'),
    weightExpirationPeriodSeconds: seconds('weightExpirationPeriod', '180s'),
    weightUpdatePeriodSeconds,
    errorUtilizationPenalty: inRange(errorUtilizationPenalty ?? 1, 'errorUtilizationPenalty', {
      minimum: 0,
      maximum: 1000,
    }),
    slowStart: slowStart === undefined ? undefined : readSlowStart(slowStart),
  }
}
