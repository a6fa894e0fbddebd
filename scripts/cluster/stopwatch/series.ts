import type { PodLife, RebalanceInput, Series } from './rebalance-types.ts'

/**
 * What each pod answered, second for second from when the first interval began, for a picture of the change. Known pods that
 * answered nothing and peers that nobody knew are in it, in alphabetical order.
 *
 * An interval's calls are laid over its time evenly, in whole calls, and those of an interval without a length into its second.
 * Nothing is lost by that: a pod's seconds add up to its calls, and those of `failed` to the failed ones. A call that a pod
 * answered with another status than OK is in both.
 *
 * Marks stand where they happened, between the seconds if need be: the phases from the second on, and pods that became ready
 * or began to leave. What happened before the first interval or after the last has none.
 */
export function seriesOf(input: RebalanceInput): Series {
  const { intervals, pods } = input
  const startsAt = intervals.reduce((earliest, { from }) => Math.min(earliest, from), Infinity)
  const endsAt = intervals.reduce((latest, { to }) => Math.max(latest, to), -Infinity)
  const length = intervals.length === 0 ? 0 : Math.max(1, Math.ceil((endsAt - startsAt) / 1000))
  const row = () => new Array<number>(length).fill(0)
  const peers = new Set([...pods.map(({ name }) => name), ...intervals.flatMap(({ counts }) => Object.keys(counts))])
  const calls = new Map([...peers].sort().map((peer) => [peer, row()]))
  const failed = row()
  for (const interval of intervals) {
    const time = { from: (interval.from - startsAt) / 1000, to: (interval.to - startsAt) / 1000 }
    for (const [peer, count] of Object.entries(interval.counts)) layOver(calls.get(peer) as number[], count, time)
    layOver(failed, interval.failed, time)
  }
  return {
    seconds: failed.map((_, second) => second),
    calls: Object.fromEntries(calls),
    failed,
    marks: marksOf(input, startsAt, endsAt),
  }
}

/** Adds calls to the seconds of `row` from one time to another: of all, what was due by a second's end, rounded. */
function layOver(row: number[], calls: number, { from, to }: { from: number; to: number }): void {
  let placed = 0
  // An interval without a length can lie at the very end, where no second begins, and beyond it when a clock was set back.
  for (let second = Math.min(Math.floor(from), row.length - 1); placed < calls; second++) {
    const passed = second + 1 >= to ? 1 : (second + 1 - from) / (to - from)
    const due = Math.round(calls * passed)
    row[second] = (row[second] as number) + due - placed
    placed = due
  }
}

function marksOf({ pods, phases }: RebalanceInput, startsAt: number, endsAt: number): Series['marks'] {
  const events = [...phases.slice(1).map(({ name, startsAt: at }) => ({ at, text: name })), ...pods.flatMap(eventsOf)]
  return events
    .filter(({ at }) => at >= startsAt && at <= endsAt)
    .sort((a, b) => a.at - b.at)
    .map(({ at, text }) => ({ second: (at - startsAt) / 1000, text }))
}

const eventsOf = ({ name, readyAt, leavingAt }: PodLife): { at: number; text: string }[] => [
  ...(readyAt === null ? [] : [{ at: readyAt, text: `${name} ready` }]),
  ...(leavingAt === null ? [] : [{ at: leavingAt, text: `${name} leaving` }]),
]
