import { titleOf } from '../../manifests/manifest.ts'
import type { Model } from '../../manifests/model.ts'
import type { Service, ServicePort } from '../../manifests/service.ts'
import { policiesOf } from '../../manifests/traffic-policy.ts'
import { declaredWrong, istioPorts } from '../istio-ports.ts'
import type { ManifestRule } from '../manifest-rule.ts'

/** HTTP/1.1 to a server that speaks HTTP/2 alone. */
export const portHttp: ManifestRule = {
  id: 'port-http',
  title: 'A gRPC port is declared as HTTP, so the mesh speaks HTTP/1.1 to it',
  proof: { before: 'fails', after: 'succeeds' },
  why: `To Istio a port called \`http\` or \`http-orders\`, or with \`appProtocol: http\`, is one of HTTP/1.1. The sidecar takes the client's
HTTP/2 and sends HTTP/1.1 to the server, which for gRPC is not enough: every call ends UNAVAILABLE, "upstream connect error or
disconnect/reset before headers. reset reason: protocol error". It is the same with a sidecar at one end only. Charts that were
made for HTTP and then given a gRPC server are the usual way to get there: without a mesh the name means nothing.`,
  cure: `Say \`appProtocol: grpc\` at the port of the Service; it wins over the name, which probes and ingresses may refer to. For a port
that serves both gRPC and HTTP/1.1 leave the protocol out and let Istio look at each connection.`,
  sources: [
    'https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/',
    'https://github.com/dexidp/helm-charts/issues/147',
    'https://kubernetes.io/docs/concepts/services-networking/service/#application-protocol',
  ],
  *check(model) {
    for (const each of istioPorts(model)) {
      const { service, port, evidence, saying, isGuess } = each
      if (port.declared !== 'http' || isUpgraded(model, service, port)) continue
      yield {
        ...declaredWrong(each),
        reason: `port ${port.number} of ${titleOf(service.manifest)} speaks gRPC (${evidence}), yet ${saying}, so a sidecar sends it HTTP/1.1 and every call fails`,
        fix: 'say appProtocol: grpc',
        unsure: isGuess,
      }
    }
  },
}

/** Whether a DestinationRule has sidecars speak HTTP/2 all the same; with one at the server's end only what the client spoke goes on. */
function isUpgraded(model: Model, service: Service, port: ServicePort): boolean {
  const clients = model.callsTo(service).map(({ client }) => client)
  return policiesOf(model, service, port, clients).some(({ fields }) => {
    const { useClientProtocol, h2UpgradePolicy } = fields.connectionPool?.http ?? {}
    return useClientProtocol === true || (h2UpgradePolicy === 'UPGRADE' && !model.isInMesh(service, 'istio'))
  })
}
