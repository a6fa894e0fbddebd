import { styleText } from 'node:util'
import type { AddressCounts, Latency } from '../../services/echo/src/report.ts'
import { hasRun, isAsExpected, outcomes, type Row, type ScenarioResult, type Step } from '../cluster/result.ts'
import type { Rebalance } from '../cluster/stopwatch/rebalance-types.ts'
import { percent } from '../lib/bars.ts'
import { aligned, shareLines } from '../lib/text-table.ts'
import { milliseconds } from './duration.ts'
import { digest, podNames, podShares } from './pod-shares.ts'
import {
  errorsText,
  isStepMet,
  joinedText,
  leftText,
  mark,
  notRunMark,
  perRelease,
  summary,
  tookText,
} from './sentences.ts'
import { visible } from './visible.ts'

/** The rows as a table for people: a line per pod, and below it what else was found. Coloured on a terminal. */
export function resultsTable(rows: readonly Row[]): string {
  const cells = rows.flatMap(linesOf).map((line) => line.map((cell) => visible(cell.replace(/\s/g, ' '))))
  const [head = '', ...lines] = aligned([columns, ...cells])
  return [styleText('bold', head), ...lines.map(colour), '', summary(rows)].join('\n')
}

const columns = ['scenario', 'expected', 'verdict', 'share per pod', 'failed', 'took']

/** Past this many pods that joined, or left, the rest is a number. */
const toldPods = 12

type Name = (pod: string) => string

function linesOf(row: Row): string[][] {
  const { scenario, expected, verdict } = row
  if (!hasRun(row)) return [[scenario, expected, `${notRunMark(row)} ${row.reason}`]]
  const name = podNames(row)
  const [share = 'no pod', ...shares] = shareCells(row, name)
  const failed = `${row.failed} of ${row.requests}`
  return [
    [scenario, expected, `${mark(isAsExpected(row))} ${verdict}`, share, failed, tookText(row.tookSeconds)],
    ...shares.map((line) => ['', '', '', line]),
    ...detailsOf(row, name).map((detail) => [`  ${detail}`]),
  ]
}

function shareCells({ counts }: ScenarioResult, name: Name): string[] {
  const { first, between, last } = digest(podShares(counts))
  const lines = shareLines([...first, ...last].map(({ pod, share }) => ({ label: name(pod), share })))
  if (between === undefined) return lines
  const { pods, least, most } = between
  return lines.toSpliced(first.length, 0, `… ${pods} more with ${percent(least)} to ${percent(most)}`)
}

function detailsOf(row: ScenarioResult, name: Name): string[] {
  const { verdict, expected, reason, checks, steps, truth, rebalance, errors, latencyMilliseconds, addresses } = row
  const failures = errorsText(errors)
  return [
    ...(verdict === expected ? [] : [reason]),
    ...(failures === '' ? [] : [`failed calls: ${failures}`]),
    ...checks.map(({ what, found, met }) => `${mark(met)} ${what}: ${found}`),
    ...steps.map(stepText),
    ...(truth.agrees ? [] : [`✖ counts differ: ${truth.explanation}`]),
    ...(rebalance === null ? [] : rebalanceLines(rebalance, name)),
    ...(latencyMilliseconds === null ? [] : [latencyText(latencyMilliseconds)]),
    ...(addresses === undefined ? [] : addressTexts(addresses)),
    ...(truth.proxyConnections === null
      ? []
      : [`connections that Envoy opened: ${connectionsText(truth.proxyConnections, name)}`]),
  ]
}

const latencyText = ({ p50, p99, max }: Latency): string =>
  `latency: p50 ${milliseconds(p50)}, p99 ${milliseconds(p99)}, max ${milliseconds(max)}`

function addressTexts({ dialled, seen }: AddressCounts): string[] {
  return [`the client's sockets went to: ${perRelease(dialled)}`, `the servers' sockets came from: ${perRelease(seen)}`]
}

const connectionsText = (connections: Readonly<Record<string, number>>, name: Name): string =>
  told(Object.entries(connections).map(([pod, opened]) => `${name(pod)} ${opened}`)).join(' · ')

function stepText(step: Step): string {
  const { weights, counts, requests, failed, verdict } = step
  const calls = `${perRelease(counts)} of ${requests} calls, ${failed} failed`
  return `${mark(isStepMet(step))} weights ${perRelease(weights)}: ${verdict}, ${calls}`
}

function rebalanceLines(rebalance: Rebalance, name: Name): string[] {
  const { joined, left, errors, requests, failed } = rebalance
  const lost = errors.filter((phase) => Object.keys(phase.errors).length > 0)
  return [
    ...told(joined.map((pod) => `${name(pod.pod)} joined: ${joinedText(pod, rebalance)}`)),
    ...told(left.map((pod) => `${name(pod.pod)} left: ${leftText(pod)}`)),
    `${failed} of ${requests} calls failed under load`,
    ...lost.map((one) => `${one.phase}: of ${one.requests} calls failed ${errorsText(one.errors)}`),
  ]
}

function told(lines: readonly string[]): readonly string[] {
  if (lines.length <= toldPods) return lines
  return [...lines.slice(0, toldPods), `… and ${lines.length - toldPods} more`]
}

const marked = new RegExp(`([✔✖])( (${outcomes.join('|')})\\b)?`)

const colour = (line: string): string =>
  line.replace(marked, (text) => styleText(text.startsWith('✔') ? 'green' : 'red', text))
