import type { Content, Manifest } from '../../lib/manifests/manifest.ts'
import type { Model } from '../../lib/manifests/model.ts'
import type { Service } from '../../lib/manifests/service.ts'

/** The objects of a model that have to do with a Service: itself, its twins, their pods, their callers, the policies on them. */
export function objectsAbout(model: Model, service: Service): Manifest[] {
  const siblings = [service, ...model.twinsOf(service)]
  const workloads = new Set([
    ...siblings.flatMap(({ workloads }) => workloads),
    ...siblings.flatMap((each) => model.callsTo(each).map(({ client }) => client)),
  ])
  const namespaces = new Set([service.namespace, ...[...workloads].map(({ namespace }) => namespace)])
  const own = new Set([...siblings, ...workloads].map(({ manifest }) => manifest))
  const others = new Set([...model.services, ...model.workloads].map(({ manifest }) => manifest))
  return model.objects.filter((object) => {
    if (own.has(object)) return true
    if (others.has(object)) return false
    if (aboutHosts.has(object.kind)) return siblings.some(({ name }) => names(object.content, name))
    return aboutNamespaces.has(object.kind) ? namespaces.has(object.metadata.namespace) : true
  })
}

/** Kinds that name the Services that they are about. */
const aboutHosts = new Set([
  'DestinationRule',
  'VirtualService',
  'ServiceEntry',
  'GRPCRoute',
  'HTTPRoute',
  'TLSRoute',
  'Ingress',
  'ServiceProfile',
  'BackendTLSPolicy',
])

/** Kinds that are about what is near them. */
const aboutNamespaces = new Set(['HorizontalPodAutoscaler', 'ScaledObject', 'PodDisruptionBudget', 'Server'])

/** Names of Services hold nothing that a pattern would take for more than itself. */
const names = ({ metadata, spec }: Content, name: string): boolean =>
  new RegExp(`(?<![\\w-])${name}(?![\\w-])`).test(JSON.stringify([metadata?.name, spec]))
