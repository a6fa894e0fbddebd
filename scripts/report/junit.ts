import { hasRun, isAsExpected, type Row, type ScenarioResult } from '../cluster/result.ts'
import { percent } from '../lib/bars.ts'
import { type Markup, markup } from './markup.ts'
import { podShares } from './pod-shares.ts'
import type { RunInfo } from './run-info.ts'
import { errorsText, isStepMet, mark, perRelease, shortfalls } from './sentences.ts'
import { oneLine } from './visible.ts'

/** The rows as JUnit XML, which CI systems show as tests: one per row. */
export function junitXml(rows: readonly Row[], info?: RunInfo): string {
  const ran = rows.filter(hasRun)
  const failures = ran.filter((row) => !isAsExpected(row)).length
  const errors = rows.filter((row) => !hasRun(row) && row.failed).length
  const skipped = rows.length - ran.length - errors
  const seconds = info?.tookSeconds ?? ran.reduce((sum, { tookSeconds }) => sum + tookSeconds, 0)
  const counts = markup`tests="${rows.length}" failures="${failures}" errors="${errors}" skipped="${skipped}"`
  const totals = markup`${counts} time="${seconds.toFixed(3)}"`
  const timestamp = info && markup` timestamp="${utc(info.startedAt)}"`
  const { text } = markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="evenly" ${totals}>
  <testsuite name="evenly" ${totals}${timestamp}>${properties(info)}${rows.map(testCase)}
  </testsuite>
</testsuites>`
  return text
}

/** As the format's schema wants it: in UTC, and without a zone. */
const utc = (startedAt: string): string => new Date(startedAt).toISOString().slice(0, 19)

function properties(info: RunInfo | undefined): Markup | undefined {
  const versions = Object.entries(info?.versions ?? {})
  if (versions.length === 0) return undefined
  return markup`
    <properties>${versions.map(
      ([name, version]) => markup`
      <property name="${name}" value="${version}"/>`,
    )}
    </properties>`
}

function testCase(row: Row): Markup {
  const seconds = hasRun(row) ? row.tookSeconds : 0
  const opening = markup`
    <testcase classname="evenly.matrix" name="${oneLine(row.scenario)}" time="${seconds.toFixed(3)}"`
  if (!hasRun(row)) {
    const outcome = row.failed ? markup`error` : markup`skipped`
    return markup`${opening}>
      <${outcome} message="${oneLine(row.reason)}"/>
    </testcase>`
  }
  if (isAsExpected(row)) return markup`${opening}/>`
  const reasons = shortfalls(row).map(oneLine)
  return markup`${opening}>
      <failure type="${row.verdict}" message="${reasons.join(' ')}">${[...reasons, ...numbers(row)].join('\n')}</failure>
    </testcase>`
}

/** What there is to look at when a row is not as expected. */
function numbers({ requests, failed, errors, counts, steps, checks, truth, clients }: ScenarioResult): string[] {
  const statuses = errorsText(errors)
  const lines = [
    `${requests} calls of ${clients} client${clients === 1 ? '' : 's'}, ${failed} failed${statuses && `: ${statuses}`}`,
    ...podShares(counts).map(({ pod, calls, share }) => `${pod}: ${calls} calls, ${percent(share)}`),
    ...checks.map(({ what, found, met }) => `${mark(met)} ${what}: ${found}`),
    ...steps.map(
      (step) => `${mark(isStepMet(step))} weights ${perRelease(step.weights)}: calls ${perRelease(step.counts)}`,
    ),
    ...(truth.server ? [`by the servers' own counters: ${perRelease(truth.server)}`] : []),
    ...(truth.proxy ? [`by the client's proxy: ${perRelease(truth.proxy)}`] : []),
  ]
  return lines.map(oneLine)
}
