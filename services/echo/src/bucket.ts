import { increase } from './increase.ts'
import type { Counts } from './tally.ts'

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
    this.addUp(other, 1)
  }

  /** Takes away what was merged before. */
  subtract(other: Bucket): void {
    this.addUp(other, -1)
  }

  /** Answered calls per peer. */
  peers(): ReadonlyMap<string, number> {
    return this.byPeer
  }

  /** Calls that ended with another status than OK. */
  failed(): number {
    return [...this.byError.values()].reduce((sum, calls) => sum + calls, 0)
  }

  counts(): Counts {
    return {
      requests: this.requests,
      failed: this.failed(),
      counts: Object.fromEntries([...this.byPeer].sort(([a], [b]) => (a < b ? -1 : 1))),
      errors: Object.fromEntries(this.byError),
    }
  }

  private addUp(other: Bucket, sign: 1 | -1): void {
    this.requests += sign * other.requests
    for (const [peer, calls] of other.byPeer) increase(this.byPeer, peer, sign * calls)
    for (const [code, calls] of other.byError) increase(this.byError, code, sign * calls)
  }
}
