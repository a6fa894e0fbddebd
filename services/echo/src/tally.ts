import { Bucket } from './bucket.ts'
import { RecentSeconds, type Series } from './recent-seconds.ts'

/** Calls per peer, answered or not. `counts` holds only calls that a peer answered, whatever its status. */
export interface Counts {
  /** Calls that ended. */
  readonly requests: number
  /** Of these, the ones that ended with another status than OK. */
  readonly failed: number
  /** Peer to calls it answered, in alphabetical order. Who answered none is not in it: only a caller knows the peers. */
  readonly counts: Readonly<Record<string, number>>
  /** gRPC status name to calls that ended so, OK left out. */
  readonly errors: Readonly<Record<string, number>>
}

/**
 * How a call ended: the peer that answered (undefined when none did) and the gRPC status name. Returns the name that the
 * peer is counted under.
 */
export type Outcome = (peer: string | undefined, statusName: string) => string | undefined

/** Past this many peers the rest is counted under `otherPeers`, so that memory and labels stay bounded. */
export const maxPeers = 200
export const otherPeers = '__other__'

/** Calls, and peers that answered none since, are forgotten after this long. */
export const keptSeconds = 15 * 60

/** A window of calls. */
export interface CallWindow {
  /** Resolves when all of its calls have ended; never for an unlimited window. */
  readonly complete: Promise<Counts>
  /** What has ended so far. */
  counts(): Counts
  /** Takes no further calls. */
  close(): void
}

/**
 * Who served, in windows of the next N calls and over the last minutes, never since boot. A call belongs to the window
 * that was open when it *started*, so that a strict round robin shows as exactly even however the answers interleave.
 */
export class Tally {
  private readonly seconds = new RecentSeconds(keptSeconds)
  /** Replaced, never changed: a call keeps the list that it started with. */
  private windows: readonly Window[] = []
  private readonly lastSeen = new Map<string, number>()
  private readonly clock: () => number

  /** @param clock milliseconds; replaced in tests. */
  constructor(clock: () => number = Date.now) {
    this.clock = clock
  }

  /** Notes that a call starts; the function it returns must be called once, when the call ends. */
  start(): Outcome {
    const open = this.windows
    for (const window of open) window.admit()
    return (peer, statusName) => {
      const name = peer === undefined ? undefined : this.capped(peer)
      this.seconds.running(this.nowSeconds(), () => this.forgetPeers()).add(name, statusName)
      for (const window of open) window.end(name, statusName)
      return name
    }
  }

  /** Opens a window that takes the next `size` calls to start; Infinity: all of them, until it is closed. */
  open(size: number): CallWindow {
    const window = new Window(size, () => {
      this.windows = this.windows.filter((other) => other !== window)
    })
    this.windows = [...this.windows, window]
    return window
  }

  /** The counts of the next `size` calls to start, once all of them have ended; rejects when `signal` aborts first. */
  async nextWindow(size: number, signal: AbortSignal): Promise<Counts> {
    signal.throwIfAborted()
    const window = this.open(size)
    return new Promise((resolve, reject) => {
      const abort = () => {
        window.close()
        reject(signal.reason)
      }
      signal.addEventListener('abort', abort, { once: true })
      window.complete.then((counts) => {
        signal.removeEventListener('abort', abort)
        resolve(counts)
      })
    })
  }

  /** The counts of the last `seconds` (at most 900), the running second included. */
  last(seconds: number): Counts {
    return this.seconds.last(seconds, this.nowSeconds()).counts()
  }

  /** Calls per peer in each of the last `seconds` (at most 900) that are over. */
  series(seconds: number): Series {
    return this.seconds.series(seconds, this.nowSeconds())
  }

  private capped(peer: string): string {
    const name = this.lastSeen.has(peer) || this.lastSeen.size < maxPeers ? peer : otherPeers
    this.lastSeen.set(name, this.nowSeconds())
    return name
  }

  private forgetPeers(): void {
    const from = this.nowSeconds() - keptSeconds
    for (const [peer, second] of this.lastSeen) if (second <= from) this.lastSeen.delete(peer)
  }

  private nowSeconds(): number {
    return Math.floor(this.clock() / 1000)
  }
}

class Window implements CallWindow {
  readonly complete: Promise<Counts>
  private readonly bucket = new Bucket()
  private readonly size: number
  private readonly remove: () => void
  private finish: (counts: Counts) => void = () => {}
  private started = 0
  private ended = 0

  constructor(size: number, remove: () => void) {
    this.size = size
    this.remove = remove
    this.complete = new Promise((resolve) => {
      this.finish = resolve
    })
  }

  /** Notes that a call of this window starts; the last one closes it. */
  admit(): void {
    if (++this.started === this.size) this.remove()
  }

  end(peer: string | undefined, statusName: string): void {
    this.bucket.add(peer, statusName)
    if (++this.ended === this.size) this.finish(this.bucket.counts())
  }

  counts(): Counts {
    return this.bucket.counts()
  }

  close(): void {
    this.remove()
  }
}
