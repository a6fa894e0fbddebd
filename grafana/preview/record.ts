import { setTimeout as sleep } from 'node:timers/promises'
import { Cluster } from '../../scripts/cluster/cluster.ts'
import { imageValues } from '../../scripts/cluster/image.ts'
import { Namespace } from '../../scripts/cluster/namespace.ts'
import { queryOf, type RecordedSeries, type Recording, shownPanels } from './recording.ts'

const scrapeSeconds = 5
/** Six scrapes, so that one which is late on a busy cluster does not show. */
const rateInterval = `${6 * scrapeSeconds}s`
const phaseSeconds = 240

/**
 * Calls three pods by their ClusterIP for four minutes, then by their headless name for four more, and asks Prometheus what
 * the dashboard asks. Takes the URL of a Prometheus that heeds PodMonitors; the cluster is that of the current context.
 */
export async function record(prometheus: string): Promise<Recording> {
  const namespace = new Namespace(new Cluster(), 'preview')
  await namespace.create({ 'istio-injection': 'disabled' })
  try {
    await install(namespace, 'values/cluster-ip.yaml')
    const start = await firstCalls(prometheus, namespace.name)
    await sleep(phaseSeconds * 1000)
    const change = Date.now() / 1000
    await install(namespace, 'values/headless-round-robin.yaml')
    await sleep(phaseSeconds * 1000)
    // Without the last moments, of which some scrapes are still to come.
    const end = Date.now() / 1000 - 6 * scrapeSeconds
    return await ask(prometheus, namespace.name, moments(start, end), change)
  } finally {
    await namespace.delete()
  }
}

/** What Prometheus answers of a namespace at these moments; `change` is when its clients were changed. */
export async function ask(
  prometheus: string,
  namespace: string,
  times: readonly number[],
  change: number,
): Promise<Recording> {
  const { calls, jain, share, matrix, stats } = shownPanels
  const panels: Record<string, RecordedSeries[]> = {}
  for (const title of [calls, jain, share, matrix, ...stats]) {
    panels[title] = await answers(prometheus, filledIn(queryOf(title), namespace), times)
  }
  const changedAt = times.findLastIndex((time) => time <= change)
  return { taken: new Date().toISOString(), times, changedAt, panels }
}

async function install(namespace: Namespace, file: string): Promise<void> {
  const { image, client } = imageValues(process.env.EVENLY_IMAGE)
  const metrics = { podMonitor: { enabled: true, interval: `${scrapeSeconds}s` } }
  const calling = { ...client, replicaCount: 2, rps: 15, args: ['--quiet'] }
  const values = { fullnameOverride: 'orders', replicaCount: 3, metrics, ...(image && { image }), client: calling }
  await namespace.install('orders', { files: [file], values, sets: [] })
}

/** Waits until Prometheus knows of calls; resolves to when that was. */
async function firstCalls(prometheus: string, namespace: string): Promise<number> {
  const expr = `sum(rate(grpc_server_started_total{namespace="${namespace}"}[${rateInterval}])) > 0`
  for (const limit = Date.now() + 300_000; Date.now() < limit; await sleep(2000)) {
    const now = Date.now() / 1000
    if ((await answers(prometheus, expr, [now])).length > 0) return now + 6 * scrapeSeconds
  }
  throw new Error('Prometheus did not hear of a call within 300 s: does it heed PodMonitors?')
}

const moments = (start: number, end: number): number[] =>
  Array.from({ length: Math.floor((end - start) / scrapeSeconds) }, (_, i) => Math.round(start) + i * scrapeSeconds)

const filledIn = (expr: string, namespace: string): string =>
  expr.replaceAll('$__rate_interval', rateInterval).replaceAll('$namespace', namespace).replaceAll('$service', 'orders')

async function answers(prometheus: string, query: string, times: readonly number[]): Promise<RecordedSeries[]> {
  const [start = 0, end = start] = [times[0], times.at(-1)]
  const asked = new URLSearchParams({ query, start: `${start}`, end: `${end}`, step: `${scrapeSeconds}` })
  const response = await fetch(`${prometheus}/api/v1/query_range?${asked}`, { signal: AbortSignal.timeout(30_000) })
  const { data, error } = (await response.json()) as { data?: { result: Matrix[] }; error?: string }
  if (!data) throw new Error(`Prometheus refuses ${query}: ${error}`)
  return data.result.map(({ metric, values }) => {
    const byTime = new Map(values.map(([time, value]) => [Math.round(time), Number(Number(value).toPrecision(4))]))
    return { labels: metric, values: times.map((time) => byTime.get(Math.round(time)) ?? null) }
  })
}

interface Matrix {
  readonly metric: Record<string, string>
  readonly values: readonly [time: number, value: string][]
}
