import { type Resource, resource } from './resource.ts'

/** A cluster and its part of the calls, in relation to the others. */
export interface WeightedCluster {
  readonly cluster: string
  readonly weight: number
}

/**
 * Which clusters calls go to.
 * @param hashHeader header whose value a ring hash goes by
 */
export function routeConfiguration(
  name: string,
  clusters: readonly WeightedCluster[],
  hashHeader: string | undefined,
): Resource {
  const route = {
    ...destination(clusters),
    // Envoy would end calls after 15 seconds; here the deadline is the caller's, as with gRPC clients.
    timeout: { seconds: 0 },
    ...(hashHeader !== undefined && { hash_policy: [{ header: { header_name: hashHeader } }] }),
  }
  return resource('rds', name, {
    name,
    virtual_hosts: [{ name, domains: ['*'], routes: [{ match: { prefix: '/' }, route }] }],
  })
}

function destination(clusters: readonly WeightedCluster[]): object {
  const [only] = clusters
  if (clusters.length === 1 && only) return { cluster: only.cluster }
  return {
    weighted_clusters: {
      clusters: clusters.map(({ cluster, weight }) => ({ name: cluster, weight: { value: weight } })),
    },
  }
}
