import type { Interval } from '../../../services/echo/src/progress.ts'
import { sum } from '../counts.ts'
import { isServing } from './pod-life.ts'
import type { PodLife } from './rebalance-types.ts'

/** What a pod must get of its fair share to have it. */
const enoughOfFairShare = 0.8
/** A fair share of fewer calls says little: chance alone moves 10 calls by 3 either way. */
const leastFairShare = 10
const windowMilliseconds = 1000

/** The answered calls of all intervals that ended at one time. */
export interface WindowEnd {
  /** Milliseconds since 1970. */
  readonly at: number
  /** Calls that any peer answered. */
  readonly answered: number
  /** Peer to calls it answered. */
  readonly counts: ReadonlyMap<string, number>
}

/** The times at which a window of calls can end, ascending. */
export function windowEnds(intervals: readonly Interval[]): WindowEnd[] {
  const ends = new Map<number, Map<string, number>>()
  for (const { to, counts } of intervals) {
    const known = ends.get(to) ?? new Map<string, number>()
    for (const [peer, calls] of Object.entries(counts)) known.set(peer, (known.get(peer) ?? 0) + calls)
    ends.set(to, known)
  }
  return [...ends]
    .map(([at, counts]) => ({ at, counts, answered: sum([...counts.values()]) }))
    .sort((a, b) => a.at - b.at)
}

/**
 * From Ready to the end of the first second in which a pod got 80 % of its fair share, in seconds; null when there was none.
 *
 * A window is made of whole intervals: those that ended in the last second before its end, so it is a second long or longer by
 * less than one interval. The fair share is its answered calls over the pods that were serving at its end, so what leaving pods
 * still answer counts as if it were due to the others. Where that comes to fewer than 10 calls, the window reaches further
 * back, interval by interval, until it is 10, before Ready if it must: at 10 calls a second over 5 pods it is 5 s long and a
 * pod that gets all it should from Ready on is said to have waited for 4 s. A window ends at Ready at the earliest and while
 * the pod serves; without 10 calls for it since the start there is none.
 */
export function fairShareSeconds(pod: PodLife, pods: readonly PodLife[], ends: readonly WindowEnd[]): number | null {
  for (const [i, { at }] of ends.entries()) {
    if (!isServing(pod, at)) continue
    const serving = pods.filter((other) => isServing(other, at)).length
    const { answered, calls } = windowUpTo(ends, i, leastFairShare * serving, pod.name)
    const fairShare = answered / serving
    if (fairShare >= leastFairShare && calls >= enoughOfFairShare * fairShare) return (at - (pod.readyAt ?? at)) / 1000
  }
  return null
}

/** The answered calls of the window that ends with `ends[last]`, and those of one peer. */
function windowUpTo(ends: readonly WindowEnd[], last: number, enough: number, peer: string) {
  const until = ends[last]?.at ?? -Infinity
  let answered = 0
  let calls = 0
  for (let i = last; i >= 0; i--) {
    const end = ends[i] as WindowEnd
    if (end.at <= until - windowMilliseconds && answered >= enough) break
    answered += end.answered
    calls += end.counts.get(peer) ?? 0
  }
  return { answered, calls }
}
