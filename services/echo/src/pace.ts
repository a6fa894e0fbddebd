import { setTimeout as sleep } from 'node:timers/promises'
import type { ClientConfig } from './config.ts'

/** When calls start. */
export interface Pace {
  /** Calls in all; undefined: for ever. */
  readonly requests: number | undefined
  /** Closed loop: calls of one round. */
  readonly concurrency: number
  /** Closed loop: pause between rounds. */
  readonly intervalSeconds: number
  /** Open loop: calls per second; undefined: closed loop. */
  readonly rps: number | undefined
}

/** So many calls to start now. */
export interface Round {
  readonly calls: number
  /** When the first of them was due, on the clock of `performance.now()`: latency counts from here. */
  readonly dueAt: number
}

/** Whether a client calls until it is stopped. */
export function lasts({ requests, durationSeconds }: Pick<ClientConfig, 'requests' | 'durationSeconds'>): boolean {
  return requests === undefined && durationSeconds === undefined
}

/**
 * The rounds of calls to start, until `requests` are started or `signal` aborts. A closed loop's consumer awaits the
 * round's calls before it asks for the next; an open loop's does not, and a late consumer gets the missed calls at once.
 */
export async function* rounds(pace: Pace, signal: AbortSignal): AsyncGenerator<Round> {
  const next = pace.rps === undefined ? closedLoop(pace) : openLoop(pace.rps)
  let left = pace.requests ?? Number.POSITIVE_INFINITY
  while (left > 0) {
    const round = await next(signal)
    if (round === undefined) return
    const calls = Math.min(round.calls, left)
    left -= calls
    yield { ...round, calls }
  }
}

type NextRound = (signal: AbortSignal) => Promise<Round | undefined>

function closedLoop({ concurrency, intervalSeconds }: Pace): NextRound {
  let first = true
  return async (signal) => {
    if (!first && intervalSeconds > 0 && !(await slept(intervalSeconds * 1000, signal))) return undefined
    first = false
    return signal.aborted ? undefined : { calls: concurrency, dueAt: performance.now() }
  }
}

function openLoop(rps: number): NextRound {
  const start = performance.now()
  let started = 0
  return async (signal) => {
    const dueAt = start + (started / rps) * 1000
    const wait = dueAt - performance.now()
    if (wait > 0 && !(await slept(wait, signal))) return undefined
    if (signal.aborted) return undefined
    started++
    return { calls: 1, dueAt }
  }
}

/** Whether the pause went by; false when `signal` cut it short. */
async function slept(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(milliseconds, undefined, { signal })
    return true
  } catch {
    return false
  }
}
