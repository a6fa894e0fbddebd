import { titleOf } from '../../manifests/manifest.ts'
import { hiddenCalls } from '../hidden-calls.ts'
import type { ManifestRule } from '../manifest-rule.ts'

/** What is not known is not let through. */
export const registryOnly: ManifestRule = {
  id: 'registry-only',
  title: 'A sidecar blocks the Service that its program calls',
  proof: { before: 'fails', after: 'succeeds' },
  why: `With \`outboundTrafficPolicy.mode: REGISTRY_ONLY\` a sidecar lets its program call only what it has been told of, and \`egress.hosts\` of
the same \`Sidecar\`, or \`networking.istio.io/exportTo\` at the Service, keep the Service from it. It closes the connection before a
call is sent: the client reports UNAVAILABLE and "Failed to connect", as if the server was down.`,
  cure: `Name the Service in \`egress.hosts\` of the \`Sidecar\` (\`./*\` is all of the caller's own namespace, \`shop/*\` all of namespace shop), or
export the Service to the caller's namespace.`,
  sources: [
    'https://istio.io/latest/docs/reference/config/networking/sidecar/#OutboundTrafficPolicy',
    'https://istio.io/latest/docs/ops/configuration/mesh/configuration-scoping/',
  ],
  *check(model) {
    for (const { call, object, path, patch, fix, isRegistryOnly } of hiddenCalls(model)) {
      const { client, service, mention } = call
      if (!isRegistryOnly) continue
      yield {
        object,
        path,
        reason: `${titleOf(object)} hides ${titleOf(service.manifest)} from the sidecar of ${titleOf(client.manifest)}, which lets nothing through that it does not know (REGISTRY_ONLY), so calls to ${mention.target} fail`,
        fix,
        patch,
      }
    }
  },
}
