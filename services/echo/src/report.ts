import type { Histogram } from 'hdr-histogram-js'
import { bar, percent } from '../../../scripts/lib/bars.ts'
import { judge, type Policy, type Verdict, type VerdictName } from '../../../scripts/lib/verdict.ts'
import type { Counts } from './tally.ts'

/** What a client says at the end of a run. */
export interface Report extends Counts {
  readonly target: string
  readonly clientId: string
  /** The client's own balancing policy; `xds` where a control plane chooses it. */
  readonly policy: string
  readonly startedAt: string
  readonly durationSeconds: number
  /** Peer to its share of the answered calls, 0 to 1. */
  readonly shares: Readonly<Record<string, number>>
  readonly verdict: VerdictName
  readonly expected: VerdictName | undefined
  readonly judgement: Verdict
  readonly latencyMilliseconds: Latency
  /** Whether the run ended early because the server went away for good. */
  readonly gaveUp: boolean
  /** With `--keys`: key to peer to the calls with that key that it answered. */
  readonly keys?: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** With `--addresses`: answered calls by the socket addresses at either end, the server's view without its ports. */
  readonly addresses?: AddressCounts
  /** With `--proxy-admin`, when it could be read: what the proxy beside the client counted. */
  readonly proxy?: ProxyReport
}

/** Of calls that were answered OK; in an open loop from when the call was due, so that a stall is not hidden. */
export interface Latency {
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly max: number
}

/** Behind a proxy both are the proxy's, or the address that it stands in for: who served is told by the server alone. */
export interface AddressCounts {
  /** What the client's own socket has for its peer. */
  readonly dialled: Readonly<Record<string, number>>
  /** What the server's socket has for its peer. */
  readonly seen: Readonly<Record<string, number>>
}

/** What Envoy counted while a run lasted. */
export interface ProxyReport {
  /**
   * `address:port` to what went there. Each endpoint of the target is in it, one without a call too, and each other one that
   * a route sent calls to. One that Envoy has forgotten by the time of the report is not, as when its pod is gone.
   */
  readonly endpoints: Readonly<Record<string, EndpointCounts>>
}

export interface EndpointCounts {
  /** Calls that Envoy sent there, each retry included. */
  readonly calls: number
  /** Connections that Envoy opened to there; one that was open before the run is none of these. */
  readonly connections: number
}

/** How to judge counts; `peers` says how many there are, so that one without a call counts as 0. */
export interface Judging {
  readonly judgeAs: Policy
  readonly peers?: number | undefined
}

/** The verdict on answered calls. */
export function judgeCounts(counts: Counts['counts'], { judgeAs, peers }: Judging): Verdict {
  const calls = Object.values(counts)
  const silent = Math.max(0, (peers ?? 0) - calls.length)
  const names = [...Object.keys(counts), ...Array<string>(silent).fill('a peer that never answered')]
  return judge([...calls, ...Array<number>(silent).fill(0)], { policy: judgeAs, names })
}

/** @param histogram microseconds. */
export function latencyOf(histogram: Histogram): Latency {
  // A percentile is the upper end of its bucket and may lie above the largest value.
  const milliseconds = (percentile: number) =>
    Math.min(histogram.getValueAtPercentile(percentile), histogram.maxValue) / 1000
  return { p50: milliseconds(50), p90: milliseconds(90), p99: milliseconds(99), max: histogram.maxValue / 1000 }
}

/** The report as a person reads it. */
export function formatReport(report: Report): string {
  const { p50, p90, p99, max } = report.latencyMilliseconds
  const errors = Object.entries(report.errors).map(([code, calls]) => `${code} ${calls}`)
  return [
    `${report.requests} calls to ${report.target} in ${report.durationSeconds.toFixed(1)} s, ${report.failed} failed`,
    ...tallyLines(report),
    ...(errors.length > 0 ? [`errors: ${errors.join(', ')}`] : []),
    ...keysLine(report),
    ...proxyLine(report),
    ...(max > 0 ? [`latency: p50 ${p50} ms, p90 ${p90} ms, p99 ${p99} ms, max ${max} ms`] : []),
    `verdict: ${report.verdict}${report.expected ? ` (expected ${report.expected})` : ''}: ${report.judgement.reason}`,
  ].join('\n')
}

function tallyLines({ counts, shares }: Report): string[] {
  const width = Math.max(0, ...Object.keys(counts).map((peer) => peer.length))
  return Object.entries(counts).map(([peer, calls]) => {
    const share = shares[peer] ?? 0
    return `  ${peer.padEnd(width)} ${String(calls).padStart(7)} ${percent(share).padStart(7)} ${bar(share)}`
  })
}

function keysLine({ keys }: Report): string[] {
  if (keys === undefined) return []
  const answered = Object.values(keys).filter((peers) => Object.keys(peers).length > 0)
  const stayed = answered.filter((peers) => Object.keys(peers).length === 1)
  return [`keys: ${stayed.length} of ${answered.length} were answered by one peer only`]
}

function proxyLine({ proxy }: Report): string[] {
  if (proxy === undefined) return []
  const endpoints = Object.entries(proxy.endpoints).map(([address, { calls }]) => `${address} ${calls}`)
  return [`calls by the proxy's count: ${endpoints.join(', ') || 'none'}`]
}
