import { connectivityState, experimental as grpc } from '@grpc/grpc-js'
import { HashRing } from './hash-ring.ts'
import { LeafPolicy } from './leaf-policy.ts'
import type { Peer } from './peer.ts'
import { registerPolicy } from './policy-config.ts'
import { onRing, type PeerOnRing, RingHashPicker } from './ring-hash-picker.ts'
import { type RingHashSettings, readRingHash } from './ring-hash-settings.ts'
import { type Hash64, loadXxh64 } from './xxh64.ts'

/** The policy's name in a service config, which it shares with gRPC in other languages. */
export const ringHashName = 'ring_hash_experimental'

/**
 * Makes grpc-js know `ring_hash_experimental`: calls with the same value of a header go to the same peer (gRFC A76), the one that
 * gRPC in other languages and Envoy find for it too. All peers are kept connected. More than once is as good as once.
 */
export function registerRingHash(): void {
  registerPolicy(ringHashName, RingHash, readRingHash)
}

/**
 * How long calls of a key wait while its peer is being connected, before they go where they would go without it. A connection
 * seldom takes as long; that to a pod whose node is gone is given up after 20 s only.
 */
const patienceMilliseconds = 1000

class RingHash extends LeafPolicy<RingHashSettings> {
  private hash: Hash64 | undefined
  private failure: string | undefined
  private ring: HashRing<PeerOnRing> | undefined
  /** What the ring was made of. */
  private madeOf: readonly [all: readonly Peer[], minRingSize: number, maxRingSize: number] | undefined
  /** Until when each peer that is not READY is waited for, in milliseconds of `performance.now()`. */
  private readonly awaited = new WeakMap<Peer, number>()
  private patience: NodeJS.Timeout | undefined

  constructor(parent: grpc.ChannelControlHelper) {
    super(parent, ringHashName)
    loadXxh64()
      .then((hash) => {
        this.hash = hash
      })
      .catch((error: Error) => {
        this.failure = `${ringHashName} needs WebAssembly, which this process does not have: ${error.message}`
      })
      .finally(() => this.refresh())
  }

  override destroy(): void {
    clearTimeout(this.patience)
    super.destroy()
  }

  protected picker(_ready: readonly Peer[], settings: RingHashSettings, all: readonly Peer[]): grpc.Picker {
    const { hash, failure } = this
    if (failure !== undefined) return new grpc.UnavailablePicker({ details: failure })
    if (hash === undefined) return new grpc.QueuePicker(this)
    this.wait(all)
    const { requestHashHeader } = settings
    const awaits = (peer: Peer) => this.awaits(peer)
    return new RingHashPicker({ ring: this.ringOf(all, settings, hash), requestHashHeader, hash, awaits })
  }

  protected override lost(peer: Peer): void {
    this.awaited.delete(peer)
  }

  private ringOf(all: readonly Peer[], { minRingSize, maxRingSize }: RingHashSettings, hash: Hash64) {
    const madeOf = [all, minRingSize, maxRingSize] as const
    if (this.ring === undefined || madeOf.some((part, at) => part !== this.madeOf?.[at])) {
      this.ring = new HashRing(all.map(onRing), { minRingSize, maxRingSize }, hash)
      this.madeOf = madeOf
    }
    return this.ring
  }

  /** Has calls that wait for a peer picked for again once it has been waited for long enough. */
  private wait(all: readonly Peer[]): void {
    const until = performance.now() + patienceMilliseconds
    const trying = all.filter(isTrying)
    for (const peer of trying) if (!this.awaited.has(peer)) this.awaited.set(peer, until)
    if (!trying.some((peer) => this.awaits(peer))) return
    this.patience ??= setTimeout(() => {
      this.patience = undefined
      this.refresh()
    }, patienceMilliseconds + 10).unref()
  }

  private awaits(peer: Peer): boolean {
    return isTrying(peer) && performance.now() < (this.awaited.get(peer) ?? Number.POSITIVE_INFINITY)
  }
}

function isTrying({ leaf }: Peer): boolean {
  const state = leaf.getConnectivityState()
  return state === connectivityState.CONNECTING || state === connectivityState.IDLE
}
