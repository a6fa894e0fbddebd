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
  private readonly seconds = new Map<number, Bucket>()
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
      this.secondBucket().add(name, statusName)
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
    const from = this.nowSeconds() - seconds
    const total = new Bucket()
    for (const [second, bucket] of this.seconds) if (second > from) total.merge(bucket)
    return total.counts()
  }

  private capped(peer: string): string {
    const name = this.lastSeen.has(peer) || this.lastSeen.size < maxPeers ? peer : otherPeers
    this.lastSeen.set(name, this.nowSeconds())
    return name
  }

  private forget(from: number): void {
    for (const second of this.seconds.keys()) if (second <= from) this.seconds.delete(second)
    for (const [peer, second] of this.lastSeen) if (second <= from) this.lastSeen.delete(peer)
  }

  private secondBucket(): Bucket {
    const now = this.nowSeconds()
    const running = this.seconds.get(now)
    if (running) return running
    const bucket = new Bucket()
    this.seconds.set(now, bucket)
    this.forget(now - keptSeconds)
    return bucket
  }

  private nowSeconds(): number {
    return Math.floor(this.clock() / 1000)
  }
}

/** Calls that ended, added up. */
export class Bucket {
  private requests = 0
  private readonly byPeer = new Map<string, number>()
  private readonly byError = new Map<string, number>()

  add(peer: string | undefined, statusName: string): void {
    this.requests++
    if (peer !== undefined) increase(this.byPeer, peer, 1)
    if (statusName !== 'OK') increase(this.byError, statusName, 1)
  }

  merge(other: Bucket): void {
    this.requests += other.requests
    for (const [peer, calls] of other.byPeer) increase(this.byPeer, peer, calls)
    for (const [code, calls] of other.byError) increase(this.byError, code, calls)
  }

  counts(): Counts {
    const errors = Object.fromEntries(this.byError)
    return {
      requests: this.requests,
      failed: Object.values(errors).reduce((sum, calls) => sum + calls, 0),
      counts: Object.fromEntries([...this.byPeer].sort(([a], [b]) => (a < b ? -1 : 1))),
      errors,
    }
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

function increase(map: Map<string, number>, key: string, by: number): void {
  map.set(key, (map.get(key) ?? 0) + by)
}
