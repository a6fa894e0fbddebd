import { titleOf } from '../../manifests/manifest.ts'
import { hiddenCalls } from '../hidden-calls.ts'
import type { ManifestRule } from '../manifest-rule.ts'
import { podsOf } from '../pods-of.ts'

/** To a proxy that has never heard of a Service its address is any address. */
export const sidecarScope: ManifestRule = {
  id: 'sidecar-scope',
  title: 'A sidecar is not told of the Service that its program calls',
  proof: { before: 'pinned', after: 'even' },
  why: `What a sidecar knows of the mesh can be cut down: by the resource \`Sidecar\`, whose \`egress.hosts\` name the Services to be told of,
or by \`networking.istio.io/exportTo\` at a Service, which names the namespaces that are told. Whatever a sidecar does not know it takes
for something outside the mesh and passes on unseen. So a connection to the Service's virtual IP stays one connection to one pod, in
plain text, and DestinationRules do nothing. Calls succeed, which hides it.`,
  cure: `Name the Service in \`egress.hosts\` of the \`Sidecar\` that is for the caller: \`./*\` is all of the caller's own namespace,
\`shop/*\` all of namespace shop. Or export the Service to the caller's namespace.`,
  sources: [
    'https://istio.io/latest/docs/reference/config/networking/sidecar/',
    'https://istio.io/latest/docs/reference/config/annotations/#NetworkingExportTo',
    'https://istio.io/latest/docs/ops/configuration/mesh/configuration-scoping/',
  ],
  *check(model) {
    for (const { call, object, path, patch, fix, isRegistryOnly } of hiddenCalls(model)) {
      const { client, service, mention } = call
      if (isRegistryOnly || service.isHeadless) continue
      yield {
        object,
        path,
        reason: `${titleOf(object)} hides ${titleOf(service.manifest)} from the sidecar of ${titleOf(client.manifest)}, which passes calls to ${mention.target} on unseen, all of them to one of ${podsOf(service)}`,
        fix,
        patch,
        unsure: service.maxReplicas < 2,
      }
    }
  },
}
