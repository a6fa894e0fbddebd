import type { Call } from '../../manifests/calls.ts'
import { asksInVain } from '../../manifests/known-mesh.ts'
import { type Manifest, titleOf } from '../../manifests/manifest.ts'
import { injectOf } from '../../manifests/mesh.ts'
import type { Model } from '../../manifests/model.ts'
import { strictBehind } from '../../manifests/mutual-tls.ts'
import { backendsOf, parentsOf } from '../../manifests/routes.ts'
import type { Service } from '../../manifests/service.ts'
import { listOf, type Workload } from '../../manifests/workload.ts'
import type { ManifestRule, Violation } from '../manifest-rule.ts'
import { podPatch } from '../patches.ts'

/** A mesh's routes are kept by the callers' proxies. */
export const meshRouteNoProxy: ManifestRule = {
  id: 'mesh-route-no-proxy',
  title: 'A caller without a proxy does not heed the mesh’s routes',
  proof: { before: 'pinned', after: 'even' },
  why: `A VirtualService for the mesh, or a GRPCRoute or HTTPRoute whose parent is a Service, is not kept at the Service: there
is nothing at its virtual IP but kube-proxy. The proxy beside each caller reads the route and splits, retries and times out
the calls that pass it. A caller that has none calls the Service as if there were no route: its weights, retries and timeouts are
not applied, the new version gets nothing, and over one connection one pod serves it all.`,
  cure: `- give the caller's pods a sidecar, or take them into the ambient mesh with a waypoint for the Service. Costs a proxy;
- or have the caller go through a gateway that the route is attached to as well (\`parentRefs\` may name both). Costs a hop.`,
  sources: [
    'https://gateway-api.sigs.k8s.io/mesh/gamma/',
    'https://istio.io/latest/docs/concepts/traffic-management/',
    'https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/',
  ],
  *check(model) {
    for (const service of model.services) {
      const calls = model.callsTo(service).filter((call) => isUnheeding(model, call))
      const route = calls.length === 0 ? undefined : meshRouteFor(model, service)
      if (route === undefined) continue
      for (const { client, mention } of calls) {
        const splits = destinationsOf(route).some(
          (host) => model.serviceNamed(host, route.metadata.namespace) !== service,
        )
        const isLinkerds = route.kind !== 'VirtualService' && model.isInMesh(service, 'linkerd')
        yield {
          object: client.manifest,
          path: [
            ...client.templatePath,
            'metadata',
            ...(isLinkerds ? ['annotations', linkerdInject] : ['labels', inject]),
          ],
          reason: `${titleOf(client.manifest)} calls ${mention.target} and has no proxy that would heed ${titleOf(route)}, so its ${splits ? 'weights' : 'rules'}, retries and timeouts are not applied to these calls`,
          ...(isLinkerds ? intoLinkerd(client) : intoIstio(model, client)),
          unsure: isLinkerds || !splits,
        }
      }
    }
  },
}

/** Whether nothing heeds routes for a call; of callers that ask for a proxy in vain, or are refused, other rules tell. */
const isUnheeding = (model: Model, { client, mention, service, port }: Call): boolean =>
  mention.scheme !== 'xds' &&
  isOutside(model, client) &&
  !asksInVain(model, client) &&
  !strictBehind(model, service, port)

const intoIstio = (model: Model, client: Workload): Cure =>
  canBeInjected(model, client)
    ? {
        fix: `label its pods ${inject}: "true", so that they get a sidecar`,
        patch: [podPatch(client, { metadata: { labels: { [inject]: 'true' } } })],
      }
    : { fix: 'give its pods a sidecar, or have it call a gateway that has the same route' }

const intoLinkerd = (client: Workload): Cure => ({
  fix: `annotate its pods ${linkerdInject}: enabled, so that they get a proxy`,
  patch: [podPatch(client, { metadata: { annotations: { [linkerdInject]: 'enabled' } } })],
})

type Cure = Pick<Violation, 'fix' | 'patch'>

/** The Services that a route sends calls to, as it names them. */
const destinationsOf = (route: Manifest): string[] =>
  route.kind === 'VirtualService'
    ? [...listOf(route.content.spec?.http), ...listOf(route.content.spec?.tcp)].flatMap((rule) =>
        listOf(rule.route).map(({ destination }) => String(destination?.host) + (destination?.subset ? '#' : '')),
      )
    : backendsOf(route).map(({ name, namespace }) => `${name}.${namespace}`)

const linkerdInject = 'linkerd.io/inject'
const inject = 'sidecar.istio.io/inject'

/** A route that Istio's proxies are to keep for calls to a Service. */
export const meshRouteFor = (model: Model, service: Service): Manifest | undefined =>
  model.istioRulesFor(service, 'VirtualService').find(isForMesh) ??
  [...model.ofKind('GRPCRoute'), ...model.ofKind('HTTPRoute')].find((route) =>
    parentsOf(route).some(
      ({ kind, name, namespace }) => kind === 'Service' && name === service.name && namespace === service.namespace,
    ),
  )

const isForMesh = ({ content }: Manifest): boolean => (content.spec?.gateways ?? ['mesh']).includes('mesh')

/**
 * Whether a workload's pods are known to have no proxy. A namespace that no manifest tells of may be in the mesh: nobody who
 * writes a route for a mesh has to say so in the same place.
 */
const isOutside = (model: Model, client: Workload): boolean =>
  model.meshOf(client) === undefined &&
  (injectOf(client) === 'false' ||
    client.podSpec.hostNetwork === true ||
    model.namespace(client.namespace) !== undefined)

/** Whether a label on the pods is all that a sidecar takes. */
const canBeInjected = (model: Model, client: Workload): boolean =>
  client.podSpec.hostNetwork !== true &&
  /^(enabled)?$/.test(model.namespace(client.namespace)?.metadata.labels['istio-injection'] ?? '')
