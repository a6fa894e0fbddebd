import type { ServiceEndpoint } from '../../balancing/endpoint-slices/service-endpoints.ts'
import { type Resource, resource } from './resource.ts'

/** How the zones of endpoints are told to clients. */
export interface ZoneRules {
  /**
   * none: calls go to all endpoints alike. zoneFirst: the client's own zone gets all calls, as long as it has an endpoint that works.
   * weighted: zones get calls by `zoneWeights`, and the policy chooses within a zone.
   */
  readonly localities: 'none' | 'zoneFirst' | 'weighted'
  /** A zone that is not named has 1; one of 0 gets no call. */
  readonly zoneWeights: Readonly<Record<string, number>>
}

/**
 * The endpoints of a cluster.
 * @param tiers endpoints that are used in this order: one tier gets calls when none before it has an endpoint that works
 * @param zone the client's own; '' where it has not told
 */
export function loadAssignment(
  cluster: string,
  tiers: readonly (readonly ServiceEndpoint[])[],
  rules: ZoneRules,
  zone: string,
): Resource {
  const levels = eachOnce(tiers)
    .flatMap((tier) => (rules.localities === 'zoneFirst' ? ownFirst(tier, zone) : [tier]))
    .map((level) => localities(level, rules))
    // Priorities must have no gap.
    .filter((level) => level.length > 0)
  const endpoints = levels.flatMap((level, priority) => level.map((locality) => ({ ...locality, priority })))
  return resource('eds', cluster, { cluster_name: cluster, endpoints })
}

/** Clients refuse an address that comes twice, as that of a pod which two Services have. */
function eachOnce(tiers: readonly (readonly ServiceEndpoint[])[]): ServiceEndpoint[][] {
  const seen = new Set<string>()
  return tiers.map((tier) =>
    tier.filter(({ addresses, port }) => {
      const keys = addresses.map((address) => `${address} ${port}`)
      if (keys.some((key) => seen.has(key))) return false
      for (const key of keys) seen.add(key)
      return true
    }),
  )
}

function ownFirst(tier: readonly ServiceEndpoint[], zone: string): ServiceEndpoint[][] {
  if (zone === '') return [[...tier]]
  return [tier.filter((endpoint) => endpoint.zone === zone), tier.filter((endpoint) => endpoint.zone !== zone)]
}

/**
 * One locality for endpoints among which the policy is to choose: clients draw a locality for each call before their policy sees any
 * endpoint, so that of several no policy would be what it is.
 */
function localities(level: readonly ServiceEndpoint[], { localities: kind, zoneWeights }: ZoneRules): object[] {
  if (kind !== 'weighted') return level.length === 0 ? [] : [localityOf('', 1, level)]
  const zones = Map.groupBy(level, ({ zone }) => zone)
  return [...zones.keys()].sort().flatMap((zone) => {
    const weight = zoneWeights[zone] ?? 1
    return weight === 0 ? [] : [localityOf(zone, weight, zones.get(zone) ?? [])]
  })
}

const localityOf = (zone: string, weight: number, endpoints: readonly ServiceEndpoint[]): object => ({
  locality: { zone },
  load_balancing_weight: { value: weight },
  lb_endpoints: endpoints.map(lbEndpoint),
})

function lbEndpoint({ addresses: [first, ...others], port }: ServiceEndpoint): object {
  const address = (one: string | undefined) => ({ address: { socket_address: { address: one, port_value: port } } })
  return { endpoint: { ...address(first), additional_addresses: others.map(address) } }
}
