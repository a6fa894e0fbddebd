import { registerLeastRequest } from './policies/least-request.ts'
import { registerRingHash } from './policies/ring-hash.ts'
import { registerWeightedRoundRobin } from './policies/weighted-round-robin.ts'

/** Makes grpc-js know every policy of this folder. More than once is as good as once. */
export function registerPolicies(): void {
  registerLeastRequest()
  registerWeightedRoundRobin()
  registerRingHash()
}
