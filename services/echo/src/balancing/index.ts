import './second-grpc-js.ts'

// The package's 'evenly-grpc/balancing': what a service of one's own needs to balance its gRPC calls itself.
export {
  type BalancingPolicy,
  type LeastRequestOptions,
  leastRequest,
  pickFirst,
  type RingHashOptions,
  ringHash,
  roundRobin,
  type SlowStartOptions,
  type WeightedRoundRobinOptions,
  weightedRoundRobin,
} from './balancing-policy.ts'
export {
  type CallOptions,
  type MethodOptions,
  type RetryThrottlingOptions,
  type ServiceConfigOptions,
  serviceConfig,
} from './build-service-config.ts'
export type { KubernetesApiOptions } from './endpoint-slices/kubernetes-api.ts'
export {
  type EndpointSliceResolverOptions,
  registerEndpointSliceResolver,
} from './endpoint-slices/register-endpoint-slice-resolver.ts'
export type { EjectionOptions, OutlierDetectionOptions } from './outlier-detection.ts'
export { registerLeastRequest } from './policies/least-request.ts'
export { registerRingHash } from './policies/ring-hash.ts'
export { registerWeightedRoundRobin } from './policies/weighted-round-robin.ts'
export { registerPolicies } from './register-policies.ts'
export type { RetryOptions } from './retry-policy.ts'
