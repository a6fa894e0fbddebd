import type { Verdict } from '../../../../scripts/lib/verdict.ts'
import { Bucket } from '../bucket.ts'
import type { JudgedWindow } from '../distribution.ts'
import type { Counts } from '../tally.ts'

/** How many calls to make, and how many of them at a time. */
export interface CallsWanted {
  readonly requests: number
  readonly concurrency: number
}

/** Who makes calls of its own. */
export interface CallingRun {
  /** Calls that it has started. */
  readonly started: number
  /** Makes one call more, counted like all others; resolves to who answered, under the tally's name, and the status. */
  callOnce(): Promise<{ readonly peer: string | undefined; readonly statusName: string }>
}

/** The verdict on answered calls; `mixed` when others went in between and took turns of theirs. */
export type JudgeCounts = (counts: Counts['counts'], mixed: boolean) => Verdict

/** The calls asked for that have ended, and whether they are all. */
export class FurtherCalls {
  private readonly run: CallingRun
  private readonly bucket = new Bucket()

  constructor(run: CallingRun) {
    this.run = run
  }

  /** Those that have ended so far. */
  ended(): number {
    return this.bucket.counts().requests
  }

  /**
   * Makes calls next to the run's own and through the same channel; resolves to their judged window when all have ended, or,
   * once `signal` aborts, when those have ended that had started.
   */
  async make({ requests, concurrency }: CallsWanted, signal: AbortSignal, judge: JudgeCounts): Promise<JudgedWindow> {
    const before = this.run.started
    let left = requests
    const worker = async (): Promise<void> => {
      while (left > 0 && !signal.aborted) {
        left--
        const { peer, statusName } = await this.run.callOnce()
        this.bucket.add(peer, statusName)
      }
    }
    await Promise.all(Array.from({ length: Math.min(concurrency, requests) }, worker))
    const counts = this.bucket.counts()
    const mixed = this.run.started - before > counts.requests
    return { size: requests, ...counts, judgement: judge(counts.counts, mixed) }
  }
}
