import { asksByAnnotation, asksInVain } from '../../manifests/known-mesh.ts'
import type { Manifest } from '../../manifests/manifest.ts'
import { titleOf } from '../../manifests/manifest.ts'
import { injectLabel } from '../../manifests/mesh.ts'
import type { Model } from '../../manifests/model.ts'
import type { Workload } from '../../manifests/workload.ts'
import { fieldPatch } from '../field-patch.ts'
import type { ManifestRule, Violation } from '../manifest-rule.ts'
import { podPatch } from '../patches.ts'

const label = 'istio-injection'

/** The namespace's no is louder than the pod's yes. */
export const injectionBlocked: ManifestRule = {
  id: 'injection-blocked',
  title: 'Pods ask for a sidecar that their namespace keeps from them',
  proof: { before: 'pinned', after: 'even' },
  why: `A pod asks Istio for a sidecar with the label \`sidecar.istio.io/inject: "true"\` (or \`istio.io/rev\`). Istio's webhook is only called
for such a pod if its namespace has no label \`istio-injection\` at all. Any value but \`enabled\`, be it \`disabled\` or the slip
\`disable\`, and the pod starts without a sidecar; no event and no log says so. Without a sidecar the client's one connection goes to
one pod.`,
  cure: `Take the label \`istio-injection\` from the namespace: without it pods get a sidecar if they ask, and no other does. Or set it to
\`enabled\`, and give \`sidecar.istio.io/inject: "false"\` to those that are to have none. Then restart the pods.`,
  sources: [
    'https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/#controlling-the-injection-policy',
    'https://istio.io/latest/docs/ops/common-problems/injection/',
    'https://github.com/istio/istio/blob/master/manifests/charts/istio-control/istio-discovery/templates/mutatingwebhook.yaml',
  ],
  *check(model) {
    for (const namespace of model.ofKind('Namespace')) {
      const value = namespace.metadata.labels[label]
      if (value === undefined || value === 'enabled') continue
      const asking = model.workloads.filter(
        (workload) => workload.namespace === namespace.metadata.name && asksInVain(model, workload),
      )
      if (asking.length > 0) yield violation(model, namespace, asking)
    }
  },
}

function violation(model: Model, namespace: Manifest, asking: readonly Workload[]): Violation {
  const [first, ...others] = asking.map(({ manifest }) => titleOf(manifest))
  const names = others.length === 0 ? `${first} asks` : `${first} and ${others.length} more ask`
  return {
    object: namespace,
    path: ['metadata', 'labels', label],
    reason: `${names} for a sidecar, but the label ${label}: ${namespace.metadata.labels[label]} of namespace ${namespace.metadata.name} keeps Istio from looking at its pods, so they get none`,
    fix: `remove the label from the namespace, or set it to enabled`,
    patch: [
      fieldPatch(namespace, ['metadata', 'labels', label], null),
      ...asking
        .filter(asksByAnnotation)
        .map((workload) => podPatch(workload, { metadata: { labels: { [injectLabel]: 'true' } } })),
    ],
    unsure: !asking.some((workload) =>
      model.calls.some(({ client, service }) => client === workload && service.maxReplicas > 1),
    ),
  }
}
