import { isMeshKnown } from '../../manifests/known-mesh.ts'
import { titleOf } from '../../manifests/manifest.ts'
import type { Model } from '../../manifests/model.ts'
import { mutualTlsOf } from '../../manifests/mutual-tls.ts'
import type { ServicePort } from '../../manifests/service.ts'
import { portNumber, type Workload } from '../../manifests/workload.ts'
import { istioTls } from '../istio-tls.ts'
import type { ManifestRule } from '../manifest-rule.ts'
import { withoutTls } from '../without-tls.ts'

/** A certificate is shown to somebody who cannot read it. */
export const mtlsToPlain: ManifestRule = {
  id: 'mtls-to-plain',
  title: "A DestinationRule has sidecars speak the mesh's TLS to servers without a sidecar",
  proof: { before: 'fails', after: 'succeeds' },
  why: `\`tls.mode: ISTIO_MUTUAL\` in a DestinationRule has the client's sidecar open every connection with the mesh's TLS. Left to itself
it does so only towards pods that have a sidecar. Pods without one, or whose PeerAuthentication says DISABLE, wait for HTTP/2 and get
a TLS handshake: they close the connection, and every call ends UNAVAILABLE.`,
  cure: `Take \`tls\` out of the DestinationRule: sidecars find out for each pod whether it speaks mutual TLS. Or give the servers a sidecar.`,
  sources: [
    'https://istio.io/latest/docs/tasks/security/authentication/authn-policy/#auto-mutual-tls',
    'https://istio.io/latest/docs/ops/configuration/traffic-management/tls-configuration/',
    'https://istio.io/latest/docs/reference/config/networking/destination-rule/#ClientTLSSettings-TLSmode',
  ],
  *check(model) {
    for (const { policy, service, port, mode } of istioTls(model)) {
      const plain = service.workloads.find((workload) => takesPlain(model, workload, port))
      if (mode !== 'ISTIO_MUTUAL' || plain === undefined) continue
      const isIn = model.meshOf(plain) === 'istio'
      yield {
        object: policy.rule,
        path: [...policy.path, 'tls', 'mode'],
        reason: `${titleOf(policy.rule)} has sidecars call ${titleOf(service.manifest)} with the mesh's TLS (ISTIO_MUTUAL), and ${titleOf(plain.manifest)} ${isIn ? 'has its sidecars take none (DISABLE)' : 'has no sidecar to take it'}, so every call to it fails`,
        fix: 'take tls out of the rule, and sidecars find out by themselves',
        patch: [withoutTls(policy)],
        unsure: !isIn && !isMeshKnown(model, plain),
      }
    }
  },
}

function takesPlain(model: Model, workload: Workload, { targetPort }: ServicePort): boolean {
  const mesh = model.meshOf(workload)
  if (mesh === 'istio') return mutualTlsOf(model, workload, portNumber(workload, targetPort)).mode === 'DISABLE'
  return mesh === undefined || mesh === 'linkerd'
}
