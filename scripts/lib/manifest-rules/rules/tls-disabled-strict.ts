import { titleOf } from '../../manifests/manifest.ts'
import { strictBehind } from '../../manifests/mutual-tls.ts'
import { istioTls } from '../istio-tls.ts'
import type { ManifestRule } from '../manifest-rule.ts'
import { withoutTls } from '../without-tls.ts'

/** The client's side of mutual TLS is switched off, the server's is not. */
export const tlsDisabledStrict: ManifestRule = {
  id: 'tls-disabled-strict',
  title: 'A DestinationRule turns mutual TLS off towards servers that insist on it',
  proof: { before: 'fails', after: 'succeeds' },
  why: `Sidecars use mutual TLS with each other by themselves. A DestinationRule with \`tls.mode: DISABLE\` has the client's sidecar send
plain text, and one with \`SIMPLE\` TLS without a certificate of the mesh. Where a PeerAuthentication says STRICT the servers' sidecars
refuse both, and every call ends UNAVAILABLE. The rule that was meant for a server outside the mesh, or for a time before it, is
the usual reason.`,
  cure: `Take \`tls\` out of the DestinationRule: the sidecars then agree on mutual TLS by themselves. \`ISTIO_MUTUAL\` says the same aloud.`,
  sources: [
    'https://istio.io/latest/docs/ops/common-problems/network-issues/#503-errors-after-setting-destination-rule',
    'https://istio.io/latest/docs/reference/config/networking/destination-rule/#ClientTLSSettings-TLSmode',
    'https://istio.io/latest/docs/ops/configuration/traffic-management/tls-configuration/',
  ],
  *check(model) {
    for (const { policy, service, port, mode } of istioTls(model)) {
      if (mode === 'ISTIO_MUTUAL') continue
      const strict = strictBehind(model, service, port)
      if (strict === undefined) continue
      yield {
        object: policy.rule,
        path: [...policy.path, 'tls', 'mode'],
        reason: `${titleOf(policy.rule)} has sidecars call ${titleOf(service.manifest)} ${mode === 'DISABLE' ? 'in plain text' : "with TLS that is not the mesh's"} (${mode}), and ${strict.policy ? titleOf(strict.policy) : 'a PeerAuthentication'} has its pods refuse that (STRICT), so every call fails`,
        fix: 'take tls out of the rule',
        patch: [withoutTls(policy)],
      }
    }
  },
}
