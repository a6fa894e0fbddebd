import type { Metadata } from '@grpc/grpc-js'
import type { Answer, CallOptions } from '../callers.ts'
import { increase } from '../increase.ts'
import { type MetadataEntry, StatsWindow, type WindowCall } from './stats-window.ts'

/** What gRPC's interop tests call: here both are the client's one method, the first with an empty message. */
export const callTypes = ['EMPTY_CALL', 'UNARY_CALL'] as const
export type CallType = (typeof callTypes)[number]

/** A call that has begun. */
export type WatchedCall = Pick<CallOptions, 'onHeaders' | 'onTrailers'> & {
  /** To be told how it ended, once. */
  ended(answer: Answer): void
}

/** Counts a client's calls as gRPC's interop tests ask for them: of the next calls to start, and of all. */
export class CallStats {
  private readonly all = { EMPTY_CALL: newStats(), UNARY_CALL: newStats() } satisfies Record<CallType, TypeStats>
  /** Replaced, never changed: a call keeps the list that it started with. */
  private open: readonly StatsWindow[] = []

  start(type: CallType): WatchedCall {
    const all = this.all[type]
    all.started++
    const calls = this.open.map((window) => window.admit(type))
    if (this.open.some((window) => window.full)) this.open = this.open.filter((window) => !window.full)
    return {
      ...hooksOf(calls.filter((call) => call.wantsMetadata)),
      ended(answer) {
        increase(all.ended, answer.code)
        for (const call of calls) call.ended(answer)
      },
    }
  }

  /**
   * Who answered the next `size` calls to start. Resolves when all have ended, or with what there is when `signal` aborts.
   * @param metadataKeys headers and trailers to keep of each call, in any case; `*` for all.
   */
  async next(size: number, metadataKeys: readonly string[], signal: AbortSignal): Promise<StatsWindow> {
    const window = new StatsWindow(size, metadataKeys)
    this.open = [...this.open, window]
    await window.untilComplete(signal)
    this.open = this.open.filter((other) => other !== window)
    return window
  }

  /** All calls since the beginning. */
  accumulated(): Record<CallType, TypeTotals> {
    return { EMPTY_CALL: statsOf(this.all.EMPTY_CALL), UNARY_CALL: statsOf(this.all.UNARY_CALL) }
  }
}

/** Calls of a type since the beginning. */
export interface TypeTotals {
  readonly rpcsStarted: number
  /** gRPC status code to calls that ended with it. */
  readonly result: Readonly<Record<number, number>>
}

interface TypeStats {
  started: number
  /** gRPC status code to calls. */
  readonly ended: Map<number, number>
}

const newStats = (): TypeStats => ({ started: 0, ended: new Map() })

const statsOf = ({ started, ended }: TypeStats): TypeTotals => ({
  rpcsStarted: started,
  result: Object.fromEntries(ended),
})

/** Nothing is listened to for a window that wants no metadata: that costs each call. */
function hooksOf(calls: readonly WindowCall[]): Pick<CallOptions, 'onHeaders' | 'onTrailers'> {
  if (calls.length === 0) return {}
  const told = (metadata: Metadata, type: MetadataEntry['type']) => {
    for (const call of calls) call.received(metadata, type)
  }
  return { onHeaders: (headers) => told(headers, 'INITIAL'), onTrailers: (trailers) => told(trailers, 'TRAILING') }
}
