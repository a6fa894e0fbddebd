import { increase } from '../increase.ts'

/** The calls of one peer. */
export class PeerCalls {
  /** Calls that it took: counted when the peer is known, which is when the first bytes of its answer are there. */
  started = 0
  /** Calls that ended. */
  ended = 0
  /** gRPC status code to calls. */
  readonly handled = new Map([[0, 0]])
  /** When it last answered, or was last seen connected; milliseconds since 1970. */
  lastSeen = 0

  /** Notes that a call ended that had started here. */
  end(code: number): void {
    this.lastSeen = Date.now()
    this.ended++
    increase(this.handled, code)
  }
}
