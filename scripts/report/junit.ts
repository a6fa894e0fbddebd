import { hasRun, isAsExpected, type Row, type ScenarioResult } from '../cluster/result.ts'
import { percent } from '../lib/bars.ts'
import { type JunitCase, junitDocument } from './junit-document.ts'
import { podShares } from './pod-shares.ts'
import type { RunInfo } from './run-info.ts'
import { errorsText, isStepMet, mark, perRelease, shortfalls } from './sentences.ts'
import { oneLine } from './visible.ts'

/** The rows as JUnit XML: a test per row. */
export const junitXml = (rows: readonly Row[], info?: RunInfo): string =>
  junitDocument([
    {
      name: 'evenly',
      cases: rows.map(testCase),
      timestamp: info && utc(info.startedAt),
      properties: info?.versions ?? {},
      ...(info?.tookSeconds !== undefined && { seconds: info.tookSeconds }),
    },
  ])

const utc = (startedAt: string): string => new Date(startedAt).toISOString().slice(0, 19)

function testCase(row: Row): JunitCase {
  const name = { className: 'evenly.matrix', name: row.scenario }
  if (!hasRun(row)) return { ...name, outcome: { kind: row.failed ? 'error' : 'skipped', message: row.reason } }
  const seconds = row.tookSeconds
  if (isAsExpected(row)) return { ...name, seconds }
  const reasons = shortfalls(row).map(oneLine)
  const text = [...reasons, ...numbers(row)].join('\n')
  return { ...name, seconds, outcome: { kind: 'failure', type: row.verdict, message: reasons.join(' '), text } }
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
