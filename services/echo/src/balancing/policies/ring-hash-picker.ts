import { connectivityState, experimental as grpc } from '@grpc/grpc-js'
import type { HashRing, RingMember } from './hash-ring.ts'
import type { Peer } from './peer.ts'
import type { Hash64 } from './xxh64.ts'

/** A peer with its place on the ring. */
export interface PeerOnRing extends RingMember {
  readonly peer: Peer
}

/** The peer as gRPC places it: by its first address. */
export function onRing(peer: Peer): PeerOnRing {
  const [address] = peer.leaf.getEndpoint().addresses
  return { key: address === undefined ? '' : grpc.subchannelAddressToString(address), weight: peer.weight, peer }
}

export interface RingHashPickerParts {
  readonly ring: HashRing<PeerOnRing>
  readonly requestHashHeader: string
  readonly hash: Hash64
  /** Whether calls of a peer that is not READY shall wait for it. */
  readonly awaits: (peer: Peer) => boolean
}

/**
 * Picks the peer that the call's hash belongs to, or the next one around the ring that is READY. The hash is the one that xDS
 * made for the call, or else that of the header, whose values count as one with commas between; a call without it goes anywhere.
 */
export class RingHashPicker implements grpc.Picker {
  private readonly parts: RingHashPickerParts

  constructor(parts: RingHashPickerParts) {
    this.parts = parts
  }

  pick(args: grpc.PickArgs): grpc.PickResult {
    const { ring, awaits } = this.parts
    const hash = this.hashOf(args)
    const found =
      hash === undefined
        ? ring.find(randomHash(), ({ peer }) => isReady(peer))
        : ring.find(hash, ({ peer }) => isReady(peer) || awaits(peer))
    return found !== undefined && isReady(found.peer) ? found.peer.leaf.getPicker().pick(args) : queued
  }

  private hashOf({ metadata, extraPickInfo }: grpc.PickArgs): bigint | undefined {
    if (extraPickInfo.hash !== undefined) return BigInt.asUintN(64, BigInt(extraPickInfo.hash))
    const values = metadata.get(this.parts.requestHashHeader)
    return values.length === 0 ? undefined : this.parts.hash(values.join(','))
  }
}

const random32 = (): bigint => BigInt(Math.floor(Math.random() * 2 ** 32))
const randomHash = (): bigint => (random32() << 32n) | random32()

/** The call is picked for again as soon as a peer's state changes. */
const queued: grpc.PickResult = {
  pickResultType: grpc.PickResultType.QUEUE,
  subchannel: null,
  status: null,
  onCallStarted: null,
  onCallEnded: null,
}

function isReady({ leaf }: Peer): boolean {
  return leaf.getConnectivityState() === connectivityState.READY
}
