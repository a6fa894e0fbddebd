import type { Destination } from './destination.ts'

/** What Envoy's admin page answers to /clusters?format=json, as far as it is read here. What is 0, false or empty is left out. */
export interface EnvoyClusters {
  readonly cluster_statuses?: readonly Cluster[]
}

interface Cluster {
  readonly name: string
  readonly host_statuses?: readonly Host[]
}

interface Host {
  /** A host may also be a socket's path or an address inside of Envoy, which are not counted here. */
  readonly address: { readonly socket_address?: { readonly address: string; readonly port_value: number } }
  readonly stats?: readonly { readonly name: string; readonly value?: string }[]
  /** `eds_health_status` is what discovery says, the rest are flags: what Envoy found out by itself, ejection included. */
  readonly health_status?: Readonly<Record<string, string | boolean>>
}

/** An endpoint of one cluster. */
export interface Endpoint {
  readonly cluster: string
  /** `address:port`. */
  readonly address: string
  /** Whether it is one of the target itself, not only one where a route may send its calls. */
  readonly ofTarget: boolean
  /** Whether Envoy would send calls to it. */
  readonly healthy: boolean
  /** Calls that Envoy sent to it since it knows it, each retry included. */
  readonly calls: number
  /** Connections that Envoy opened to it since it knows it. */
  readonly connections: number
}

/**
 * The endpoints that calls to `destination` may reach. Istio names a cluster `outbound|PORT|SUBSET|HOST`: those of the
 * destination's port and host are the target's own, and a route may send its calls to any other of that port. When no
 * cluster has that name and the destination is in the pod itself, Envoy was configured by hand and listens there: then all
 * of its clusters are the target's, but for those that stay in the pod as well, such as its own admin page.
 */
export function endpointsOf({ cluster_statuses = [] }: EnvoyClusters, destination: Destination): Endpoint[] {
  const { names, port, loopback } = destination
  const hosts = new Set(cluster_statuses.map((cluster) => outboundHost(cluster, port)))
  const host = names.find((name) => hosts.has(name))
  return cluster_statuses.flatMap((cluster) => {
    const outbound = outboundHost(cluster, port)
    const ofTarget = host === undefined ? loopback && leavesThePod(cluster) : outbound === host
    if (!ofTarget && outbound === undefined) return []
    return (cluster.host_statuses ?? []).flatMap((status) => {
      const address = addressOf(status)
      return address === undefined ? [] : [{ cluster: cluster.name, address, ofTarget, ...stateOf(status) }]
    })
  })
}

/** Addresses of the target itself that Envoy would send calls to, each once though several clusters may have it. */
export function healthyAddresses(endpoints: readonly Endpoint[]): ReadonlySet<string> {
  return new Set(endpoints.filter(({ ofTarget, healthy }) => ofTarget && healthy).map(({ address }) => address))
}

/** The host in the name that Istio gives a cluster; undefined when it is for another port or has another kind of name. */
function outboundHost({ name }: Cluster, port: number): string | undefined {
  const [direction, ofPort, , host] = name.split('|')
  return direction === 'outbound' && ofPort === String(port) ? host : undefined
}

function leavesThePod({ host_statuses = [] }: Cluster): boolean {
  return host_statuses.some(({ address: { socket_address } }) => {
    return socket_address !== undefined && !['127.0.0.1', '::1'].includes(socket_address.address)
  })
}

function addressOf({ address: { socket_address } }: Host): string | undefined {
  if (socket_address === undefined) return undefined
  const { address, port_value } = socket_address
  return `${address.includes(':') ? `[${address}]` : address}:${port_value}`
}

function stateOf({ stats = [], health_status = {} }: Host): Pick<Endpoint, 'healthy' | 'calls' | 'connections'> {
  const counter = (name: string) => Number(stats.find((stat) => stat.name === name)?.value ?? 0)
  const healthy = health_status.eds_health_status === 'HEALTHY' && !Object.values(health_status).includes(true)
  return { healthy, calls: counter('rq_total'), connections: counter('cx_total') }
}
