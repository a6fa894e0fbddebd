import type { Rebalance } from '../../cluster/stopwatch/rebalance-types.ts'

/** What a chart of calls over time draws. Rates are in calls per second, one per interval. */
export interface Curves {
  /** In seconds. */
  readonly intervals: readonly { readonly from: number; readonly to: number }[]
  readonly lines: readonly { readonly pod: string; readonly part: Part; readonly rates: readonly number[] }[]
  /** Pods that are not drawn, because so many lines show nothing. */
  readonly leftOut: number
  readonly failed: readonly number[]
}

/** What a pod did meanwhile. */
export type Part = 'joined' | 'left' | 'stayed'

const mostLines = 8
const mostPoints = 240

/** Undefined without a series. */
export function curvesOf({ series, joined, left }: Rebalance): Curves | undefined {
  if (series.seconds.length === 0) return undefined
  const intervals = merged(series.seconds)
  const rates = (calls: readonly number[]): number[] =>
    intervals.map(({ first, past, from, to }) => sum(calls.slice(first, past)) / (to - from))
  const parts = partsOf(joined.map(nameOf), left.map(nameOf), Object.keys(series.calls))
  const calls = new Map(Object.entries(series.calls))
  return {
    intervals,
    lines: [...parts].slice(0, mostLines).map(([pod, part]) => ({ pod, part, rates: rates(calls.get(pod) ?? []) })),
    leftOut: Math.max(0, parts.size - mostLines),
    failed: rates(series.failed),
  }
}

const nameOf = ({ pod }: { readonly pod: string }): string => pod

/** Each pod to its part, in the order in which they deserve a line: some of those that joined or left, then the rest. */
function partsOf(joined: readonly string[], left: readonly string[], all: readonly string[]): Map<string, Part> {
  const parts = new Map<string, Part>(all.map((pod) => [pod, 'stayed']))
  for (const pod of joined) parts.set(pod, 'joined')
  for (const pod of left) parts.set(pod, 'left')
  const stayed = [...parts.keys()].filter((pod) => parts.get(pod) === 'stayed')
  const inOrder = new Set([...joined.slice(0, 4), ...left.slice(0, 2), ...stayed, ...joined, ...left])
  return new Map([...inOrder].map((pod) => [pod, parts.get(pod) ?? 'stayed']))
}

interface Span {
  /** Index of its first interval, and of the one past its last. */
  readonly first: number
  readonly past: number
  readonly from: number
  readonly to: number
}

/** Intervals as long as they were, or several as one where there are more than a chart can show. */
function merged(starts: readonly number[]): Span[] {
  const size = Math.ceil(starts.length / mostPoints)
  const [before, last] = [starts.at(-2), starts.at(-1) ?? 0]
  // Nothing says when the last one ended: it is taken to be as long as the one before.
  const end = last + (before === undefined ? 1 : last - before)
  return Array.from({ length: Math.ceil(starts.length / size) }, (_, index) => {
    const [first, past] = [index * size, Math.min((index + 1) * size, starts.length)]
    return { first, past, from: starts[first] ?? 0, to: starts[past] ?? end }
  })
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
