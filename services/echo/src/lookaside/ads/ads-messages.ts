import type { ServerDuplexStream } from '@grpc/grpc-js'
import type { Resource } from '../resources/resource.ts'
import type { Request } from './subscription.ts'

/** `envoy.service.discovery.v3.DiscoveryRequest`, as far as it is looked at here. */
export interface DiscoveryRequest extends Request {
  readonly type_url: string
  /** In a client's first request on a stream. */
  readonly node: { readonly id: string; readonly locality: { readonly zone: string } | null } | null
}

/** `envoy.service.discovery.v3.DiscoveryResponse`, as far as it is filled in here. */
export interface DiscoveryResponse {
  readonly type_url: string
  readonly version_info: string
  readonly nonce: string
  readonly resources: readonly Resource['any'][]
}

export type AdsCall = ServerDuplexStream<DiscoveryRequest, DiscoveryResponse>
