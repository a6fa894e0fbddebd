import { experimental as grpc } from '@grpc/grpc-js'
import { LeafPolicy } from './leaf-policy.ts'
import { LeastRequestPicker } from './least-request-picker.ts'
import { type LeastRequestSettings, readLeastRequest } from './least-request-settings.ts'
import type { Peer } from './peer.ts'

/** The policy's name in a service config, beside grpc-js's own. */
export const leastRequestName = 'least_request'

/**
 * Makes grpc-js know `least_request`: of a few peers taken at random, the one with the fewest calls in flight gets the next call
 * (gRFC A48). More than once is as good as once.
 */
export function registerLeastRequest(): void {
  if (grpc.isLoadBalancerNameRegistered(leastRequestName)) return
  grpc.registerLoadBalancerType(leastRequestName, LeastRequest, LeastRequestConfig)
}

class LeastRequestConfig implements grpc.TypedLoadBalancingConfig {
  readonly settings: LeastRequestSettings
  private readonly json: unknown

  constructor(json: unknown) {
    this.settings = readLeastRequest(json)
    this.json = json
  }

  static createFromJson(json: unknown): LeastRequestConfig {
    return new LeastRequestConfig(json)
  }

  getLoadBalancerName(): string {
    return leastRequestName
  }

  toJsonObject(): object {
    return { [leastRequestName]: this.json }
  }
}

class LeastRequest extends LeafPolicy<LeastRequestConfig> {
  getTypeName(): string {
    return leastRequestName
  }

  protected accepts(config: grpc.TypedLoadBalancingConfig): config is LeastRequestConfig {
    return config instanceof LeastRequestConfig
  }

  protected picker(ready: readonly Peer[], { settings }: LeastRequestConfig): grpc.Picker {
    return new LeastRequestPicker(ready, settings)
  }
}
