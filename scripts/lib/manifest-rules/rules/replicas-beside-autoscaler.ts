import { titleOf } from '../../manifests/manifest.ts'
import type { Model } from '../../manifests/model.ts'
import type { Workload } from '../../manifests/workload.ts'
import type { ManifestRule, Violation } from '../manifest-rule.ts'
import { objectPatch } from '../patches.ts'

/** Two that say how many pods there are. */
export const replicasBesideAutoscaler: ManifestRule = {
  id: 'replicas-beside-autoscaler',
  title: 'A workload has replicas of its own beside an autoscaler',
  proof: { before: 'refused', after: 'accepted' },
  why: `An autoscaler says how many pods there are by writing \`spec.replicas\`. A manifest that has the field as well claims it at every
upgrade. Server-side apply, which is how Helm 4 installs, refuses that: \`conflict with "kube-controller-manager" … .spec.replicas\`.
Client-side apply and Helm 3 write it, and so take a workload that has grown under load back to where it began; then connections break,
and gRPC clients crowd on the pods that are left.`,
  cure: `Leave \`spec.replicas\` out, and say the lowest number in the autoscaler. When you take it out of a Deployment that was applied on the
client, first run \`kubectl apply edit-last-applied\` and take it out there as well: otherwise its absence means 1 for a moment.`,
  sources: [
    'https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#migrating-deployments-and-statefulsets-to-horizontal-autoscaling',
    'https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts',
    'https://github.com/nginx/nginx-gateway-fabric/issues/4858',
  ],
  *check(model) {
    for (const workload of model.workloads) {
      if (
        speaksGrpc(model, workload) &&
        typeof workload.manifest.content.spec?.replicas === 'number' &&
        moves(workload)
      )
        yield violation(workload)
    }
  },
}

/** Whether a workload serves gRPC or calls it: what becomes of others is not looked at here. */
const speaksGrpc = (model: Model, workload: Workload): boolean =>
  model.calls.some(({ client }) => client === workload) ||
  model.servicesOver(workload).some((service) => model.grpcPorts(service).length > 0)

/** Whether an autoscaler may ever write another number. */
function moves({ autoscaler, manifest }: Workload): boolean {
  const { minReplicas, minReplicaCount, maxReplicas, maxReplicaCount } = autoscaler?.content.spec ?? {}
  const fixed = (minReplicas ?? minReplicaCount) === (maxReplicas ?? maxReplicaCount)
  return autoscaler !== undefined && !(fixed && maxReplicas === manifest.content.spec.replicas)
}

function violation({ manifest, autoscaler }: Workload): Violation {
  const { replicas } = manifest.content.spec
  return {
    object: manifest,
    path: ['spec', 'replicas'],
    reason: `${titleOf(manifest)} says ${replicas} replicas beside ${autoscaler?.kind} ${autoscaler?.metadata.name}, which says how many there are, so Helm 4 is refused its next upgrade and Helm 3 scales back to ${replicas}`,
    fix: 'leave spec.replicas out',
    patch: [objectPatch(manifest, { spec: { replicas: null } })],
  }
}
