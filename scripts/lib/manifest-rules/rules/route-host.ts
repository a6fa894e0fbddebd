import { type Destination, destinationsOf } from '../../manifests/destinations.ts'
import { istioService, type Stray, strayIn } from '../../manifests/istio-host.ts'
import { type Manifest, type Path, titleOf } from '../../manifests/manifest.ts'
import type { Model } from '../../manifests/model.ts'
import { backendsOf } from '../../manifests/routes.ts'
import type { Service } from '../../manifests/service.ts'
import { fieldPatch } from '../field-patch.ts'
import type { ManifestRule, Violation } from '../manifest-rule.ts'

/** A route to nowhere. */
export const routeHost: ManifestRule = {
  id: 'route-host',
  title: 'A route sends calls to a Service or a port that is not there',
  proof: { before: 'fails', after: 'succeeds' },
  why: `Nothing refuses a VirtualService or a GRPCRoute whose destination does not exist. Every call that takes the route fails at the
caller's proxy: UNAVAILABLE with a VirtualService, UNKNOWN (an HTTP 500) with a GRPCRoute. The same goes for a Service that is there and
has no such port (measured: 60 of 60 calls each).

Istio completes a host only when it has no dot: in a rule of the namespace \`shop\`, \`orders\` is
\`orders.shop.svc.cluster.local\`. \`orders.shop\`, which DNS knows, is a full name to Istio, and nobody has it.`,
  cure: `Write the full name, \`NAME.NAMESPACE.svc.cluster.local\`, and a port that the Service has. A GRPCRoute tells in its status
(\`ResolvedRefs\`) what it misses.`,
  sources: [
    'https://istio.io/latest/docs/reference/config/networking/virtual-service/#Destination',
    'https://istio.io/latest/docs/ops/best-practices/traffic-management/',
    'https://github.com/istio/istio/issues/16364',
    'https://kiali.io/docs/features/validations/',
  ],
  *check(model) {
    for (const route of model.ofKind('VirtualService')) {
      const destinations = destinationsOf(route)
      const hosts = destinations.map(({ host }) => istioService(model, host, route.metadata.namespace))
      for (const destination of destinations) yield* ofDestination(model, destination, hosts)
    }
    for (const route of model.ofKind('GRPCRoute')) yield* ofBackends(model, route)
  },
}

function* ofDestination(
  model: Model,
  { route, host, port, path }: Destination,
  taken: readonly (Service | undefined)[],
): Iterable<Violation> {
  const service = istioService(model, host, route.metadata.namespace)
  if (service && port !== undefined) yield* ofPort(model, route, service, port, [...path, 'port', 'number'])
  const stray = strayIn(model, host, route.metadata.namespace)
  if (stray) yield ofHost(route, [...path, 'host'], stray, taken, 'UNAVAILABLE')
}

function* ofBackends(model: Model, route: Manifest): Iterable<Violation> {
  const backends = backendsOf(route)
  const taken = backends.map(({ name, namespace }) => model.serviceNamed(name, namespace))
  for (const [i, { name, namespace, port, path }] of backends.entries()) {
    const service = taken[i]
    if (service && port !== undefined) yield* ofPort(model, route, service, port, [...path, 'port'])
    const stray = strayIn(model, name, namespace)
    if (stray) yield ofHost(route, [...path, 'name'], stray, taken, 'UNKNOWN')
  }
}

function ofHost(
  object: Manifest,
  path: Path,
  { host, meant, isHalf, others }: Stray,
  taken: readonly (Service | undefined)[],
  status: string,
): Violation {
  // Beside a version that the route knows, one of another name is another version.
  const right = isHalf || !taken.includes(meant) ? meant : undefined
  return {
    object,
    path,
    reason: isHalf
      ? `Istio takes ${host} for a full name, because of its dot, and no Service has it, so calls that ${titleOf(object)} sends there end ${status}`
      : `there is no Service ${host} among the manifests, where its namespace has ${others}, so calls that ${titleOf(object)} sends there end ${status}`,
    fix: right ? `write ${fullName(right, host)}` : 'name a Service that there is, by its full name',
    ...(right && { patch: [fieldPatch(object, path, fullName(right, host))] }),
    unsure: right === undefined && !isHalf,
  }
}

/** As short as it was written, where that is enough. */
const fullName = ({ name, host }: Service, written: string): string => (written.includes('.') ? host : name)

function* ofPort(model: Model, object: Manifest, service: Service, port: number, path: Path): Iterable<Violation> {
  if (service.ports.length === 0 || service.ports.some(({ number }) => number === port)) return
  const [right, other] = service.ports.length === 1 ? service.ports : model.grpcPorts(service)
  const known = other === undefined ? right?.number : undefined
  yield {
    object,
    path,
    reason: `${titleOf(service.manifest)} has no port ${port}, only ${service.ports.map(({ number }) => number).join(', ')}, so calls that ${titleOf(object)} sends there fail`,
    fix: known === undefined ? 'name a port of the Service' : `say ${known}, the port of the Service`,
    ...(known !== undefined && { patch: [fieldPatch(object, path, known)] }),
  }
}
