import { judge, type Verdict } from '../../lib/verdict.ts'
import { type Counts, totalOf } from '../counts.ts'

/** Calls that the pods of a Service served while one looked. */
export interface Traffic {
  /** How long that was. */
  readonly seconds: number
  /** Calls by pod; one that served none is a 0. */
  readonly counts: Counts
  readonly requests: number
  /** Who counted: `the pods themselves`. */
  readonly countedBy: string
  /** Whether callers may have been overlooked, because only some of them were asked. */
  readonly isPartial: boolean
  readonly verdict: Verdict
}

/** @param counts calls in the window, by pod: every pod that is ready, and those that served */
export function trafficOf(counts: Counts, seconds: number, countedBy: string, isPartial: boolean): Traffic {
  const names = Object.keys(counts).sort()
  const verdict = judge(
    names.map((name) => counts[name] ?? 0),
    { policy: 'random', names },
  )
  return { seconds, counts, requests: totalOf(counts), countedBy, isPartial, verdict }
}

/** Calls per pod that vary by half of their mean: the alert GrpcLbSkewed begins there, and random picks stay far below. */
export const isFarOff = ({ verdict }: Traffic): boolean => verdict.jain < 1 / (1 + 0.5 ** 2)
