import type { EndpointSlice } from '../../../services/echo/src/balancing/endpoint-slices/endpoint-slice.ts'
import { readLookasideConfig } from '../../../services/echo/src/lookaside/config/read-lookaside-config.ts'
import { type Snapshot, SnapshotBuilder } from '../../../services/echo/src/lookaside/snapshot.ts'

/** Addresses of a Service's pods by its name in the namespace shop; `10.0.0.1@a` is one in zone a. */
export type Pods = Readonly<Record<string, readonly string[]>>

/** What clients are told where the config says this of services and these pods run. A Service without an entry has no slices. */
export function snapshotOf(services: object, pods: Pods): Snapshot {
  const config = readLookasideConfig(JSON.stringify({ services }), 'the test')
  return new SnapshotBuilder().build(config.services, (_namespace, service) => slicesOf(pods[service]))
}

export function slicesOf(pods: readonly string[] | undefined): EndpointSlice[] {
  if (pods === undefined) return []
  const endpoints = pods.map((pod) => {
    const [address = '', zone = ''] = pod.split('@')
    return { addresses: [address], zone, targetRef: { kind: 'Pod', name: pod, uid: pod } }
  })
  const metadata = { name: 'slice', namespace: 'shop' }
  return [{ metadata, addressType: 'IPv4', ports: [{ name: 'grpc', port: 8080 }], endpoints }]
}

interface SentAssignment {
  readonly endpoints: readonly {
    readonly priority: number
    readonly locality: { readonly zone: string }
    readonly load_balancing_weight: { readonly value: number } | null
    readonly lb_endpoints: readonly SentEndpoint[]
  }[]
}

interface SentEndpoint {
  readonly endpoint: { readonly address: { readonly socket_address: { readonly address: string } } }
}

/** `priority zone*weight: addresses` of each locality of a decoded ClusterLoadAssignment. */
export function shownAssignment(assignment: unknown): string[] {
  return (assignment as SentAssignment).endpoints.map(({ priority, locality, load_balancing_weight, lb_endpoints }) => {
    const addresses = lb_endpoints.map(({ endpoint }) => endpoint.address.socket_address.address)
    return `${priority} ${locality.zone}*${load_balancing_weight?.value}: ${addresses.join(' ')}`
  })
}
