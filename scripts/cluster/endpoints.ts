import { unavailable } from '../lib/exit.ts'
import type { Namespace } from './namespace.ts'
import { gatewayLabel, type Pod } from './pod.ts'

const pauseMilliseconds = 150

/**
 * Waits until every Service of a release that has endpoints at all has all of these pods among them, ready: what clients,
 * DNS and proxies learn of pods, they learn from there.
 */
export async function untilPublished(namespace: Namespace, pods: readonly Pod[], limitSeconds: number): Promise<void> {
  const end = Date.now() + limitSeconds * 1000
  while (true) {
    const missing = await missingIn(namespace, pods)
    if (missing === '') return
    if (Date.now() > end) throw unavailable(`${missing} was not published within ${limitSeconds} s`)
    await namespace.cluster.pause(pauseMilliseconds)
  }
}

/** Such as `pod x as an endpoint of Service y`; empty when none is missing. */
async function missingIn(namespace: Namespace, pods: readonly Pod[]): Promise<string> {
  const release = pods[0]?.release
  const path = `/apis/discovery.k8s.io/v1/namespaces/${namespace.name}/endpointslices`
  const { items }: { items: Slice[] } = JSON.parse(await namespace.cluster.get(path))
  const slices = items.filter(
    ({ metadata: { labels } }) =>
      labels['app.kubernetes.io/instance'] === release && !(gatewayLabel in labels) && !isOfControlPlane(labels),
  )
  if (slices.length === 0) return `any Service of release ${release}`
  for (const service of new Set(slices.map(serviceOf))) {
    const ready = slices
      .filter((slice) => serviceOf(slice) === service)
      .flatMap(({ endpoints }) => endpoints ?? [])
      // Not to know means ready, as the API has it.
      .filter(({ conditions }) => conditions.ready !== false)
      .flatMap(({ addresses }) => addresses)
    const pod = pods.find(({ ip }) => !ready.includes(ip))
    if (pod) return `pod ${pod.name} as an endpoint of Service ${service}`
  }
  return ''
}

interface Slice {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> }
  readonly endpoints:
    | readonly { readonly addresses: readonly string[]; readonly conditions: { ready?: boolean } }[]
    | null
}

/** Whose pods are no servers, though they are of the same release. */
const isOfControlPlane = (labels: Slice['metadata']['labels']): boolean =>
  labels['app.kubernetes.io/component'] === 'lookaside'

const serviceOf = ({ metadata }: Slice): string => metadata.labels['kubernetes.io/service-name'] ?? ''
