import { type ChannelOptions, experimental as grpc, Metadata, type MetadataOptions } from '@grpc/grpc-js'
import { podOf } from '../identity.ts'

/** Hears of every attempt at one call. */
export interface AttemptObserver {
  /**
   * The policy has picked a peer.
   * @param pick number of the pick among all of the channel, from 1.
   * @param headers what the attempt will send; may be added to.
   */
  picked(address: string, pick: number, headers: Metadata): PickedAttempt
}

/** An attempt that may begin: not every pick does, when its connection is lost meanwhile. */
export interface PickedAttempt {
  started(): void
  /** @param pod who answered, where it says so in the trailers. */
  ended(code: number, details: string, pod: string | undefined): void
}

/**
 * Makes attempts visible. Interceptors are above grpc-js's retries and see a call only; call credentials are asked for every
 * attempt (on plaintext channels too), but are told neither the address nor the end. A picker knows both: it chooses the
 * address, `onCallStarted` and `onCallEnded` are told to it alone, and the metadata it is shown is what the attempt sends. So
 * the configured policy gets a parent that passes everything through and listens; it is there only while calls are traced.
 * @param json a gRPC service config; each of its policies goes under that parent.
 */
export function tracedServiceConfig(json: string): string {
  if (!grpc.isLoadBalancerNameRegistered(policyName)) {
    grpc.registerLoadBalancerType(policyName, TracedBalancer, TracedConfig)
  }
  const config = JSON.parse(json)
  const policies: object[] = config.loadBalancingConfig ?? [{ pick_first: {} }]
  return JSON.stringify({ ...config, loadBalancingConfig: policies.map((child) => ({ [policyName]: { child } })) })
}

/** A copy of the metadata with which a call tells `observer` of its attempts. */
export function observedMetadata(metadata: Metadata, observer: AttemptObserver): Metadata {
  // Every attempt sends a clone, and clones share their options: that object is what leads from an attempt to its call.
  const options = { ...metadata.getOptions() }
  const copy = new Metadata(options)
  copy.merge(metadata)
  observers.set(options, observer)
  return copy
}

const policyName = 'evenly_traced'
const observers = new WeakMap<MetadataOptions, AttemptObserver>()

class TracedConfig implements grpc.TypedLoadBalancingConfig {
  readonly child: grpc.TypedLoadBalancingConfig

  constructor(child: grpc.TypedLoadBalancingConfig) {
    this.child = child
  }

  static createFromJson({ child }: { child: Parameters<typeof grpc.parseLoadBalancingConfig>[0] }): TracedConfig {
    return new TracedConfig(grpc.parseLoadBalancingConfig(child))
  }

  getLoadBalancerName(): string {
    return policyName
  }

  toJsonObject(): object {
    return { [policyName]: { child: this.child.toJsonObject() } }
  }
}

class TracedBalancer implements grpc.LoadBalancer {
  private readonly child: grpc.ChildLoadBalancerHandler
  private picks = 0

  constructor(parent: grpc.ChannelControlHelper) {
    const updateState: grpc.ChannelControlHelper['updateState'] = (state, picker, error) =>
      parent.updateState(state, { pick: (args) => this.watched(picker.pick(args), args) }, error)
    this.child = new grpc.ChildLoadBalancerHandler(grpc.createChildChannelControlHelper(parent, { updateState }))
  }

  updateAddressList(
    endpoints: grpc.StatusOr<grpc.Endpoint[]>,
    config: grpc.TypedLoadBalancingConfig,
    options: ChannelOptions,
    note: string,
  ): boolean {
    return config instanceof TracedConfig && this.child.updateAddressList(endpoints, config.child, options, note)
  }

  exitIdle(): void {
    this.child.exitIdle()
  }

  resetBackoff(): void {
    this.child.resetBackoff()
  }

  destroy(): void {
    this.child.destroy()
  }

  getTypeName(): string {
    return policyName
  }

  private watched(result: grpc.PickResult, { metadata }: grpc.PickArgs): grpc.PickResult {
    const { subchannel, onCallStarted, onCallEnded } = result
    if (result.pickResultType !== grpc.PickResultType.COMPLETE || subchannel === null) return result
    const pick = ++this.picks
    const attempt = observers.get(metadata.getOptions())?.picked(subchannel.getAddress(), pick, metadata)
    if (attempt === undefined) return result
    return {
      ...result,
      onCallStarted() {
        onCallStarted?.()
        attempt.started()
      },
      onCallEnded(code, details, trailers) {
        onCallEnded?.(code, details, trailers)
        attempt.ended(code, details, podOf(trailers))
      },
    }
  }
}
