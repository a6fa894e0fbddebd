import { titleOf } from '../../manifests/manifest.ts'
import { declaredWrong, istioPorts } from '../istio-ports.ts'
import type { ManifestRule } from '../manifest-rule.ts'

/** It works, by looking at the first bytes. */
export const portUndeclared: ManifestRule = {
  id: 'port-undeclared',
  title: 'Nothing tells the mesh that a port speaks gRPC',
  why: `Where neither the port's name nor its \`appProtocol\` names a protocol, Istio's sidecars look at the first bytes of each connection.
For gRPC that works: measured calls are spread evenly. But routes that match gRPC methods, metrics and retries then hang on a guess
made anew for each connection, an HTTPRoute or VirtualService cannot be checked against the port, and Kiali says so too (KIA0601).
An \`appProtocol\` that Istio does not know is the same as none.`,
  cure: 'Say `appProtocol: grpc` at the port of the Service, or call the port `grpc` or `grpc-…`. It costs nothing.',
  sources: [
    'https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/',
    'https://kiali.io/docs/features/validations/#kia0601---port-name-must-follow-protocol-suffix-form',
  ],
  *check(model) {
    for (const each of istioPorts(model)) {
      const { service, port, evidence, saying } = each
      if (saying !== undefined) continue
      yield {
        ...declaredWrong(each),
        reason: `port ${port.number} of ${titleOf(service.manifest)} speaks gRPC (${evidence}), but neither its name nor an appProtocol says so, and sidecars have to guess it from the first bytes of each connection`,
        fix: 'say appProtocol: grpc',
      }
    }
  },
}
