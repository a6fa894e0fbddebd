import { injectLabel, injectOf } from './mesh.ts'
import type { Model } from './model.ts'
import type { Workload } from './workload.ts'

/**
 * Whether manifests settle that a workload has no sidecar of Istio's, in place of only not saying that it has one: it says so itself, or
 * its namespace's labels are to be seen.
 */
export const isMeshKnown = (model: Model, workload: Workload): boolean =>
  injectOf(workload) !== undefined ||
  workload.podSpec.hostNetwork === true ||
  model.namespace(workload.namespace) !== undefined

/** Whether a workload asks for a sidecar that it does not get. */
export const asksInVain = (model: Model, workload: Workload): boolean =>
  model.meshOf(workload) === undefined &&
  (injectOf(workload) === 'true' || workload.podLabels['istio.io/rev'] !== undefined)

/** Whether a workload asks for a sidecar by the annotation alone, which nobody reads who decides whether it gets one. */
export const asksByAnnotation = ({ podLabels, podAnnotations }: Workload): boolean =>
  podLabels[injectLabel] === undefined &&
  podLabels['istio.io/rev'] === undefined &&
  podAnnotations[injectLabel] === 'true'
