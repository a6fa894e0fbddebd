import { injectLabel } from '../manifests/mesh.ts'
import type { Model } from '../manifests/model.ts'
import type { Workload } from '../manifests/workload.ts'
import { fieldPatch } from './field-patch.ts'
import { podPatch } from './patches.ts'

/** Gives pods a sidecar of Istio's: the label, and a namespace that does not keep them from it. */
export function withSidecar(model: Model, workload: Workload): object[] {
  const namespace = model.namespace(workload.namespace)
  const said = namespace?.metadata.labels[injection]
  const isBlocked = said !== undefined && said !== 'enabled'
  return [
    ...(namespace && isBlocked ? [fieldPatch(namespace, ['metadata', 'labels', injection], null)] : []),
    podPatch(workload, { metadata: { labels: { [injectLabel]: 'true' } } }),
  ]
}

const injection = 'istio-injection'
