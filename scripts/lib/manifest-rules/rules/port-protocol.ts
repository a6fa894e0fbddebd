import { titleOf } from '../../manifests/manifest.ts'
import { declaredWrong, type IstioPort, istioPorts } from '../istio-ports.ts'
import type { ManifestRule, Violation } from '../manifest-rule.ts'

/** A mesh that is told not to look. */
export const portProtocol: ManifestRule = {
  id: 'port-protocol',
  title: 'A gRPC port is declared as TCP, so the mesh does not look at calls',
  proof: { before: 'pinned', after: 'even' },
  why: `Istio learns what a port speaks from the Service: from \`appProtocol\`, or else from the part of the port's name before the first
\`-\`. A port called \`tcp-orders\` is TCP to it. A sidecar hands such a connection on as it is and picks a pod once, when the
connection is opened. Since gRPC keeps its connection, one pod serves all of a client's calls, as it would without a mesh; and
retries, timeouts and metrics of calls are lost with the balancing. The same holds for \`tls\`, \`https\`, \`mongo\`, \`mysql\` and \`redis\`.`,
  cure: `Say \`appProtocol: grpc\` at the port of the Service. It wins over the port's name, which others may refer to. Programs that
encrypt gRPC by themselves are no case for it: there the sidecar sees no calls, until the programs leave encryption to the mesh.`,
  sources: [
    'https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/',
    'https://github.com/istio/istio/blob/master/pkg/config/kube/conversion.go',
    'https://kubernetes.io/docs/concepts/services-networking/service/#application-protocol',
  ],
  *check(model) {
    for (const each of istioPorts(model)) {
      const { declared } = each.port
      // A client of a headless Service picks a pod by itself, and the mesh is not asked.
      if (each.service.isHeadless || each.saying === undefined) continue
      if (declared === 'tcp' || declared === 'other') yield violation(each)
      if (declared === 'tls' || declared === 'https') yield encrypted(each)
    }
  },
}

function violation(each: IstioPort): Violation {
  const { service, port, evidence, saying, isGuess } = each
  return {
    ...declaredWrong(each),
    reason: `port ${port.number} of ${titleOf(service.manifest)} speaks gRPC (${evidence}), yet ${saying}, so a sidecar balances its connections and not its calls, and each client keeps to one of its pods`,
    fix: 'say appProtocol: grpc',
    unsure: isGuess || service.maxReplicas < 2,
  }
}

/** Whether the programs encrypt gRPC, so that this is true, manifests do not tell. */
function encrypted({ service, port, evidence, saying, ...each }: IstioPort): Violation {
  const { object, path, patch } = declaredWrong({ service, port, evidence, saying, ...each })
  return {
    object,
    path,
    patch: patch ?? [],
    reason: `port ${port.number} of ${titleOf(service.manifest)} speaks gRPC (${evidence}), yet ${saying}, and a sidecar cannot see calls in encrypted connections, so each client keeps to one of its pods`,
    fix: 'have its pods serve plain text, which the mesh encrypts, and say appProtocol: grpc',
    unsure: true,
  }
}
