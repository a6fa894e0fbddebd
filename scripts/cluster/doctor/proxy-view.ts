import { type EnvoyClusters, endpointsOf } from '../../../services/echo/src/proxy/envoy-clusters.ts'
import { listOf } from '../../lib/manifests/workload.ts'
import type { LiveCaller } from './live.ts'
import type { LivePod } from './live-pod.ts'
import type { PodPages } from './pod-pages.ts'

/** What the Envoy beside a caller knows of a Service, and what it has sent where. */
export interface ProxyView {
  readonly caller: LiveCaller
  readonly pod: LivePod
  /** Addresses, without ports, that it knows, and whether it would send calls there. */
  readonly endpoints: Readonly<Record<string, boolean>>
  /** Calls since it knows them, by address. */
  readonly calls: Readonly<Record<string, number>>
}

/** Callers that are asked, and pods of each: one sees what all see, two see whether that is so. */
const mostCallers = 6
const podsOfEach = 2

/** The callers' pods that have an Envoy, and where it tells of itself. */
export function proxiesToAsk(callers: readonly LiveCaller[]): { caller: LiveCaller; pod: LivePod; port: number }[] {
  return callers
    .flatMap((caller) => {
      const ready = caller.pods.filter(({ ready }) => ready)
      const asked = ready.flatMap((pod) => {
        const port = adminPortOf(pod)
        return port === undefined ? [] : [{ caller, pod, port }]
      })
      return asked.length === 0 ? [] : [asked.slice(0, podsOfEach)]
    })
    .slice(0, mostCallers)
    .flat()
}

/** 15000 of Istio's sidecar. */
const adminPortOf = ({ content }: LivePod): number | undefined =>
  [...listOf(content.spec?.containers), ...listOf(content.spec?.initContainers)].some(
    ({ name }) => name === 'istio-proxy',
  )
    ? 15000
    : undefined

/** Undefined where the Envoy cannot be asked, or does not know the Service. */
export async function viewOf(
  { caller, pod, port }: ReturnType<typeof proxiesToAsk>[number],
  pages: PodPages,
): Promise<ProxyView | undefined> {
  const page = await pages.getForwarded(pod, port, '/clusters?format=json')
  if (page === undefined) return undefined
  const { service, port: called } = caller.call
  const destination = { names: [service.host], port: called.number, loopback: false }
  const known = endpointsOf(JSON.parse(page) as EnvoyClusters, destination).filter(({ ofTarget }) => ofTarget)
  if (known.length === 0) return undefined
  const endpoints: Record<string, boolean> = {}
  const calls: Record<string, number> = {}
  // A subset of a DestinationRule is a cluster of its own.
  for (const { address, healthy, calls: sent } of known) {
    const ip = address.slice(0, address.lastIndexOf(':'))
    endpoints[ip] = healthy || endpoints[ip] === true
    calls[ip] = (calls[ip] ?? 0) + sent
  }
  return { caller, pod, endpoints, calls }
}
