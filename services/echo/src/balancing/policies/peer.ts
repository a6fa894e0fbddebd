import { experimental as grpc } from '@grpc/grpc-js'

/** One endpoint, with the connection that its policy keeps to it. */
export class Peer {
  readonly leaf: grpc.LeafLoadBalancer
  /** How many calls it is to get in relation to others; above 0. Default 1. */
  weight = 1
  /** Since when it has been READY, in milliseconds of `performance.now()`; undefined while it is not. */
  readySince: number | undefined
  private started = 0
  /** Picks of this turn of the event loop whose calls have not started yet. */
  private picked = 0

  constructor(leaf: grpc.LeafLoadBalancer) {
    this.leaf = leaf
  }

  /** Calls that were given to it and have not ended. */
  get active(): number {
    return this.started + this.picked
  }

  /**
   * Picks it for a call. grpc-js starts a picked call after the code that made it has run, so that calls made in one go would
   * all find an idle peer: a pick counts at once. Not every pick becomes a call; those that do not are forgotten when the turn
   * of the event loop ends.
   */
  pick(args: grpc.PickArgs): grpc.PickResult {
    const result = this.leaf.getPicker().pick(args)
    if (result.pickResultType !== grpc.PickResultType.COMPLETE) return result
    const { onCallStarted, onCallEnded } = result
    const pickedIn = turn
    if (this.picked++ === 0) forgetPicksLater(this)
    return {
      pickResultType: result.pickResultType,
      subchannel: result.subchannel,
      status: result.status,
      onCallStarted: () => {
        if (pickedIn === turn) this.picked--
        this.started++
        onCallStarted?.()
      },
      onCallEnded: (code, details, metadata) => {
        this.started--
        onCallEnded?.(code, details, metadata)
      },
    }
  }

  /** Its picks of this turn will never become calls, or only later. */
  forgetPicks(): void {
    this.picked = 0
  }
}

/** Number of the event loop's turn, counted where there are picks. */
let turn = 0
let toForget: Peer[] = []

function forgetPicksLater(peer: Peer): void {
  if (toForget.push(peer) > 1) return
  setImmediate(() => {
    turn++
    for (const one of toForget) one.forgetPicks()
    toForget = []
  })
}
