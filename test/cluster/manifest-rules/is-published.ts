import type { Cluster } from '../../../scripts/cluster/cluster.ts'
import type { Content } from '../../../scripts/lib/manifests/manifest.ts'
import { labelsOf, selects } from '../../../scripts/lib/manifests/selectors.ts'

/** Whether every ready pod that a Service selects is a ready endpoint of it, for each of these. */
export async function isPublished(cluster: Cluster, services: readonly Content[]): Promise<boolean> {
  const namespaces = [...new Set(services.map(({ metadata }) => metadata.namespace))]
  const lists = await Promise.all(
    namespaces.map((name) => cluster.kubectl(['-n', name, 'get', 'pods,endpointslices', '-o', 'json'])),
  )
  const objects: Content[] = lists.flatMap((list) => JSON.parse(list).items)
  return services.every(({ metadata, spec }) => {
    const here = objects.filter((object) => object.metadata.namespace === metadata.namespace)
    const endpoints: Content[] = here
      .filter((slice) => slice.metadata.labels?.['kubernetes.io/service-name'] === metadata.name)
      .flatMap((slice) => slice.endpoints ?? [])
    const published = endpoints
      .filter(({ conditions }) => conditions.ready !== false)
      .flatMap(({ addresses }) => addresses)
    const pods = here.filter(
      (pod) => pod.kind === 'Pod' && selects(labelsOf(spec.selector), labelsOf(pod.metadata.labels)),
    )
    return pods.filter(isReady).every(({ status }) => published.includes(status.podIP))
  })
}

const isReady = ({ status }: Content): boolean =>
  (status.conditions ?? []).some(({ type, status }: Content) => type === 'Ready' && status === 'True')
