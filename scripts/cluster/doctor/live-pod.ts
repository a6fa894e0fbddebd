import type { Content } from '../../lib/manifests/manifest.ts'
import { listOf } from '../../lib/manifests/workload.ts'
import { type Pod, podOf } from '../pod.ts'
import { troubleOf } from '../pod-trouble.ts'

/** A pod as the cluster shows it, and since when it serves. */
export interface LivePod extends Pod {
  readonly namespace: string
  readonly zone: string
  /** When it was made, in milliseconds since 1970 by the cluster's clock. */
  readonly startedAt: number
  /** When the last of its containers began to run; undefined while one does not. Readiness comes and goes, this does not. */
  readonly runsSince: number | undefined
  /** When it last became ready; undefined when it is not. */
  readonly servesSince: number | undefined
  readonly content: Content
}

/** @param zoneOf the zone of a node; empty where it is not known */
export function livePod(content: Content, zoneOf: (node: string) => string): LivePod {
  const pod = podOf({ ...content, status: withStates(content.status ?? {}) }, false)
  const ready = listOf(content.status?.conditions).find(({ type, status }) => type === 'Ready' && status === 'True')
  return {
    ...pod,
    namespace: content.metadata.namespace,
    zone: zoneOf(pod.node),
    startedAt: Date.parse(content.metadata.creationTimestamp),
    runsSince: runsSince(content),
    servesSince: ready && Date.parse(ready.lastTransitionTime),
    content,
  }
}

function runsSince({ status }: Content): number | undefined {
  const starts = listOf(status?.containerStatuses).map(({ state }) => Date.parse(state?.running?.startedAt))
  return starts.length === 0 || starts.some(Number.isNaN) ? undefined : Math.max(...starts)
}

/**
 * Why a pod is no ready endpoint, in one clause without its name.
 *
 * @param lastWords what its container printed last, for one that crashes
 */
export function whyNotReady(pod: LivePod, lastWords = ''): string {
  const crashing = crashingStatus(pod)
  const trouble = troubleOf(crashing === undefined ? pod : { ...pod, reason: 'CrashLoopBackOff' }, lastWords)
  if (trouble !== undefined) return `${withoutAdvice(trouble, pod.name)}${endText(pod)}`
  const { leaving, reason, message, started } = pod
  if (leaving) return 'is being deleted'
  if (reason === 'Unschedulable') return `fits on no node (${firstSentence(message)})`
  if (reason !== '') return `does not run: ${reason}${message && ` (${firstSentence(message)})`}`
  if (!started) return 'is still starting'
  const unready = listOf(pod.content.status?.containerStatuses).filter(({ ready }) => ready === false)
  const names = unready.map(({ name }) => name).join(', ')
  return names === ''
    ? 'runs, but a readiness gate of it is not met'
    : `runs, but its readiness probe fails (container ${names})`
}

/** The container that crashes again and again, even if it runs just now; undefined when none does. */
export const crashingContainer = (pod: LivePod): string | undefined => crashingStatus(pod)?.name

const crashingStatus = ({ content, ready }: LivePod): Content =>
  statusesOf(content).find(
    ({ state, lastState, ready: isUp }) =>
      state?.waiting?.reason === 'CrashLoopBackOff' ||
      (!ready && isUp === false && state?.waiting === undefined && (lastState?.terminated?.exitCode ?? 0) !== 0),
  )

/** How a container that crashes ended the last time: ` (OOMKilled, exit code 137)`. */
function endText(pod: LivePod): string {
  const ended = crashingStatus(pod)?.lastState?.terminated
  return ended === undefined ? '' : ` (${ended.reason ?? 'ended'}, exit code ${ended.exitCode})`
}

const statusesOf = ({ status }: Content): Content[] => [
  ...listOf(status?.containerStatuses),
  ...listOf(status?.initContainerStatuses),
]

/** What to do about it is said once for all pods. */
const withoutAdvice = (sentence: string, name: string): string =>
  sentence
    .replace(`pod ${name} `, '')
    .replace(/: [^:]*$/, '')
    .replace(/; it printed nothing$/, '')

const firstSentence = (text: string): string => (text.split(/\.\s|\n/)[0] ?? '').replace(/\.$/, '').slice(0, 200)

/** A container that was not begun yet may have no state. */
function withStates(status: Content): Content {
  const named = (list: unknown) => listOf(list).map((each) => ({ ...each, state: each.state ?? {} }))
  return {
    ...status,
    containerStatuses: named(status.containerStatuses),
    initContainerStatuses: named(status.initContainerStatuses),
  }
}
