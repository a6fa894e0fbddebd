import { Bucket } from './bucket.ts'

/** Calls per second, one number for each of some seconds that are over. */
export interface Series {
  /** Unix time of the first of them. */
  readonly fromSecond: number
  readonly seconds: number
  /** Peer to the calls it answered in each second; one that answered none in all of them is not in it. */
  readonly calls: Readonly<Record<string, readonly number[]>>
  /** Calls that failed in each second. */
  readonly failed: readonly number[]
}

/** Sums are carried on when they were last asked for at most so long ago, and made anew otherwise. */
const carriedSeconds = 60

interface RunningSum {
  /** The first second that is not in it. */
  until: number
  readonly bucket: Bucket
}

/** The calls that ended in each of the last seconds. Seconds are whole and of Unix time; the clock is the caller's. */
export class RecentSeconds {
  private readonly buckets = new Map<number, Bucket>()
  private readonly sums = new Map<number, RunningSum>()
  private readonly keptSeconds: number
  /** The second that was last told of. */
  private latest = Number.NEGATIVE_INFINITY

  /** @param keptSeconds the longest span that is asked for. */
  constructor(keptSeconds: number) {
    this.keptSeconds = keptSeconds
  }

  /** The bucket to add to in second `now`. `onOpened` is called when it is the first call of that second. */
  running(now: number, onOpened: () => void): Bucket {
    this.moveTo(now)
    const running = this.buckets.get(now)
    if (running) return running
    const bucket = new Bucket()
    this.buckets.set(now, bucket)
    for (const second of this.buckets.keys()) {
      if (second <= now - this.keptSeconds - carriedSeconds) this.buckets.delete(second)
    }
    onOpened()
    return bucket
  }

  /** All calls of the last `span` seconds, the running one included. */
  last(span: number, now: number): Bucket {
    this.moveTo(now)
    const total = new Bucket()
    total.merge(this.over(span, now))
    for (const [second, bucket] of this.buckets) if (second >= now) total.merge(bucket)
    return total
  }

  /** The last `span` seconds that are over, each for itself: the running one would look like a loss of calls. */
  series(span: number, now: number): Series {
    const fromSecond = now - span
    // Not an object: a peer may call itself __proto__.
    const calls = new Map<string, number[]>()
    const failed = new Array<number>(span).fill(0)
    for (let index = 0; index < span; index++) {
      const bucket = this.buckets.get(fromSecond + index)
      if (bucket === undefined) continue
      failed[index] = bucket.failed()
      for (const [peer, count] of bucket.peers()) {
        const known = calls.get(peer) ?? new Array<number>(span).fill(0)
        known[index] = count
        calls.set(peer, known)
      }
    }
    return { fromSecond, seconds: span, calls: Object.fromEntries(calls), failed }
  }

  /** A clock that was set back changes seconds that are already summed up. */
  private moveTo(now: number): void {
    if (now < this.latest) this.sums.clear()
    this.latest = now
  }

  /** The seconds of the span that are over. Carried on from the last time: a page asks several times a second. */
  private over(span: number, now: number): Bucket {
    const known = this.sums.get(span)
    if (known === undefined || now - known.until > carriedSeconds) return this.summedUp(span, now)
    for (; known.until < now; known.until++) {
      const [joins, leaves] = [this.buckets.get(known.until), this.buckets.get(known.until + 1 - span)]
      if (joins) known.bucket.merge(joins)
      if (leaves) known.bucket.subtract(leaves)
    }
    return known.bucket
  }

  private summedUp(span: number, now: number): Bucket {
    const bucket = new Bucket()
    for (const [second, calls] of this.buckets) if (second > now - span && second < now) bucket.merge(calls)
    this.sums.set(span, { until: now, bucket })
    return bucket
  }
}
