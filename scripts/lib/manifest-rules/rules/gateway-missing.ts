import { nearest } from '../../check/nearest.ts'
import type { Content, Manifest } from '../../manifests/manifest.ts'
import { titleOf } from '../../manifests/manifest.ts'
import type { Model } from '../../manifests/model.ts'
import { type Parent, parentsOf } from '../../manifests/routes.ts'
import { listOf } from '../../manifests/workload.ts'
import type { ManifestRule, Violation } from '../manifest-rule.ts'
import { objectPatch } from '../patches.ts'

/** A route that is attached to nothing routes nothing. */
export const gatewayMissing: ManifestRule = {
  id: 'gateway-missing',
  title: 'A route asks for a gateway or a listener that will not have it',
  proof: { before: 'fails', after: 'succeeds' },
  why: `An HTTPRoute or GRPCRoute does nothing by itself: it has to be attached to a listener of a Gateway, or in a mesh to a
Service, and the parent has to allow it. When the name, the \`sectionName\` or the port meets nothing, or when the listener takes
routes of its own namespace alone, which it does unless it says otherwise, the API server accepts the route all the same. Only
its status says so (\`NoMatchingParent\`, \`NotAllowedByListeners\`), and the gateway answers as if the route were not there: gRPC
clients get UNIMPLEMENTED.`,
  cure: `- name the listener as the Gateway does, or leave \`sectionName\` out, so that every listener that fits takes the route;
- for a route of another namespace \`allowedRoutes: {namespaces: {from: All}}\`, or a selector, on the listener: whoever owns the
  Gateway has to want it.`,
  sources: [
    'https://gateway-api.sigs.k8s.io/reference/api-types/httproute/',
    'https://gateway-api.sigs.k8s.io/guides/multiple-ns/',
    'https://gateway-api.sigs.k8s.io/geps/gep-1364/',
  ],
  *check(model) {
    for (const route of [...model.ofKind('HTTPRoute'), ...model.ofKind('GRPCRoute')]) {
      for (const parent of parentsOf(route)) {
        if (parent.kind === 'Gateway') yield* ofGateway(model, route, parent)
        else if (parent.kind === 'Service') yield* ofName(model, route, parent)
      }
    }
  },
}

function* ofGateway(model: Model, route: Manifest, parent: Parent): Iterable<Violation> {
  const gateway = model.ofKind('Gateway').find(({ metadata }) => isParent(metadata, parent))
  if (gateway === undefined) return yield* ofName(model, route, parent)
  const all = listOf(gateway.content.spec?.listeners)
  // Listeners may come from a ListenerSet as well, which a route names by itself.
  const asked = all.filter(({ name, port }) => name === (parent.sectionName ?? name) && port === (parent.port ?? port))
  if (asked.length === 0) return yield ofListener(route, parent, gateway, all)
  if (route.metadata.namespace === gateway.metadata.namespace) return
  if (asked.every((listener) => (listener.allowedRoutes?.namespaces?.from ?? 'Same') === 'Same'))
    yield ofNamespace(route, parent, gateway, asked)
}

/**
 * A parent that is not among the manifests may be on the cluster: it is advice, and about Services, of which others are always
 * here, only where one has nearly that name.
 */
function* ofName(model: Model, route: Manifest, parent: Parent): Iterable<Violation> {
  const others = model.ofKind(parent.kind).filter(({ metadata }) => metadata.namespace === parent.namespace)
  const names = others.map(({ metadata }) => metadata.name)
  if (names.includes(parent.name)) return
  const near = nearest(parent.name, names)
  const meant = parent.kind === 'Gateway' && names.length === 1 ? names[0] : near
  if (meant === undefined && (parent.kind === 'Service' || names.length === 0)) return
  yield {
    object: route,
    path: [...parent.path, 'name'],
    reason: `${parent.kind} ${parent.namespace}/${parent.name} is not among the manifests, though ${meant ?? `${names.length} others of that namespace`} ${meant === undefined ? 'are' : 'is'}, and a route without its parent routes nothing`,
    fix: `name one that there is${meant === undefined ? '' : `, ${meant}`}`,
    ...(meant !== undefined && { patch: [parentPatch(route, parent, { name: meant })] }),
    unsure: true,
  }
}

function ofListener(route: Manifest, parent: Parent, gateway: Manifest, listeners: readonly Content[]): Violation {
  const { sectionName, port } = parent
  const wanted = [...(sectionName === undefined ? [] : [sectionName]), ...(port === undefined ? [] : [`port ${port}`])]
  const names = listeners.map(({ name, port }) => `${name} (port ${port})`)
  return {
    object: route,
    path: [...parent.path, sectionName === undefined ? 'port' : 'sectionName'],
    reason: `${titleOf(gateway)} has no listener ${wanted.join(' at ')}, it has ${names.join(', ') || 'none'}, so it does not take ${titleOf(route)} and answers as if that were not there`,
    fix: `leave ${sectionName === undefined ? 'port' : 'sectionName'} out, or name a listener that there is`,
    patch: [parentPatch(route, parent, { sectionName: undefined, port: undefined })],
    unsure: listeners.length === 0,
  }
}

function ofNamespace(route: Manifest, parent: Parent, gateway: Manifest, asked: readonly Content[]): Violation {
  const listeners = listOf(gateway.content.spec?.listeners).map((listener) =>
    asked.includes(listener)
      ? { ...listener, allowedRoutes: { ...listener.allowedRoutes, namespaces: { from: 'All' } } }
      : listener,
  )
  return {
    object: route,
    path: [...parent.path, 'namespace'],
    reason: `${titleOf(gateway)} takes routes of its own namespace alone, so it does not take ${titleOf(route)} and answers as if that were not there`,
    fix: `set allowedRoutes.namespaces.from of its listener to All or Selector`,
    patch: [objectPatch(gateway, { spec: { listeners } })],
  }
}

/** Lists of custom resources are replaced as a whole. */
function parentPatch(route: Manifest, { path }: Parent, fields: object): object {
  const refs = listOf(route.content.spec?.parentRefs)
  return objectPatch(route, {
    spec: { parentRefs: refs.map((ref, i) => (i === path.at(-1) ? { ...ref, ...fields } : ref)) },
  })
}

const isParent = (metadata: Manifest['metadata'], { name, namespace }: Parent): boolean =>
  metadata.name === name && metadata.namespace === namespace
