/**
 * Label of what belongs to a Gateway. Who makes a Gateway's proxies and Service gives them the Gateway's own labels too, those
 * of our servers among them.
 */
export const gatewayLabel = 'gateway.networking.k8s.io/gateway-name'

/** A pod as the cluster last showed it; one that is gone stays known. */
export interface Pod {
  readonly name: string
  /** What tells it from an earlier pod of the same name. */
  readonly uid: string
  /** The Helm release it belongs to; empty for none. */
  readonly release: string
  /** `server`, `client`, ...: what the chart calls its part; `gateway` for the proxies of a Gateway. */
  readonly component: string
  readonly ip: string
  readonly node: string
  readonly ready: boolean
  /** Whether its deletion has begun. */
  readonly leaving: boolean
  /** Whether its deletion has ended. */
  readonly gone: boolean
  /** Exit code of its main container; undefined while that runs. */
  readonly exitCode: number | undefined
  /** Whether its main container has begun to run. */
  readonly started: boolean
  /** What holds a container up or ended the main one, such as ErrImagePull; empty when nothing does. */
  readonly reason: string
  /** Of all its containers. */
  readonly containers: readonly string[]
  /** The cluster's own words to `reason`, or to why it cannot be scheduled; may be empty. */
  readonly message: string
  /** When this was first seen, in milliseconds since 1970 by the clock here; null while it has not been. */
  readonly readyAt: number | null
  readonly leavingAt: number | null
  readonly goneAt: number | null
}

/** @param object a Pod of the Kubernetes API; `known` is what was known of a pod of its name. */
// biome-ignore lint/suspicious/noExplicitAny: a Pod of the Kubernetes API, as far as one looks into it
export function podOf(object: any, gone: boolean, known?: Pod): Pod {
  const { metadata, spec, status } = object
  const before = known?.uid === metadata.uid ? known : undefined
  const main = metadata.annotations?.['kubectl.kubernetes.io/default-container'] ?? spec.containers[0].name
  const statuses: Status[] = [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])]
  const state = statuses.find(({ name }) => name === main)?.state
  const held = statuses.map((each) => each.state.waiting).find((waiting) => waiting && !isUsual(waiting.reason))
  const ready = conditionOf(status, 'Ready')?.status === 'True'
  const leaving = metadata.deletionTimestamp !== undefined
  const scheduled = conditionOf(status, 'PodScheduled')
  const now = Date.now()
  return {
    name: metadata.name,
    uid: metadata.uid,
    release: metadata.labels?.['app.kubernetes.io/instance'] ?? '',
    component: componentOf(metadata.labels ?? {}),
    ip: status.podIP ?? before?.ip ?? '',
    node: spec.nodeName ?? '',
    ready,
    leaving,
    gone,
    exitCode: state?.terminated?.exitCode,
    started: state?.running !== undefined || state?.terminated !== undefined,
    reason: held?.reason ?? state?.terminated?.reason ?? (scheduled?.status === 'False' ? scheduled.reason : ''),
    containers: [...(spec.initContainers ?? []), ...spec.containers].map(({ name }) => name),
    message: held?.message ?? (scheduled?.status === 'False' ? scheduled.message : ''),
    readyAt: before?.readyAt ?? (ready ? now : null),
    leavingAt: before?.leavingAt ?? (leaving ? now : null),
    goneAt: before?.goneAt ?? (gone ? now : null),
  }
}

export const isServer = ({ component }: Pod): boolean => component === 'server'

/** Whether it may be called, and goes on to be. */
export const serves = ({ ready, leaving }: Pod): boolean => ready && !leaving

/** One line. */
export function describePod({ name, ready, leaving, gone, exitCode, reason }: Pod): string {
  const lifetime = gone ? 'gone' : leaving ? 'leaving' : ready ? 'ready' : 'not ready'
  return `  ${name}: ${lifetime}${exitCode === undefined ? '' : `, exit ${exitCode}`}${reason && `, ${reason}`}`
}

const componentOf = (labels: Readonly<Record<string, string>>): string =>
  gatewayLabel in labels ? 'gateway' : (labels['app.kubernetes.io/component'] ?? '')

interface Status {
  readonly name: string
  readonly state: {
    readonly waiting?: { readonly reason: string; readonly message?: string }
    readonly running?: object
    readonly terminated?: { readonly exitCode: number; readonly reason: string }
  }
}

/** Whether a container waits as every container does at first. */
const isUsual = (reason: string): boolean => reason === 'ContainerCreating' || reason === 'PodInitializing'

// biome-ignore lint/suspicious/noExplicitAny: as above
function conditionOf(status: any, type: string): { status: string; reason: string; message: string } | undefined {
  return status.conditions?.find((condition: { type: string }) => condition.type === type)
}
