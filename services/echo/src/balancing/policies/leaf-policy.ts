import { type ChannelOptions, connectivityState, experimental as grpc, type StatusObject } from '@grpc/grpc-js'
import { Peer } from './peer.ts'
import { PolicyConfig } from './policy-config.ts'
import { isSameForConnections } from './subchannel-options.ts'

/**
 * What every policy here has in common: a connection to each endpoint, kept over address updates, and a state for the whole that
 * follows from theirs, as grpc-js's round_robin has it. A policy says how to pick among those that are READY.
 */
export abstract class LeafPolicy<Settings> implements grpc.LoadBalancer {
  private readonly name: string
  private readonly parent: grpc.ChannelControlHelper
  private readonly peers = new Map<string, Peer>()
  private all: readonly Peer[] = []
  private config: PolicyConfig<Settings> | undefined
  private options: ChannelOptions = {}
  private updating = false
  private readyBefore = 0
  private lastError = 'no endpoint answered'

  /** @param name in a service config. */
  constructor(parent: grpc.ChannelControlHelper, name: string) {
    this.parent = parent
    this.name = name
  }

  getTypeName(): string {
    return this.name
  }

  /**
   * Chooses among peers that are READY, of which there is at least one; asked for whenever they or the settings change.
   * @param all READY or not; the same list until endpoints or their weights change.
   */
  protected abstract picker(ready: readonly Peer[], settings: Settings, all: readonly Peer[]): grpc.Picker

  /** Called once for each peer that leaves READY or is dropped, for who keeps something by peer. */
  protected lost(_peer: Peer): void {}

  updateAddressList(
    endpoints: grpc.StatusOr<grpc.Endpoint[]>,
    config: grpc.TypedLoadBalancingConfig,
    options: ChannelOptions,
    note: string,
  ): boolean {
    if (!(config instanceof PolicyConfig) || config.getLoadBalancerName() !== this.name) return false
    const isNewConfig = JSON.stringify(config.toJsonObject()) !== JSON.stringify(this.config?.toJsonObject())
    this.config = config
    if (!endpoints.ok) {
      // Old endpoints are better than none while they cannot be looked up.
      if (this.peers.size === 0) this.fail(endpoints.error)
      else if (isNewConfig) this.refresh()
      return true
    }
    const isNewList = this.keepOnly(endpoints.value, options, note)
    if (this.peers.size === 0) this.fail({ details: `No endpoints for ${this.name}${note && `: ${note}`}` })
    else if (isNewList || isNewConfig) this.refresh()
    return true
  }

  exitIdle(): void {
    for (const { leaf } of this.peers.values()) leaf.exitIdle()
  }

  resetBackoff(): void {}

  destroy(): void {
    const peers = [...this.peers.values()]
    this.peers.clear()
    this.config = undefined
    for (const peer of peers) this.drop(peer)
  }

  /** Builds the picker anew, where what it goes by has changed. */
  protected refresh(): void {
    if (this.updating || this.config === undefined) return
    const ready = [...this.peers.values()].filter((peer) => this.isReady(peer))
    // Who watches names may know of another endpoint by now.
    if (ready.length < this.readyBefore) this.parent.requestReresolution()
    this.readyBefore = ready.length
    if (ready.length > 0)
      this.parent.updateState(connectivityState.READY, this.picker(ready, this.config.settings, this.all), null)
    else if (this.anyTrying()) {
      this.parent.updateState(connectivityState.CONNECTING, new grpc.QueuePicker(this), null)
    } else this.fail({ details: `No connection established. Last error: ${this.lastError}` })
    // An endpoint that went idle is connected again at once: a call shall find a choice.
    this.exitIdle()
  }

  private isReady(peer: Peer): boolean {
    const ready = peer.leaf.getConnectivityState() === connectivityState.READY
    if (ready) peer.readySince ??= performance.now()
    else if (peer.readySince !== undefined) {
      peer.readySince = undefined
      this.lost(peer)
    }
    return ready
  }

  private anyTrying(): boolean {
    const trying: readonly connectivityState[] = [connectivityState.CONNECTING, connectivityState.IDLE]
    return [...this.peers.values()].some(({ leaf }) => trying.includes(leaf.getConnectivityState()))
  }

  /** Whether anything is other than before. A connection stays as long as its endpoint does, however often that is told. */
  private keepOnly(endpoints: readonly grpc.Endpoint[], options: ChannelOptions, note: string): boolean {
    const wanted = new Map(endpoints.map((endpoint) => [keyOf(endpoint), endpoint]))
    const isSame = isSameForConnections(options, this.options)
    this.options = options
    let changed = !isSame
    this.updating = true
    for (const [key, peer] of this.peers) {
      if (wanted.has(key)) continue
      this.peers.delete(key)
      this.drop(peer)
      changed = true
    }
    for (const [key, endpoint] of wanted) {
      const known = this.peers.get(key)
      if (known && !isSame) known.leaf.updateEndpoint(endpoint, options)
      const peer = known ?? this.connect(key, endpoint, note)
      const weight = weightOf(endpoint)
      changed ||= !known || peer.weight !== weight
      peer.weight = weight
    }
    this.updating = false
    if (changed) this.all = [...this.peers.values()]
    return changed
  }

  private connect(key: string, endpoint: grpc.Endpoint, note: string): Peer {
    // A leaf has a timer that outlives it: what it says after it was dropped is not for the parent.
    const lives = () => this.peers.get(key) === peer
    const helper = grpc.createChildChannelControlHelper(this.parent, {
      updateState: (_state, _picker, error) => {
        if (!lives()) return
        if (error) this.lastError = error.replace(/^No connection established\. Last error: /, '')
        this.refresh()
      },
      requestReresolution: () => {
        if (lives()) this.parent.requestReresolution()
      },
    })
    const peer = new Peer(new grpc.LeafLoadBalancer(endpoint, helper, this.options, note))
    this.peers.set(key, peer)
    peer.leaf.startConnecting()
    return peer
  }

  private drop(peer: Peer): void {
    if (peer.readySince !== undefined) {
      peer.readySince = undefined
      this.readyBefore--
      this.lost(peer)
    }
    peer.leaf.destroy()
  }

  private fail(error: Partial<StatusObject> & { readonly details: string }): void {
    this.parent.updateState(connectivityState.TRANSIENT_FAILURE, new grpc.UnavailablePicker(error), error.details)
  }
}

/** An endpoint is its addresses, in whatever order they come. */
function keyOf({ addresses }: grpc.Endpoint): string {
  return addresses.map(grpc.subchannelAddressToString).toSorted().join()
}

/** xDS and our own resolver put a weight beside the addresses of an endpoint, which grpc-js's type does not tell. */
function weightOf(endpoint: grpc.Endpoint & { readonly endpointWeight?: number }): number {
  return endpoint.endpointWeight && endpoint.endpointWeight > 0 ? endpoint.endpointWeight : 1
}
