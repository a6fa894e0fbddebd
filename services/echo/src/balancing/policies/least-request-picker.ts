import type { experimental as grpc } from '@grpc/grpc-js'
import type { LeastRequestSettings } from './least-request-settings.ts'
import type { Peer } from './peer.ts'
import { slowStartFactor } from './slow-start.ts'

/** How often weights that grow are looked at again. */
const reweighMilliseconds = 100

/**
 * Takes `choiceCount` different peers at random, by weight, then the one with the fewest calls in flight for its weight. A tie
 * goes to the one taken first, so that idle peers are picked in proportion to their weights. gRFC A48 and Envoy may take a peer
 * twice: of two peers every second call would go to whichever, of four every fourth.
 */
export class LeastRequestPicker implements grpc.Picker {
  private readonly peers: Peer[]
  private readonly settings: LeastRequestSettings
  private readonly random: () => number
  /** What the peer at the same index has of its weight by now. */
  private readonly weights: number[] = []
  /** Their sum; undefined while all are equal. */
  private totalWeight: number | undefined
  /** In milliseconds of `performance.now()`; at the first pick, as there are pickers that nobody picks from. */
  private weighAgainAt = 0

  /** @param random a number from 0 to below 1. */
  constructor(peers: readonly Peer[], settings: LeastRequestSettings, random: () => number = Math.random) {
    this.peers = [...peers]
    this.settings = settings
    this.random = random
  }

  pick(args: grpc.PickArgs): grpc.PickResult {
    return this.choose().pick(args)
  }

  private choose(): Peer {
    if (this.weighAgainAt < Number.POSITIVE_INFINITY && performance.now() >= this.weighAgainAt) this.weigh()
    return this.totalWeight === undefined ? this.chooseEvenly() : this.chooseByWeight(this.totalWeight)
  }

  private chooseEvenly(): Peer {
    const { peers, random } = this
    const taken = this.takenCount()
    let best = this.moveTo(0, Math.floor(random() * peers.length))
    for (let at = 1; at < taken; at++) {
      const other = this.moveTo(at, at + Math.floor(random() * (peers.length - at)))
      if (other.active < best.active) best = other
    }
    return best
  }

  private chooseByWeight(totalWeight: number): Peer {
    const taken = this.takenCount()
    let rest = totalWeight
    let best: Peer | undefined
    let leastLoad = Number.POSITIVE_INFINITY
    for (let at = 0; at < taken; at++) {
      const other = this.moveTo(at, this.indexOfWeight(this.random() * rest, at))
      const weight = this.weights[at] as number
      rest -= weight
      const load = this.load(other, weight)
      if (best !== undefined && load >= leastLoad) continue
      best = other
      leastLoad = load
    }
    return best as Peer
  }

  /** Without a look at the calls in flight the first one taken is the one. */
  private takenCount(): number {
    return this.settings.activeRequestBias === 0 ? 1 : Math.min(this.settings.choiceCount, this.peers.length)
  }

  /** Puts the peer at `index` among those taken. The order of the others does not matter. */
  private moveTo(at: number, index: number): Peer {
    const { peers, weights } = this
    const [peer, weight] = [peers[index] as Peer, weights[index] as number]
    peers[index] = peers[at] as Peer
    weights[index] = weights[at] as number
    peers[at] = peer
    weights[at] = weight
    return peer
  }

  /** Index of the peer in whose part of the weight the point lies, the parts laid end to end from index `start` on. */
  private indexOfWeight(point: number, start: number): number {
    const { weights } = this
    let end = 0
    for (let index = start; index < weights.length - 1; index++) {
      end += weights[index] as number
      if (point < end) return index
    }
    return weights.length - 1
  }

  private load({ active }: Peer, weight: number): number {
    const { activeRequestBias: bias } = this.settings
    return (bias === 1 ? active : active ** bias) / weight
  }

  private weigh(): void {
    const { peers, weights } = this
    const { slowStart } = this.settings
    const now = performance.now()
    const ageSeconds = ({ readySince }: Peer) => (now - (readySince ?? now)) / 1000
    let total = 0
    for (const [index, peer] of peers.entries()) {
      weights[index] = peer.weight * slowStartFactor(ageSeconds(peer), slowStart)
      total += weights[index]
    }
    const growing = slowStart !== undefined && peers.some((peer) => ageSeconds(peer) < slowStart.windowSeconds)
    this.weighAgainAt = growing ? now + reweighMilliseconds : Number.POSITIVE_INFINITY
    this.totalWeight = weights.every((weight) => weight === weights[0]) ? undefined : total
  }
}
