import { titleOf } from '../../manifests/manifest.ts'
import type { Model } from '../../manifests/model.ts'
import type { Service } from '../../manifests/service.ts'
import { useWaypoint, waypointOf } from '../../manifests/waypoint.ts'
import { isReached } from '../is-reached.ts'
import { keepsToNode } from '../keeps-to-node.ts'
import type { ManifestRule } from '../manifest-rule.ts'
import { watchesEndpoints } from '../own-calls.ts'
import { waypointPatches } from '../waypoint-patches.ts'

/** The ambient mesh without a waypoint is one of connections. */
export const ambientWaypoint: ManifestRule = {
  id: 'ambient-waypoint',
  title: 'The ambient mesh balances connections where there is no waypoint',
  why: `In ambient mode there are two layers of proxies. The one on each node, ztunnel, encrypts and knows connections, not calls: it
chooses a pod when a client connects, and all calls of that connection go there. Calls are only looked at by a waypoint, an
Envoy that a Service or a namespace has to ask for. So taking a namespace into the ambient mesh changes nothing about gRPC: one
connection, one pod.`,
  cure: `- a waypoint: a Gateway of class \`istio-waypoint\`, and the label \`istio.io/use-waypoint: NAME\` on the Service (or its namespace). Costs
  an Envoy for the namespace and a hop. With several replicas of the waypoint each connection keeps to one of them, which is
  harmless for the spread over pods;
- or balance in the client: a headless Service and \`round_robin\`.`,
  sources: [
    'https://istio.io/latest/docs/ambient/usage/waypoint/',
    'https://istio.io/latest/docs/ambient/architecture/data-plane/',
    'https://github.com/istio/istio/issues/53508',
    'https://github.com/istio/istio/issues/56864',
  ],
  *check(model) {
    for (const service of model.services) {
      const port = model.grpcPorts(service).find(() => isPinned(model, service))
      if (port === undefined) continue
      yield {
        object: service.manifest,
        path: ['metadata', 'labels', useWaypoint],
        reason: `port ${port.number} of ${titleOf(service.manifest)} speaks gRPC (${model.speaksGrpc(service, port) ?? 'a client calls it so'}) in the ambient mesh without a waypoint, and ztunnel balances connections, so each client keeps to one of ${service.maxReplicas} pods`,
        fix: `label the Service ${useWaypoint} and let the namespace have that waypoint`,
        patch: waypointPatches(model, service),
      }
    }
  },
}

/**
 * Whether calls to a Service pass ztunnel alone. Who has a sidecar, or none of a mesh, goes past waypoints too; a gateway knows
 * the pods by itself.
 */
function isPinned(model: Model, service: Service): boolean {
  if (service.isHeadless || service.maxReplicas < 2 || waypointOf(model, service) !== undefined) return false
  if (keepsToNode(service)) return false
  const calls = model.callsTo(service)
  if (calls.length > 0) return calls.some((call) => model.meshOf(call.client) === 'ambient' && !watchesEndpoints(call))
  const balanced = model.twinsOf(service).some(({ isHeadless }) => isHeadless) || isReached(model, service)
  return !balanced && model.isInMesh(service, 'ambient')
}
