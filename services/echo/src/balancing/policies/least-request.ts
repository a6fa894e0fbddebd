import type { experimental as grpc } from '@grpc/grpc-js'
import { LeafPolicy } from './leaf-policy.ts'
import { LeastRequestPicker } from './least-request-picker.ts'
import { type LeastRequestSettings, readLeastRequest } from './least-request-settings.ts'
import type { Peer } from './peer.ts'
import { registerPolicy } from './policy-config.ts'

/** The policy's name in a service config, beside grpc-js's own. */
export const leastRequestName = 'least_request'

/**
 * Makes grpc-js know `least_request`: of a few peers taken at random, the one with the fewest calls in flight gets the next call
 * (gRFC A48). More than once is as good as once.
 */
export function registerLeastRequest(): void {
  registerPolicy(leastRequestName, LeastRequest, readLeastRequest)
}

class LeastRequest extends LeafPolicy<LeastRequestSettings> {
  constructor(parent: grpc.ChannelControlHelper) {
    super(parent, leastRequestName)
  }

  protected picker(ready: readonly Peer[], settings: LeastRequestSettings): grpc.Picker {
    return new LeastRequestPicker(ready, settings)
  }
}
