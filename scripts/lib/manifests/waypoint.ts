import type { Manifest } from './manifest.ts'
import type { Model } from './model.ts'
import type { Service } from './service.ts'

/**
 * The waypoint that calls to a Service go through when their caller is in the ambient mesh, by the label of the Service or
 * else of its namespace; undefined for none, and for one that is for pods' addresses alone.
 *
 * @see https://istio.io/latest/docs/ambient/usage/waypoint/
 */
export function waypointOf(model: Model, { manifest, namespace }: Service): string | undefined {
  const own = manifest.metadata.labels
  const labels = own[useWaypoint] === undefined ? (model.namespace(namespace)?.metadata.labels ?? {}) : own
  const name = labels[useWaypoint]
  if (name === undefined || name === 'none' || name === '') return undefined
  const where = labels['istio.io/use-waypoint-namespace'] ?? namespace
  const gateway = model.ofKind('Gateway').find(({ metadata }) => metadata.name === name && metadata.namespace === where)
  return gateway !== undefined && !takesServices(gateway) ? undefined : name
}

export const useWaypoint = 'istio.io/use-waypoint'

const takesServices = ({ metadata }: Manifest): boolean =>
  /^(service|all)$/.test(metadata.labels['istio.io/waypoint-for'] ?? 'service')
