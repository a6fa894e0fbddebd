import { istioService } from '../../manifests/istio-host.ts'
import { type Content, type Manifest, titleOf } from '../../manifests/manifest.ts'
import type { Model } from '../../manifests/model.ts'
import { parentsOf } from '../../manifests/routes.ts'
import type { Service } from '../../manifests/service.ts'
import { listOf } from '../../manifests/workload.ts'
import { fieldPatch } from '../field-patch.ts'
import type { ManifestRule, Violation } from '../manifest-rule.ts'
import { objectPatch } from '../patches.ts'

/** Two routes for one host, of which sidecars heed one. */
export const routeIgnored: ManifestRule = {
  id: 'route-ignored',
  title: 'Of two routes for one host a sidecar heeds one',
  proof: { before: 'fails', after: 'succeeds' },
  why: `At a gateway Istio joins VirtualServices of one host. In sidecars it does not: the older one is heeded, of two that were created
in the same second the first by name, and nothing of the other is (measured both ways). So a route that was split into a file per path
loses all but one: a call that only the other would take matches nothing and ends UNIMPLEMENTED (measured: 60 of 60).

A GRPCRoute whose parent is the Service wins over every VirtualService of that host, whichever is older (measured).`,
  cure: `Write one VirtualService for the host, its particular routes first and the one without \`match\` last. Beside a GRPCRoute leave
the VirtualService out, and what only it can do (timeouts, retries, faults) with it.`,
  sources: [
    'https://istio.io/latest/docs/ops/best-practices/traffic-management/#split-virtual-services',
    'https://istio.io/latest/docs/reference/config/analysis/ist0109/',
    'https://gateway-api.sigs.k8s.io/mesh/gamma/',
    'https://kiali.io/docs/features/validations/',
  ],
  *check(model) {
    const byHost = new Map<string, Manifest[]>()
    for (const route of model.ofKind('VirtualService')) {
      for (const service of hostsOf(model, route)) {
        const key = `${route.metadata.namespace} ${service.host} ${JSON.stringify(route.content.spec.exportTo ?? [])}`
        byHost.set(key, [...(byHost.get(key) ?? []), route])
        const winner = meshRouteOf(model, service)
        if (winner) yield ofGrpcRoute(route, service, winner)
      }
    }
    for (const routes of byHost.values()) {
      const [heeded, ...ignored] = routes.toSorted((one, other) => (one.metadata.name < other.metadata.name ? -1 : 1))
      for (const route of ignored) if (heeded && heeded !== route) yield ofTwo(heeded, route)
    }
  },
}

/** The Services whose calls inside the mesh a VirtualService is for. */
function hostsOf(model: Model, { content, metadata }: Manifest): Service[] {
  const { hosts, gateways, http } = content.spec ?? {}
  if (!Array.isArray(hosts) || !Array.isArray(http)) return []
  if (Array.isArray(gateways) && gateways.length > 0 && !gateways.includes('mesh')) return []
  return [...new Set(hosts.flatMap((host) => istioService(model, host, metadata.namespace) ?? []))]
}

const meshRouteOf = (model: Model, { name, namespace }: Service): Manifest | undefined =>
  model
    .ofKind('GRPCRoute')
    .find(
      (route) =>
        route.metadata.namespace === namespace &&
        parentsOf(route).some(
          (parent) => parent.kind === 'Service' && parent.name === name && parent.namespace === namespace,
        ),
    )

const ofGrpcRoute = (route: Manifest, { name }: Service, winner: Manifest): Violation => ({
  object: route,
  path: ['spec', 'hosts'],
  reason: `${titleOf(winner)} is attached to Service ${name} too, and sidecars heed that one alone, so nothing of ${titleOf(route)} is applied`,
  fix: 'remove one of the two',
  patch: [{ ...objectPatch(route, {}), $patch: 'delete' }],
  unsure: true,
})

function ofTwo(heeded: Manifest, ignored: Manifest): Violation {
  const routes = [...listOf(heeded.content.spec.http), ...listOf(ignored.content.spec.http)]
  const [particular, general] = [routes.filter(isParticular), routes.filter((route) => !isParticular(route))]
  return {
    object: ignored,
    path: ['spec', 'hosts'],
    reason: `${titleOf(heeded)} routes the same host, and sidecars heed the older of two, or the first by name, so nothing of ${titleOf(ignored)} is applied`,
    fix: `put the routes of both into ${heeded.metadata.name}, those with match first`,
    patch: [
      fieldPatch(heeded, ['spec', 'http'], [...particular, ...general.slice(0, 1)]),
      { ...objectPatch(ignored, {}), $patch: 'delete' },
    ],
    // Where the first takes every call, none fails, and which is older only the cluster knows.
    unsure: !listOf(heeded.content.spec.http).every(isParticular),
  }
}

const isParticular = ({ match }: Content): boolean => Array.isArray(match) && match.length > 0
