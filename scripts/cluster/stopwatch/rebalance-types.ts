import type { Interval } from '../../../services/echo/src/progress.ts'

/** A pod's life as an observer of the cluster saw it, in milliseconds since 1970 by the clock that all times here are by. */
export interface PodLife {
  readonly name: string
  /** When it became ready; null when it never did. */
  readonly readyAt: number | null
  /** When its deletion began; null while it has not. */
  readonly leavingAt: number | null
  /** When it was gone; null while it is not. */
  readonly goneAt: number | null
}

/** A part of the time under load, such as `scaling 3 to 5`; it lasts until the next begins. */
export interface Phase {
  readonly name: string
  readonly startsAt: number
}

/** What a change of pods under load showed. Seconds are counted from the pod's own readiness or deletion. */
export interface Rebalance {
  /** Calls in all. */
  readonly requests: number
  readonly failed: number
  readonly joined: readonly JoinedPod[]
  readonly left: readonly LeftPod[]
  /** Calls that failed, by the phase they ended in; a phase without failures is in it with none. */
  readonly errors: readonly {
    readonly phase: string
    readonly requests: number
    readonly errors: Readonly<Record<string, number>>
  }[]
  /** What each pod answered, second for second. */
  readonly series: Series
}

export interface JoinedPod {
  readonly pod: string
  /** From Ready to the first call it answered; null when it got none. Negative is 0: a call may come before the news. */
  readonly firstCallSeconds: number | null
  /** From Ready to the end of the first second in which it got 80 % of its fair share; null when there was none. */
  readonly fairShareSeconds: number | null
}

export interface LeftPod {
  readonly pod: string
  /** From the start of its deletion to the last call it answered; null when it answered none since. */
  readonly lastCallSeconds: number | null
}

export interface Series {
  /** Seconds since the start of the first one; the middle of each interval is half an interval later. */
  readonly seconds: readonly number[]
  /** Pod to its calls in each interval. */
  readonly calls: Readonly<Record<string, readonly number[]>>
  /** Calls that failed in each interval. */
  readonly failed: readonly number[]
  /** What happened, at which second. */
  readonly marks: readonly { readonly second: number; readonly text: string }[]
}

export interface RebalanceInput {
  readonly intervals: readonly Interval[]
  readonly pods: readonly PodLife[]
  readonly phases: readonly Phase[]
}
