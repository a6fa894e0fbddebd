import { status } from '@grpc/grpc-js'
import { build, type Histogram } from 'hdr-histogram-js'
import type { Verdict } from '../../../scripts/lib/verdict.ts'
import { AddressTally } from './address-tally.ts'
import type { Answer, Caller, CountedRequest } from './callers.ts'
import type { ClientConfig } from './config.ts'
import type { Connection } from './connection.ts'
import { type KeyedCalls, keyedCalls } from './keyed-calls.ts'
import type { CountedMethod, ObservedCall } from './metrics/call-metrics.ts'
import type { PeerCalls } from './metrics/peer-calls.ts'
import type { PeerMetrics } from './metrics/peer-metrics.ts'
import { rounds } from './pace.ts'
import { Progress } from './progress.ts'
import { latencyOf, type Report } from './report.ts'
import type { CallDriver } from './stats/call-driver.ts'
import { statusName } from './status.ts'
import type { CallWindow, Counts, Tally } from './tally.ts'
import type { Tracing } from './tracing/tracing.ts'

/** What a client needs besides its options. */
export interface ClientParts {
  readonly tally: Tally
  readonly observe: (method: CountedMethod) => ObservedCall
  readonly peerMetrics: PeerMetrics
  /** Prints a line for people. */
  readonly say: (line: string) => void
  /** Who may say from outside what the calls are, and watches them. */
  readonly driver?: CallDriver | undefined
  readonly tracing?: Tracing
}

/** What a run needs. */
export interface RunParts extends ClientParts {
  readonly config: ClientConfig
  readonly clientId: string
  readonly policy: string
  /** The verdict on answered calls. */
  readonly judge: (counts: Counts['counts']) => Verdict
  readonly caller: Caller
  readonly connection: Connection
}

/** A call that has ended: the peer that answered, under the tally's name, and the gRPC status. */
interface EndedCall {
  readonly peer: string | undefined
  readonly statusName: string
}

/** One run of calls: starts them at their pace, counts and times them, prints them, reports. */
export class Run {
  private readonly parts: RunParts
  private wish: Pick<CountedRequest, 'behaviour'>
  private readonly keys: KeyedCalls | undefined
  private readonly progress: Progress | undefined
  private readonly addresses: AddressTally | undefined
  private readonly latency: Histogram = build({ highestTrackableValue: 600_000_000, numberOfSignificantValueDigits: 3 })
  /** Calls that have started and not ended. */
  private readonly running = new Set<Promise<unknown>>()
  private counter = 0
  /** Status of the call that ended last. */
  private failing: number = status.OK
  private failures = 0
  /** Whether the run ended because the server stayed away. */
  private gaveUp = false

  constructor(parts: RunParts) {
    this.parts = parts
    this.wish = wishOf(parts.config)
    this.keys = keyedCalls(parts.config)
    this.progress = parts.config.output === 'jsonl' ? new Progress() : undefined
    this.addresses = parts.config.addresses ? new AddressTally() : undefined
  }

  async run(stop: AbortSignal): Promise<Report> {
    const { config, tally } = this.parts
    const startedAt = new Date()
    const whole = tally.open(Number.POSITIVE_INFINITY)
    this.progress?.start(startedAt.getTime(), config.progressSeconds)
    const seconds = config.durationSeconds
    const end = seconds === undefined ? stop : AbortSignal.any([stop, AbortSignal.timeout(seconds * 1000)])
    for await (const round of rounds(config, end)) {
      const calls = Array.from({ length: round.calls }, () => this.callOnce(round.dueAt))
      if (config.rps !== undefined) continue
      await Promise.all(calls)
      // A closed loop that met a dead channel would spin; it goes on when the channel has found a server again.
      if (this.failing !== status.OK && !(await this.foundAgain(end))) break
    }
    await Promise.all(this.running)
    this.progress?.end()
    return this.report(whole, startedAt)
  }

  /** Waits for a lost server, for ever in an endless run; whether it makes sense to go on. */
  private async foundAgain(end: AbortSignal): Promise<boolean> {
    const { config, connection, say } = this.parts
    if (config.requests === undefined) return connection.untilReachable(end)
    const limit = AbortSignal.timeout(config.readyTimeoutSeconds * 1000)
    const found = await connection.untilReachable(AbortSignal.any([end, limit]))
    this.gaveUp = !found && !end.aborted
    if (this.gaveUp) say(`${config.target} was away for ${config.readyTimeoutSeconds} s: giving up`)
    return found
  }

  /** Calls that have started. */
  get started(): number {
    return this.counter
  }

  /** Makes a call now; resolves when it has ended, whatever its status. */
  callOnce(dueAt = performance.now()): Promise<EndedCall> {
    const call = this.call(dueAt)
    this.running.add(call)
    return call.finally(() => this.running.delete(call))
  }

  /** From now on asks only the pod of this name to wait so long, and nobody when that is 0 ms. */
  slowDown(slowPeer: string, delayMilliseconds: number): void {
    this.wish = wishOf({ ...this.parts.config, slowPeer, delayMilliseconds })
  }

  private async call(dueAt: number): Promise<EndedCall> {
    const { caller, clientId, config, peerMetrics, tally } = this.parts
    const counter = ++this.counter
    const ended = tally.start()
    const sentAt = performance.now()
    const driven = this.parts.driver?.begin(counter, this.keys?.metadata(counter))
    const request = { clientId, counter, message: driven?.message ?? config.message, ...this.wish }
    let peerCalls: PeerCalls | undefined
    const options = driven?.options ?? { metadata: this.keys?.metadata(counter) }
    const answer = await caller.call(request, options, (peer, address) => {
      peerCalls = peerMetrics.started(peer, address)
    })
    driven?.ended(answer)
    const now = performance.now()
    if (answer.code === status.OK) this.latency.recordValue(Math.max(1, Math.round((now - dueAt) * 1000)))
    const code = statusName(answer.code)
    const peer = ended(answer.peer, code)
    const movedKey = peer === undefined ? undefined : this.keys?.answered(counter, peer)
    this.progress?.ended(peer, code, movedKey)
    if (answer.addresses) this.addresses?.add(answer.addresses)
    peerCalls ??= peerMetrics.started(answer.peer)
    peerCalls.end(answer.code)
    this.print(counter, answer, now - sentAt)
    return { peer, statusName: code }
  }

  /** Each answer, unless quiet; a failure only when its status is another than the call's before, and how many failed. */
  private print(counter: number, { code, details, peer, place }: Answer, milliseconds: number): void {
    const { config, say } = this.parts
    if (code !== status.OK) {
      if (this.failing !== code) say(`call ${counter} failed: ${statusName(code)}: ${details}`)
      this.failing = code
      this.failures++
      return
    }
    if (this.failing !== status.OK) say(`call ${counter} is answered again, after ${this.failures} that failed`)
    this.failing = status.OK
    this.failures = 0
    const where = place && ` (${place})`
    if (!config.quiet) say(`call ${counter} served by ${peer}${where} in ${milliseconds.toFixed(1)} ms`)
  }

  private report(window: CallWindow, startedAt: Date): Report {
    window.close()
    const { clientId, config, judge, policy } = this.parts
    const counts = window.counts()
    const judgement = judge(counts.counts)
    const answered = Object.values(counts.counts).reduce((sum, calls) => sum + calls, 0)
    return {
      target: config.target,
      clientId,
      policy,
      startedAt: startedAt.toISOString(),
      durationSeconds: (Date.now() - startedAt.getTime()) / 1000,
      ...counts,
      shares: Object.fromEntries(Object.entries(counts.counts).map(([peer, calls]) => [peer, calls / answered])),
      verdict: judgement.verdict,
      expected: config.expect,
      judgement,
      latencyMilliseconds: latencyOf(this.latency),
      gaveUp: this.gaveUp,
      ...(this.keys && { keys: this.keys.counts() }),
      ...(this.addresses && { addresses: this.addresses.counts() }),
    }
  }
}

/** What the server is asked for besides echoing. */
function wishOf(config: ClientConfig): Pick<CountedRequest, 'behaviour'> {
  const { delayMilliseconds, payloadBytes, slowPeer: onlyPod, addresses: tellCaller } = config
  if (delayMilliseconds + payloadBytes === 0 && !tellCaller) return {}
  const more = { ...(onlyPod !== undefined && { onlyPod }), ...(tellCaller && { tellCaller }) }
  return { behaviour: { delayMilliseconds, payloadBytes, ...more } }
}
