import { connectivityState, experimental as grpc } from '@grpc/grpc-js'
import { LeafPolicy } from '../../../../services/echo/src/balancing/policies/leaf-policy.ts'
import { LeastRequestPicker } from '../../../../services/echo/src/balancing/policies/least-request-picker.ts'
import {
  type LeastRequestSettings,
  readLeastRequest,
} from '../../../../services/echo/src/balancing/policies/least-request-settings.ts'
import type { Peer } from '../../../../services/echo/src/balancing/policies/peer.ts'
import { registerPolicy } from '../../../../services/echo/src/balancing/policies/policy-config.ts'

/** Every policy named `evenly_probe` that a channel has made, the last one last. */
export const probes: Probe[] = []

/** least_request's picker on the base of all policies, which takes down what it is told and what it says. */
export class Probe extends LeafPolicy<LeastRequestSettings> {
  /** All peers that have ever been READY. */
  readonly everReady = new Set<Peer>()
  readonly lostPeers: Peer[] = []
  /** READY peers of each picker. */
  readonly pickers: (readonly Peer[])[] = []
  /** What the parent was told, in order: states, and `look up` for a request to resolve again. */
  readonly said: string[]
  destroyed = false

  constructor(parent: grpc.ChannelControlHelper) {
    const said: string[] = []
    const listening = grpc.createChildChannelControlHelper(parent, {
      updateState(state, picker, error) {
        said.push(error === null ? (connectivityState[state] as string) : `${connectivityState[state]}: ${error}`)
        parent.updateState(state, picker, error)
      },
      requestReresolution() {
        said.push('look up')
        parent.requestReresolution()
      },
    })
    super(listening, 'evenly_probe')
    this.said = said
    probes.push(this)
  }

  /** By address. */
  get ready(): Map<string, Peer> {
    return new Map(this.pickers.at(-1)?.map((peer) => [addressesOf(peer), peer]))
  }

  override destroy(): void {
    super.destroy()
    this.destroyed = true
  }

  protected picker(ready: readonly Peer[], settings: LeastRequestSettings): grpc.Picker {
    for (const peer of ready) this.everReady.add(peer)
    this.pickers.push(ready)
    return new LeastRequestPicker(ready, settings)
  }

  protected override lost(peer: Peer): void {
    this.lostPeers.push(peer)
  }
}

registerPolicy('evenly_probe', Probe, readLeastRequest)

export function addressesOf({ leaf }: Peer): string {
  return leaf.getEndpoint().addresses.map(grpc.subchannelAddressToString).join('+')
}
