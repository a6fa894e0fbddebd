import { hasRun, isAsExpected, type NotRun, type Row, type ScenarioResult, type Step } from '../cluster/result.ts'
import type { JoinedPod, LeftPod, Rebalance } from '../cluster/stopwatch/rebalance-types.ts'
import { duration } from './duration.ts'

/** ✔ for what is as it should be, ✖ for what is not. */
export const mark = (good: boolean): string => (good ? '✔' : '✖')

/** `✖` for a row that was begun and broke off, `–` for one that was not begun. */
export const notRunMark = ({ failed }: NotRun): string => (failed ? mark(false) : '–')

/** How many rows are as expected, such as `13 of 16 as expected, 1 not, 1 broke off, 2 not run`. */
export function summary(rows: readonly Row[]): string {
  const good = rows.filter((row) => hasRun(row) && isAsExpected(row)).length
  const broken = rows.filter((row) => !hasRun(row) && row.failed).length
  const notRun = rows.filter((row) => !hasRun(row) && !row.failed).length
  const bad = rows.length - good - broken - notRun
  const counts = [
    [bad, 'not'],
    [broken, 'broke off'],
    [notRun, 'not run'],
  ] as const
  const told = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`)
  return [`${good} of ${rows.length} as expected`, ...told].join(', ')
}

/** Why a result is not as expected, a sentence for each reason; empty when it is. */
export function shortfalls({ verdict, expected, reason, checks, truth }: ScenarioResult): string[] {
  const unmet = checks.filter(({ met }) => !met)
  return [
    ...(verdict === expected ? [] : [`${verdict}, expected ${expected}: ${reason}`]),
    ...unmet.map(({ what, found }) => `not met: ${what}: ${found}`),
    ...(truth.agrees ? [] : [`counts differ: ${truth.explanation}`]),
  ]
}

/** A number per release, such as `stable 99 · canary 1`. */
export const perRelease = (numbers: Readonly<Record<string, number>>): string =>
  Object.entries(numbers)
    .map(([release, number]) => `${release} ${number}`)
    .join(' · ')

/** Weights ask for nothing else than to be matched. */
export const isStepMet = ({ verdict }: Step): boolean => verdict === 'matches-weights'

/** Status name to calls, the most frequent first, such as `UNAVAILABLE 12, CANCELLED 1`. */
export const errorsText = (errors: Readonly<Record<string, number>>): string =>
  Object.entries(errors)
    .toSorted(([, a], [, b]) => b - a)
    .map(([status, calls]) => `${status} ${calls}`)
    .join(', ')

/** What became of a pod that joined. A fair share is read off the series: without one, nothing is said of it. */
export function joinedText({ firstCallSeconds, fairShareSeconds }: JoinedPod, { series }: Rebalance): string {
  const first = `first call ${after(firstCallSeconds)}`
  return series.seconds.length === 0 ? first : `${first}, fair share ${after(fairShareSeconds)}`
}

/** What became of a pod that left. */
export const leftText = ({ lastCallSeconds }: LeftPod): string =>
  lastCallSeconds === null ? 'no call since its deletion began' : `last call ${after(lastCallSeconds)}`

/** When calls found the pods that joined, such as `after 0.3 s to 0.9 s, 1 never`; empty when none joined. */
export function foundText(rebalance: Rebalance | null): string {
  const joined = (rebalance?.joined ?? []).map(({ firstCallSeconds }) => firstCallSeconds)
  const found = joined.filter((seconds) => seconds !== null).toSorted((a, b) => a - b)
  const never = joined.length - found.length
  if (found.length === 0) return never > 0 ? 'never' : ''
  const span = [...new Set([found.at(0), found.at(-1)].map((seconds) => duration(seconds ?? 0)))].join(' to ')
  return never > 0 ? `after ${span}, ${never} never` : `after ${span}`
}

/** `after 0.3 s`, or `never`. */
export const after = (seconds: number | null): string => (seconds === null ? 'never' : `after ${duration(seconds)}`)

/** How long it took; the lab does not say. */
export const tookText = (seconds: number): string => (seconds === 0 ? '–' : duration(seconds))
