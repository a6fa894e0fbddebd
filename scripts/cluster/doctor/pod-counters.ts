import { listOf } from '../../lib/manifests/workload.ts'
import { handledCalls } from './grpc-counters.ts'
import type { LivePod } from './live-pod.ts'
import type { PodPages } from './pod-pages.ts'

/** What a pod had counted, and when it was asked, in milliseconds. */
export interface Reading {
  readonly calls: number
  readonly at: number
}

/** Where a pod's counters are. */
export interface MetricsPage {
  readonly port: number
  readonly path: string
}

/** Where the pod itself says that its metrics are: by Prometheus' annotations, or by the names of its ports. */
export function metricsPages({ content }: LivePod): MetricsPage[] {
  const annotations = content.metadata?.annotations ?? {}
  const annotated = Number(annotations['prometheus.io/port'])
  const named = listOf(content.spec?.containers)
    .filter(({ name }) => name !== 'istio-proxy' && name !== 'linkerd-proxy')
    .flatMap(({ ports }) => listOf(ports))
    .filter(({ name }) => /(^|-)(metrics|prometheus|prom|monitoring|telemetry)(-|$)/.test(String(name ?? '')))
    .map(({ containerPort }) => ({ port: Number(containerPort), path: '/metrics' }))
  const pages =
    annotated > 0 ? [{ port: annotated, path: annotations['prometheus.io/path'] ?? '/metrics' }, ...named] : named
  return [...new Map(pages.map((page) => [`${page.port} ${page.path}`, page])).values()]
}

/** The first of the pages that counts calls of gRPC; undefined when none does. */
export async function readCalls(
  pod: LivePod,
  pages: PodPages,
  known?: MetricsPage,
): Promise<(Reading & { readonly page: MetricsPage }) | undefined> {
  for (const page of known ? [known] : metricsPages(pod)) {
    const asked = performance.now()
    const text = await pages.get(pod, page.port, page.path)
    const calls = text === undefined ? undefined : handledCalls(text)
    if (calls !== undefined) return { calls, at: (asked + performance.now()) / 2, page }
  }
  return undefined
}
