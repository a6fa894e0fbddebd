import type { Interval } from '../../../services/echo/src/progress.ts'
import { sum } from '../counts.ts'
import { fairShareSeconds, windowEnds } from './fair-share.ts'
import { answersOf, answerTimes } from './pod-life.ts'
import type { JoinedPod, LeftPod, Phase, Rebalance, RebalanceInput } from './rebalance-types.ts'
import { seriesOf } from './series.ts'

/**
 * What a change of pods under load showed, from what clients saw and what became of the pods.
 *
 * The first phase is the steady state, which the second one ends. A pod has *joined* when it became ready at that end or later,
 * so none has without a second phase, and none that never became ready. A pod has *left* when its deletion began, in whatever
 * phase. Both lists have the order of `pods`.
 *
 * An interval counts, whole, in the phase that its end lies in: one that ends just when a phase begins counts in the phase
 * before. What ended before the first phase counts in the first, so that the phases add up to all calls.
 *
 * @param input intervals in any order and of several clients, as long as all times are by one clock; phases in their order
 */
export function rebalanceOf(input: RebalanceInput): Rebalance {
  const { intervals, pods, phases } = input
  const changedAt = phases[1]?.startsAt ?? Infinity
  const times = answerTimes(intervals)
  const ends = windowEnds(intervals)
  return {
    requests: sum(intervals.map(({ requests }) => requests)),
    failed: sum(intervals.map(({ failed }) => failed)),
    joined: pods.flatMap((pod): JoinedPod[] => {
      if (pod.readyAt === null || pod.readyAt < changedAt) return []
      const firstCallSeconds = secondsToFirst(pod.readyAt, answersOf(pod, pods, times))
      return [{ pod: pod.name, firstCallSeconds, fairShareSeconds: fairShareSeconds(pod, pods, ends) }]
    }),
    left: pods.flatMap((pod): LeftPod[] => {
      if (pod.leavingAt === null) return []
      return [{ pod: pod.name, lastCallSeconds: secondsToLast(pod.leavingAt, answersOf(pod, pods, times)) }]
    }),
    errors: phases.map(({ name }, i) => ({ phase: name, ...errorsOf(endingIn(phases, i, intervals)) })),
    series: seriesOf(input),
  }
}

function secondsToFirst(readyAt: number, answers: readonly number[]): number | null {
  const first = answers.reduce((earliest, at) => Math.min(earliest, at), Infinity)
  return first === Infinity ? null : Math.max(0, first - readyAt) / 1000
}

function secondsToLast(leavingAt: number, answers: readonly number[]): number | null {
  const last = answers.reduce((latest, at) => Math.max(latest, at), -Infinity)
  return last < leavingAt ? null : (last - leavingAt) / 1000
}

function endingIn(phases: readonly Phase[], i: number, intervals: readonly Interval[]): Interval[] {
  const begins = i === 0 ? -Infinity : (phases[i]?.startsAt ?? -Infinity)
  const ends = phases[i + 1]?.startsAt ?? Infinity
  return intervals.filter(({ to }) => begins < to && to <= ends)
}

/** Status names in alphabetical order, so that the order of the intervals shows nowhere. */
function errorsOf(intervals: readonly Interval[]): Omit<Rebalance['errors'][number], 'phase'> {
  const errors = new Map<string, number>()
  for (const interval of intervals) {
    for (const [name, calls] of Object.entries(interval.errors)) errors.set(name, (errors.get(name) ?? 0) + calls)
  }
  const inOrder = [...errors].sort(([a], [b]) => (a < b ? -1 : 1))
  return { requests: sum(intervals.map(({ requests }) => requests)), errors: Object.fromEntries(inOrder) }
}
