import { type EndpointSlice, serviceNameLabel } from './endpoint-slice.ts'
import type { KubernetesApi } from './kubernetes-api.ts'
import { readEndpointSlice } from './read-endpoint-slice.ts'
import { type WatchListOptions, watchList } from './watch-list.ts'

export interface SliceWatch extends Pick<WatchListOptions<EndpointSlice>, 'changed' | 'problem'> {
  readonly api: KubernetesApi
  /** Undefined: all of them. */
  readonly namespace?: string | undefined
  /** Undefined: of all Services. */
  readonly service?: string | undefined
}

/** Watches the slices of a Service, of a namespace or of the cluster. Needs the right to list and watch endpointslices there. */
export function watchEndpointSlices({ api, namespace, service, changed, problem }: SliceWatch): { close(): void } {
  const within = namespace === undefined ? '' : `/namespaces/${namespace}`
  const path = `/apis/discovery.k8s.io/v1${within}/endpointslices`
  const selector = service === undefined ? {} : { labelSelector: `${serviceNameLabel}=${service}` }
  return watchList({ api, path, ...selector, read: readEndpointSlice, changed, problem })
}
