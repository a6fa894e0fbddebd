import type { Cluster } from '../cluster.ts'
import { type Counts, summed, zeroes } from '../counts.ts'
import { serves } from '../pod.ts'
import type { LiveCaller } from './live.ts'
import type { LivePod } from './live-pod.ts'
import { readCalls } from './pod-counters.ts'
import type { PodPages } from './pod-pages.ts'
import { type ProxyView, proxiesToAsk, viewOf } from './proxy-view.ts'
import { type Traffic, trafficOf } from './traffic.ts'

/** What was seen in a window of some seconds. */
export interface Watched {
  /** Undefined when neither the pods nor a caller's Envoy counts calls. */
  readonly traffic: Traffic | undefined
  readonly proxies: readonly ProxyView[]
  /** How many Envoys could not be asked. */
  readonly proxiesNotAsked: number
}

/** Counts the calls that pods serve in a window: as they count themselves, or else as their callers' Envoys do. */
export async function watchTraffic(
  cluster: Cluster,
  pages: PodPages,
  pods: readonly LivePod[],
  callers: readonly LiveCaller[],
  seconds: number,
): Promise<Watched> {
  const serving = pods.filter(serves)
  const asked = proxiesToAsk(callers)
  const first = await Promise.all(serving.map((pod) => readCalls(pod, pages)))
  const before = await Promise.all(asked.map((each) => viewOf(each, pages)))
  const counted = first.every((reading) => reading !== undefined) && serving.length > 0
  const envoys = before.filter((view) => view !== undefined)
  const seen = { proxies: envoys, proxiesNotAsked: asked.length - envoys.length }
  if (!counted && envoys.length === 0) return { traffic: undefined, ...seen }
  await cluster.pause(seconds * 1000)
  if (!counted) {
    const after = await Promise.all(asked.map((each) => viewOf(each, pages)))
    return { traffic: ofProxies(pods, before, after, seconds, callers), ...seen }
  }
  const counts = await Promise.all(
    serving.map(async (pod, i) => {
      const start = first[i]
      const end = await readCalls(pod, pages, start?.page)
      if (start === undefined || end === undefined) return undefined
      // A server that was started anew in between counts from 0. Each pod is asked at a moment of its own.
      const calls = end.calls < start.calls ? end.calls : end.calls - start.calls
      return [pod.name, Math.round((calls * seconds * 1000) / (end.at - start.at))] as const
    }),
  )
  if (counts.some((count) => count === undefined)) return { traffic: undefined, ...seen }
  const byPod = Object.fromEntries(counts as [string, number][])
  return { traffic: trafficOf(byPod, seconds, 'the pods themselves', false), ...seen }
}

function ofProxies(
  pods: readonly LivePod[],
  before: readonly (ProxyView | undefined)[],
  after: readonly (ProxyView | undefined)[],
  seconds: number,
  callers: readonly LiveCaller[],
): Traffic {
  const byIp = new Map(pods.map(({ ip, name }) => [ip, name]))
  const grown = after.map((view, i): Counts => {
    const sent = Object.entries(view?.calls ?? {}).map(([ip, calls]) => {
      const earlier = before[i]?.calls[ip] ?? 0
      return [byIp.get(ip) ?? ip, calls < earlier ? calls : calls - earlier] as const
    })
    return before[i] === undefined ? {} : Object.fromEntries(sent)
  })
  const ready = pods.filter(serves).map(({ name }) => name)
  const asked = before.flatMap((view) => (view ? [view.pod.name] : []))
  const all = callers.reduce((sum, caller) => sum + caller.pods.length, 0)
  const countedBy = `the Envoy${asked.length === 1 ? '' : 's'} of ${asked.join(' and ')}`
  return trafficOf(summed([zeroes(ready), ...grown]), seconds, countedBy, asked.length < all)
}
