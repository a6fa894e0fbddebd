import { asksByAnnotation } from '../../manifests/known-mesh.ts'
import { titleOf } from '../../manifests/manifest.ts'
import { injectLabel } from '../../manifests/mesh.ts'
import type { ManifestRule } from '../manifest-rule.ts'
import { podPatch } from '../patches.ts'

/** The right words at the wrong place. */
export const injectAnnotation: ManifestRule = {
  id: 'inject-annotation',
  title: 'Pods ask for a sidecar by an annotation, which is not asked for',
  proof: { before: 'pinned', after: 'even' },
  why: `In a namespace that does not give every pod a sidecar, Istio's webhook is called for pods with the *label*
\`sidecar.istio.io/inject: "true"\`. The annotation of the same name, which older guides and charts use, can only say \`"false"\`; one
that says \`"true"\` is never read, the pod starts without a sidecar, and the client's one connection goes to one pod.`,
  cure: 'Make it a label of the pods, and restart them. The annotation can go.',
  sources: [
    'https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/#controlling-the-injection-policy',
    'https://istio.io/latest/docs/reference/config/annotations/#SidecarInject',
  ],
  *check(model) {
    for (const workload of model.workloads) {
      if (!asksByAnnotation(workload)) continue
      const labels = model.namespace(workload.namespace)?.metadata.labels
      // A namespace that gives one to all, or to none: the latter is for injection-blocked to say.
      if (labels?.['istio-injection'] !== undefined || labels?.['istio.io/rev'] !== undefined) continue
      const calls = model.calls.filter(({ client }) => client === workload)
      yield {
        object: workload.manifest,
        path: [...workload.templatePath, 'metadata', 'annotations', injectLabel],
        reason: `${titleOf(workload.manifest)} asks for a sidecar by the annotation ${injectLabel}, and Istio looks for a label, so its pods get none${labels ? '' : ', unless their namespace gives one to all'}`,
        fix: 'make it a label of the pods',
        patch: [podPatch(workload, { metadata: { labels: { [injectLabel]: 'true' } } })],
        unsure: labels === undefined || !calls.some(({ service }) => service.maxReplicas > 1),
      }
    }
  },
}
