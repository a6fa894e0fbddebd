import type { Interval } from '../../../services/echo/src/progress.ts'
import type { PodLife } from './rebalance-types.ts'

/** Whether a pod was ready, not being deleted and not gone at a time, in milliseconds since 1970. */
export function isServing({ readyAt, leavingAt, goneAt }: PodLife, at: number): boolean {
  return readyAt !== null && readyAt <= at && at < Math.min(leavingAt ?? Infinity, goneAt ?? Infinity)
}

/** Peer to when its answers came, in milliseconds since 1970: the first and the last one of each interval. */
export function answerTimes(intervals: readonly Interval[]): Map<string, number[]> {
  const times = new Map<string, number[]>()
  for (const { first, last } of intervals) {
    for (const [peer, at] of [...Object.entries(first), ...Object.entries(last)]) {
      const known = times.get(peer)
      if (known) known.push(at)
      else times.set(peer, [at])
    }
  }
  return times
}

/**
 * When a pod answered, of all answers of its name. A StatefulSet gives a name to one pod after the other: what came before the
 * one before was gone is that one's, and what came after this one was gone is the next one's.
 */
export function answersOf(
  pod: PodLife,
  pods: readonly PodLife[],
  times: ReadonlyMap<string, readonly number[]>,
): number[] {
  const wasThere = pod.readyAt ?? pod.leavingAt ?? -Infinity
  const namesakes = pods.filter((other) => other !== pod && other.name === pod.name)
  const begins = namesakes.reduce(
    (latest, { goneAt }) => (goneAt !== null && goneAt <= wasThere ? Math.max(latest, goneAt) : latest),
    -Infinity,
  )
  const gone = pod.goneAt ?? Infinity
  const ends = namesakes.some(({ readyAt }) => readyAt !== null && readyAt >= gone) ? gone : Infinity
  return (times.get(pod.name) ?? []).filter((at) => at >= begins && at <= ends)
}
