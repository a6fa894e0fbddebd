import { inRange, objectWith, secondsOf } from './read-settings.ts'
import type { SlowStart } from './slow-start.ts'

/** What `least_request` goes by. */
export interface LeastRequestSettings {
  /** Peers that are compared for each call, from 2 to 100; all, where there are fewer. Default 2. */
  readonly choiceCount: number
  /**
   * How much calls in flight count against a peer: 0 not at all, 1 as many as they are, above 1 more, up to 10. Default 1. Among
   * peers of equal weight every number above 0 is the same, as in Envoy.
   */
  readonly activeRequestBias: number
  /** How new peers begin. Default: with their full share. */
  readonly slowStart: SlowStart | undefined
}

/**
 * Reads `{"choiceCount":2,"activeRequestBias":1,"slowStart":{"window":"10s","aggression":1,"minWeightPercent":10}}`, every part of
 * it optional. Throws an Error of one sentence for anything else: grpc-js takes settings it cannot read for no reason to stop.
 */
export function readLeastRequest(json: unknown): LeastRequestSettings {
  const {
    choiceCount = 2,
    activeRequestBias = 1,
    slowStart,
  } = objectWith(json, 'least_request', ['choiceCount', 'activeRequestBias', 'slowStart'])
  return {
    choiceCount: inRange(choiceCount, 'choiceCount', { minimum: 2, maximum: 100, whole: true }),
    activeRequestBias: inRange(activeRequestBias, 'activeRequestBias', { minimum: 0, maximum: 10 }),
    slowStart: slowStart === undefined ? undefined : readSlowStart(slowStart),
  }
}

/** Reads `{"window":"10s","aggression":1,"minWeightPercent":10}`, of which the window must be there. */
export function readSlowStart(json: unknown): SlowStart {
  const {
    window,
    aggression = 1,
    minWeightPercent = 10,
  } = objectWith(json, 'slowStart', ['window', 'aggression', 'minWeightPercent'])
  return {
    windowSeconds: secondsOf(window, 'slowStart.window'),
    aggression: inRange(aggression, 'slowStart.aggression', { minimum: 0.01, maximum: 100 }),
    minimumWeightPercent: inRange(minWeightPercent, 'slowStart.minWeightPercent', { minimum: 1, maximum: 100 }),
  }
}
