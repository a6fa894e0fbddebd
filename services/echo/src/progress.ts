import { Bucket } from './bucket.ts'
import type { Counts } from './tally.ts'

/** What a client saw since the line before, with `-o jsonl` about once in `--progress-seconds`. */
export interface Interval extends Counts {
  readonly type: 'interval'
  /** When the interval began and ended, in milliseconds since 1970. Intervals follow each other without a gap. */
  readonly from: number
  readonly to: number
  /** Peer to when the first and the last of its answers came in this interval, in milliseconds since 1970. */
  readonly first: Readonly<Record<string, number>>
  readonly last: Readonly<Record<string, number>>
  /** With `--keys`: key to the peer that answered it, where that is another one than the last that did. */
  readonly moved: Readonly<Record<string, string>>
}

/** Cuts a run into intervals that follow each other without a gap. A call belongs to the one in which it ended. */
export class Progress {
  private readonly write: (interval: Interval) => void
  private timer: NodeJS.Timeout | undefined
  private from = 0
  private calls = new Bucket()
  private readonly answers = new Map<string, Answers>()
  private readonly moved = new Map<string, string>()

  /** @param write takes each interval when it ends; by default to standard output, as a line of JSON. */
  constructor(write: (interval: Interval) => void = writeLine) {
    this.write = write
  }

  /** Opens the first interval at `from`, in milliseconds since 1970; from now on one ends every `seconds`. */
  start(from: number, seconds: number): void {
    this.from = from
    this.timer = setInterval(() => this.cut(), Math.min(seconds * 1000, longestTimer)).unref()
  }

  /**
   * Notes that a call ended.
   * @param peer by the name it is tallied under; undefined when none answered.
   * @param movedKey the call's key, when another peer answered that key last.
   */
  ended(peer: string | undefined, statusName: string, movedKey: string | undefined): void {
    this.calls.add(peer, statusName)
    if (peer === undefined) return
    const now = Date.now()
    const known = this.answers.get(peer)
    if (known) known.last = now
    else this.answers.set(peer, { first: now, last: now })
    if (movedKey !== undefined) this.moved.set(movedKey, peer)
  }

  /** Ends the last interval, however short it is. */
  end(): void {
    clearInterval(this.timer)
    this.cut()
  }

  private cut(): void {
    const { from } = this
    this.from = Date.now()
    const first = Object.fromEntries([...this.answers].map(([peer, answers]) => [peer, answers.first]))
    const last = Object.fromEntries([...this.answers].map(([peer, answers]) => [peer, answers.last]))
    const moved = Object.fromEntries(this.moved)
    this.write({ type: 'interval', from, to: this.from, ...this.calls.counts(), first, last, moved })
    this.calls = new Bucket()
    this.answers.clear()
    this.moved.clear()
  }
}

function writeLine(interval: Interval): void {
  process.stdout.write(`${JSON.stringify(interval)}\n`)
}

/** When the first and the last answer of a peer came. */
interface Answers {
  readonly first: number
  last: number
}

/** Milliseconds; Node takes a longer one for 1. */
const longestTimer = 2 ** 31 - 1
