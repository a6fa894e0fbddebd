import { listOf } from '../../../lib/manifests/workload.ts'
import type { LivePod } from '../live-pod.ts'
import type { LiveRule } from '../live-rule.ts'

/** Half of a workload in the mesh. */
export const partlyMeshed: LiveRule = {
  id: 'partly-meshed',
  title: 'Some pods of a workload have a sidecar and others have none',
  severity: 'advice',
  why: `A sidecar is put into a pod when the pod is made. Pods from before their namespace or their template asked for it have none:
policies of the mesh do not hold for them, strict mTLS refuses them, and calls of theirs are not balanced.`,
  cure: '`kubectl rollout restart` makes all of them anew, as they are asked for now.',
  sources: ['https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/'],
  *check({ pods, callers, service }) {
    const groups = [
      { manifest: service.workloads[0]?.manifest, pods },
      ...callers.map(({ call, pods }) => ({ manifest: call.client.manifest, pods })),
    ]
    for (const { manifest, pods } of groups) {
      const meshed = pods.filter(hasSidecar)
      if (manifest === undefined || meshed.length === 0 || meshed.length === pods.length) continue
      const without = pods.filter((pod) => !hasSidecar(pod)).map(({ name }) => name)
      yield {
        object: manifest,
        path: [],
        reason: `${without.length} of ${pods.length} pods have no sidecar (${without.join(', ')})`,
        fix: 'restart it, so that all pods are made as they are asked for now',
      }
    }
  },
}

const hasSidecar = ({ content }: LivePod): boolean =>
  [...listOf(content.spec?.containers), ...listOf(content.spec?.initContainers)].some(({ name }) =>
    /^(istio|linkerd)-proxy$/.test(name),
  )
