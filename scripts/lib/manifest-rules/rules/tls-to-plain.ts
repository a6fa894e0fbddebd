import { titleOf } from '../../manifests/manifest.ts'
import type { Model } from '../../manifests/model.ts'
import { strictBehind } from '../../manifests/mutual-tls.ts'
import { probesOf } from '../../manifests/probes.ts'
import type { Service, ServicePort } from '../../manifests/service.ts'
import { portNumber } from '../../manifests/workload.ts'
import { istioTls } from '../istio-tls.ts'
import type { ManifestRule } from '../manifest-rule.ts'
import { withoutTls } from '../without-tls.ts'

/** Encryption that nobody undoes. */
export const tlsToPlain: ManifestRule = {
  id: 'tls-to-plain',
  title: 'A DestinationRule has sidecars speak TLS to servers that speak plain text',
  proof: { before: 'fails', after: 'succeeds' },
  why: `\`tls.mode: SIMPLE\` (or \`MUTUAL\`) in a DestinationRule has the client's sidecar open ordinary TLS, as towards a server outside the
mesh. The server's sidecar undoes only the mesh's own TLS and hands any other on to the program as it is. A program that waits for
plain HTTP/2 closes the connection, and every call ends UNAVAILABLE, though no PeerAuthentication is in the way.

That the program speaks plain text is known by its probe: the kubelet's gRPC probes use no TLS.`,
  cure: `Take \`tls\` out of the DestinationRule: between sidecars the mesh encrypts by itself. \`SIMPLE\` is for servers that have a certificate
of their own.`,
  sources: [
    'https://istio.io/latest/docs/ops/configuration/traffic-management/tls-configuration/',
    'https://istio.io/latest/docs/reference/config/networking/destination-rule/#ClientTLSSettings-TLSmode',
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#define-a-grpc-liveness-probe',
  ],
  *check(model) {
    for (const { policy, service, port, mode } of istioTls(model)) {
      if ((mode !== 'SIMPLE' && mode !== 'MUTUAL') || !speaksPlain(service, port) || isRefused(model, service, port))
        continue
      yield {
        object: policy.rule,
        path: [...policy.path, 'tls', 'mode'],
        reason: `${titleOf(policy.rule)} has sidecars call ${titleOf(service.manifest)} with TLS (${mode}), and its pods answer plain text, as their gRPC probe shows, so every call fails`,
        fix: 'take tls out of the rule, and sidecars encrypt by themselves',
        patch: [withoutTls(policy)],
      }
    }
  },
}

const speaksPlain = ({ workloads }: Service, { targetPort }: ServicePort): boolean =>
  workloads.some((workload) => {
    const number = portNumber(workload, targetPort)
    return workload.containers.flatMap(probesOf).some(({ content }) => content.grpc?.port === number)
  })

/** For which there is the rule tls-disabled-strict. */
const isRefused = (model: Model, service: Service, port: ServicePort): boolean =>
  strictBehind(model, service, port) !== undefined
