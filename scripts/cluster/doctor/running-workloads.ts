import type { Content } from '../../lib/manifests/manifest.ts'
import { labelsOf } from '../../lib/manifests/selectors.ts'
import { listOf } from '../../lib/manifests/workload.ts'
import { controllerOf, Owners } from './owners.ts'

/**
 * Workloads as they run: pods count as what controls them, with the containers that were put into them since; what has ended or
 * was replaced is left out. What a mesh is said to do counts for nothing, only what it has done to the pods.
 *
 * @param workloads objects that run pods, of all kinds
 * @param pods those that are known; a workload of which none is known stands as it is written
 * @param namespaces those that may be seen
 */
export function runningWorkloads(
  workloads: readonly Content[],
  pods: readonly Content[],
  namespaces: readonly Content[] = [],
): Content[] {
  const owners = new Owners(workloads)
  const blocking = new Set(namespaces.filter(blocksInjection).map(({ metadata }) => metadata.name))
  const withTruth = truthTeller((namespace) => blocking.has(namespace))
  const living = pods.filter((pod) => !hasEnded(pod))
  const byTop = Map.groupBy(living, (pod) => topOf(pod, owners))
  const written = workloads.filter((object) => !owners.isSeen(object) && !isOver(object))
  const unseen = [...byTop.keys()].filter((top) => !written.some(({ metadata }) => metadata.uid === top))
  return [
    ...written.map((object) => {
      const newest = newestOf(byTop.get(object.metadata.uid) ?? [])
      return newest === undefined ? object : withTruth(object, newest)
    }),
    ...unseen.map((top) => {
      const controlled = byTop.get(top) ?? []
      return withTruth(ofPods(controlled), newestOf(controlled))
    }),
  ]
}

/** The pods of a workload that `runningWorkloads` has made, by the names of kind, namespace and object. */
export function podsByWorkload(workloads: readonly Content[], pods: readonly Content[]): Map<string, Content[]> {
  const owners = new Owners(workloads)
  return Map.groupBy(
    pods.filter((pod) => !hasEnded(pod)),
    (pod) => {
      const top = owners.topOf(pod)
      const owner = controllerOf(top)
      return top === pod && owner ? keyOf(owner.kind, pod.metadata.namespace, owner.name) : keyOfObject(top)
    },
  )
}

export const keyOf = (kind: string, namespace: string, name: string): string => `${kind} ${namespace}/${name}`

const keyOfObject = ({ kind, metadata }: Content): string => keyOf(kind, metadata.namespace, metadata.name)

/** The uid of what controls a pod, which may be out of sight; its own when nothing does. */
function topOf(pod: Content, owners: Owners): string {
  const top = owners.topOf(pod)
  return top === pod ? (controllerOf(pod)?.uid ?? pod.metadata.uid) : top.metadata.uid
}

const hasEnded = ({ status }: Content): boolean => /^(Succeeded|Failed)$/.test(status?.phase)

/** A Job that is done, and what a rollout has left behind. */
const isOver = ({ kind, spec, status }: Content): boolean =>
  kind === 'Job'
    ? listOf(status?.conditions).some(({ type, status }) => /^(Complete|Failed)$/.test(type) && status === 'True')
    : kind === 'ReplicaSet' && spec?.replicas === 0

/** Pods whose controller cannot be seen, as a workload of its kind and name; one that has none, as it is. */
function ofPods(pods: readonly Content[]): Content {
  const [pod] = pods
  const owner = controllerOf(pod)
  if (owner === undefined) return pod
  const { namespace, labels, annotations } = pod.metadata
  return {
    apiVersion: owner.apiVersion,
    kind: /Set$|^(Deployment|Job|Rollout)$/.test(owner.kind) ? owner.kind : 'ReplicaSet',
    metadata: { name: owner.name, namespace },
    spec: { replicas: pods.length, template: { metadata: { labels, annotations }, spec: pod.spec } },
  }
}

const newestOf = (pods: readonly Content[]): Content =>
  pods.toSorted((one, other) => (createdAt(one) < createdAt(other) ? 1 : -1))[0]

const createdAt = ({ metadata }: Content): string => String(metadata.creationTimestamp ?? '')

/**
 * Gives a workload what a pod of it has more than its template: containers, and how it takes part in a mesh.
 *
 * @param blocks whether no pod of a namespace can get a sidecar of Istio; then what a pod asks for is left to be seen
 */
function truthTeller(blocks: (namespace: string) => boolean): (object: Content, pod: Content) => Content {
  return (object, pod) => {
    const member = (metadata: Content) => withMembership(metadata, pod, blocks(pod.metadata.namespace))
    if (object.kind === 'Pod') return { ...object, metadata: member(object.metadata) }
    const { template } = object.spec ?? {}
    if (template === undefined) return object
    const spec = {
      ...template.spec,
      containers: withInjected(template.spec?.containers, pod.spec?.containers),
      initContainers: withInjected(template.spec?.initContainers, pod.spec?.initContainers),
    }
    return {
      ...object,
      spec: { ...object.spec, template: { ...template, metadata: member(template.metadata ?? {}), spec } },
    }
  }
}

const blocksInjection = ({ metadata }: Content): boolean =>
  metadata.labels?.['istio-injection'] !== undefined && metadata.labels['istio-injection'] !== 'enabled'

/** Behind those of the template, so that its places stay right. */
function withInjected(written: unknown, running: unknown): Content[] {
  const known = new Set(listOf(written).map(({ name }) => name))
  return [...listOf(written), ...listOf(running).filter(({ name }) => !known.has(name))]
}

/** Labels and annotations that say of meshes what is so. */
function withMembership(metadata: Content, pod: Content, isBlocked: boolean): Content {
  const containers = [...listOf(pod.spec?.containers), ...listOf(pod.spec?.initContainers)].map(({ name }) => name)
  const isAmbient = labelsOf(pod.metadata.annotations)['ambient.istio.io/redirection'] === 'enabled'
  return {
    ...metadata,
    labels: {
      ...metadata.labels,
      ...(!isBlocked && !containers.includes('istio-proxy') && { 'sidecar.istio.io/inject': 'false' }),
      'istio.io/dataplane-mode': isAmbient ? 'ambient' : 'none',
    },
    annotations: {
      ...metadata.annotations,
      ...(!containers.includes('linkerd-proxy') && { 'linkerd.io/inject': 'disabled' }),
    },
  }
}
