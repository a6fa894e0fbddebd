import type { Model } from '../manifests/model.ts'
import type { Service } from '../manifests/service.ts'
import { useWaypoint } from '../manifests/waypoint.ts'
import { objectPatch } from './patches.ts'

/** Has calls to a Service go through a waypoint of its namespace, `waypoint`, which is made where there is none. */
export function waypointPatches(model: Model, { manifest, namespace }: Service): object[] {
  const there = model
    .ofKind('Gateway')
    .find(
      ({ metadata, content }) =>
        metadata.namespace === namespace &&
        content.spec?.gatewayClassName === 'istio-waypoint' &&
        isForServices(metadata),
    )
  const name = there?.metadata.name ?? 'waypoint'
  const { metadata } = manifest.content
  const where = metadata.namespace && { namespace: metadata.namespace }
  const waypoint = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name, ...where, labels: { 'istio.io/waypoint-for': 'service' } },
    spec: { gatewayClassName: 'istio-waypoint', listeners: [{ name: 'mesh', port: 15008, protocol: 'HBONE' }] },
  }
  const labelled = objectPatch(manifest, {
    metadata: { name: metadata.name, ...where, labels: { [useWaypoint]: name } },
  })
  return there ? [labelled] : [waypoint, labelled]
}

const isForServices = ({ labels }: { readonly labels: Readonly<Record<string, string>> }): boolean =>
  /^(service|all)$/.test(labels['istio.io/waypoint-for'] ?? 'service')
