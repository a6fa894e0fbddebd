import { type Manifest, titleOf } from '../../manifests/manifest.ts'
import type { Model } from '../../manifests/model.ts'
import { type Backend, backendsOf, parentsOf } from '../../manifests/routes.ts'
import type { Service, ServicePort } from '../../manifests/service.ts'
import type { ManifestRule, Violation } from '../manifest-rule.ts'
import { portPatch } from '../patches.ts'

/** Gateways speak HTTP/1.1 to what is behind them unless they are told better. */
export const httpRouteGrpc: ManifestRule = {
  id: 'http-route-grpc',
  title: 'A gateway speaks HTTP/1.1 to a gRPC port that does not say what it speaks',
  proof: { before: 'fails', after: 'succeeds' },
  why: `A gateway that has taken an HTTP/2 call chooses anew how to speak to the pods, and without a word on the port it chooses
HTTP/1.1. A gRPC server hangs up on that: every call ends UNAVAILABLE with \`reset reason: protocol error\`.

What the gateway heeds differs, as measured. Istio's goes by the port's \`appProtocol\`, or else by its name (\`grpc\`, \`grpc-…\`,
\`http2\`), for a GRPCRoute too. Envoy Gateway sends what a GRPCRoute takes as HTTP/2 in any case; under an HTTPRoute it goes by
\`appProtocol\` alone, and a port that is merely called \`grpc\` fails.`,
  cure: `- \`appProtocol: kubernetes.io/h2c\` on the Service's port, Gateway API's own word for it; with Istio \`grpc\` is better, because a
  sidecar then knows gRPC from other HTTP/2. Costs nothing;
- a GRPCRoute in place of the HTTPRoute: it says the same, and matches by service and method. Enough for Envoy Gateway, not for
  Istio.`,
  sources: [
    'https://gateway-api.sigs.k8s.io/geps/gep-1911/',
    'https://gateway-api.sigs.k8s.io/guides/user-guides/backend-protocol/',
    'https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/',
  ],
  *check(model) {
    for (const route of [...model.ofKind('HTTPRoute'), ...model.ofKind('GRPCRoute')]) {
      const maker = makerOf(model, route)
      if (maker === undefined || (route.kind === 'GRPCRoute' && maker !== 'istio')) continue
      for (const backend of backendsOf(route)) yield* violationsOf(model, route, maker, backend)
    }
  },
}

type Maker = 'istio' | 'envoy-gateway' | 'unknown'

/** Who makes the proxies that a route is for; undefined when it is for none. */
function makerOf(model: Model, route: Manifest): Maker | undefined {
  const parents = parentsOf(route).filter(({ kind }) => kind === 'Gateway')
  if (parents.length === 0) return undefined
  const makers = parents.map(({ name, namespace }) => {
    const gateway = model
      .ofKind('Gateway')
      .find(({ metadata }) => metadata.name === name && metadata.namespace === namespace)
    const className = gateway?.content.spec?.gatewayClassName
    const gatewayClass = model.ofKind('GatewayClass').find(({ metadata }) => metadata.name === className)
    const controller = String(gatewayClass?.content.spec?.controllerName ?? '')
    const parameters = String(gateway?.content.spec?.infrastructure?.parametersRef?.group ?? '')
    if ([controller, `${parameters}/`].some((text) => text.startsWith('gateway.envoyproxy.io/'))) return 'envoy-gateway'
    return className === 'istio' || controller.startsWith('istio.io/') ? 'istio' : 'unknown'
  })
  return new Set(makers).size === 1 ? makers[0] : 'unknown'
}

function* violationsOf(model: Model, route: Manifest, maker: Maker, backend: Backend): Iterable<Violation> {
  const service = model.serviceNamed(`${backend.name}.${backend.namespace}`, backend.namespace)
  const port = service?.ports.find(({ number }) => number === backend.port)
  if (service === undefined || port === undefined) return
  const evidence = model.speaksGrpc(service, port)
  if (evidence === undefined || isTold(port, maker) || speaksOtherwise(model, service, port)) return
  const appProtocol = maker === 'istio' ? 'grpc' : 'kubernetes.io/h2c'
  const told = port.name === '' ? 'neither name nor appProtocol' : 'no appProtocol'
  yield {
    object: service.manifest,
    path: port.appProtocol === undefined ? port.path : [...port.path, 'appProtocol'],
    reason: `port ${port.number} speaks gRPC (${evidence}) and has ${port.appProtocol === undefined ? told : `appProtocol ${port.appProtocol}`}, so the gateway of ${titleOf(route)} calls it in HTTP/1.1, which a gRPC server hangs up on`,
    fix: `set its appProtocol to ${appProtocol}`,
    patch: [portPatch(service, port, { appProtocol })],
    unsure: maker === 'unknown',
  }
}

/** Whether a port tells the gateway to speak HTTP/2; by its name it tells Istio alone. */
const isTold = ({ declared, appProtocol }: ServicePort, maker: Maker): boolean =>
  /^(grpc|http2|grpc-web)$/.test(declared ?? '') && (maker === 'istio' || appProtocol !== undefined)

/** Whether something else settles it: TLS, whose handshake chooses the protocol, or Istio's rules. */
const speaksOtherwise = (model: Model, service: Service, { declared }: ServicePort): boolean =>
  declared === 'https' ||
  declared === 'tls' ||
  model
    .ofKind('BackendTLSPolicy')
    .some(
      ({ metadata, content }) =>
        metadata.namespace === service.namespace &&
        (content.spec?.targetRefs ?? []).some((ref: { name?: unknown }) => ref?.name === service.name),
    ) ||
  model.istioRulesFor(service, 'DestinationRule').some(({ content }) => {
    const { http } = content.spec?.trafficPolicy?.connectionPool ?? {}
    return http?.h2UpgradePolicy === 'UPGRADE' || http?.useClientProtocol === true
  })
