import type { Policy, Verdict } from '../../../scripts/lib/verdict.ts'
import type { ShownConnections } from './live/shown-connections.ts'
import type { Series } from './recent-seconds.ts'
import { judgeCounts } from './report.ts'
import type { CallWindow, Counts, Tally } from './tally.ts'

/** Whose tally it is. */
export interface DistributionOf {
  readonly role: 'server' | 'client'
  /** The pod, or the client's id. */
  readonly name: string
  /** What a client dials; undefined for a server, whose tally is of its callers. */
  readonly target?: string
  /** The client's balancing policy. */
  readonly policy?: string
  readonly judgeAs: Policy
  readonly peers?: number | undefined
  /** The one pod that the client asks to wait before it answers, where the lab told it to. */
  readonly slowPeer?: string
}

/** A window of so many calls, and what they tell. */
export interface JudgedWindow extends Counts {
  readonly size: number
  readonly judgement: Verdict
}

/** What /distribution answers. */
export interface Distribution extends DistributionOf {
  /** The last complete window; null until the first is complete. */
  readonly window: JudgedWindow | null
  /** The window that is filling. */
  readonly filling: { readonly size: number } & Counts
  /** The last 1, 5 and 15 minutes. */
  readonly lastMinutes: Readonly<Record<'1' | '5' | '15', Counts>>
  /** The calls of each of the last seconds that are over, as many as were asked for. */
  readonly series?: Series
  /** What is open on the gRPC port, or what a client's policy knows of; absent where that cannot be told. */
  readonly connections?: ShownConnections
}

/** Keeps one window after another of `size` calls open on a tally, and tells what they show. */
export class DistributionView {
  private readonly tally: Tally
  private of: DistributionOf
  private readonly size: number
  private readonly judge: (counts: Counts['counts']) => Verdict
  private readonly connections: (() => ShownConnections) | undefined
  private filling: CallWindow
  private last: Counts | null = null
  private lastJudged: JudgedWindow | null = null

  /**
   * @param judge the verdict on answered calls; by default what `of` says of them decides alone.
   * @param connections what to show of them.
   */
  constructor(
    tally: Tally,
    of: DistributionOf,
    size: number,
    judge: (counts: Counts['counts']) => Verdict = (counts) => judgeCounts(counts, of),
    connections?: () => ShownConnections,
  ) {
    this.tally = tally
    this.of = of
    this.size = size
    this.judge = judge
    this.connections = connections
    this.filling = this.openWindow()
  }

  /** @param seconds if not 0, with the calls of each of the last so many seconds. */
  now(seconds = 0): Distribution {
    return {
      ...this.of,
      window: this.lastWindow(),
      filling: { size: this.size, ...this.filling.counts() },
      lastMinutes: { 1: this.tally.last(60), 5: this.tally.last(300), 15: this.tally.last(900) },
      ...(seconds > 0 && { series: this.tally.series(seconds) }),
      ...(this.connections && { connections: this.connections() }),
    }
  }

  /** The next `size` calls, judged; rejects when `signal` aborts first. */
  async next(size: number, signal: AbortSignal): Promise<JudgedWindow> {
    return this.judged(size, await this.tally.nextWindow(size, signal))
  }

  /** Forgets the windows: from now on this pod is slow, or none is, and a verdict must not mix what was with what is. */
  restart(slowPeer: string | undefined): void {
    const { slowPeer: _before, ...of } = this.of
    this.of = slowPeer === undefined ? of : { ...of, slowPeer }
    this.filling.close()
    this.last = null
    this.lastJudged = null
    this.filling = this.openWindow()
  }

  private openWindow(): CallWindow {
    const window = this.tally.open(this.size)
    window.complete.then((counts) => {
      if (this.filling !== window) return
      this.last = counts
      this.lastJudged = null
      this.filling = this.openWindow()
    })
    return window
  }

  /** Judged when somebody looks, not at the end of every window: a busy server ends many. */
  private lastWindow(): JudgedWindow | null {
    if (this.last !== null) this.lastJudged ??= this.judged(this.size, this.last)
    return this.lastJudged
  }

  private judged(size: number, counts: Counts): JudgedWindow {
    return { size, ...counts, judgement: this.judge(counts.counts) }
  }
}
