import type { KubernetesApi } from '../../balancing/endpoint-slices/kubernetes-api.ts'
import { watchList } from '../../balancing/endpoint-slices/watch-list.ts'
import { type Discovery, type Policy, policyNames, type ServedService } from '../config/lookaside-config.ts'
import type { WatchListener } from './slice-watches.ts'

/** A Service, as far as it is looked at here. */
export interface KubernetesService {
  readonly metadata: {
    readonly name: string
    readonly namespace: string
    readonly annotations?: Readonly<Record<string, string>> | null
  }
  readonly spec?: {
    readonly type?: string
    readonly ports?: readonly { readonly name?: string; readonly port: number; readonly protocol?: string }[] | null
  }
}

/** The Services of some namespaces that labels or an annotation choose. */
export class DiscoveredServices {
  readonly discovery: Discovery
  private readonly lists = new Map<string, readonly KubernetesService[]>()
  private readonly watches: readonly { close(): void }[]
  private readonly names: readonly string[]
  private readonly listener: WatchListener
  /** What is made of a Service stays the same object while it does: who builds something of it knows by that. */
  private readonly served = new WeakMap<KubernetesService, ServedService[]>()
  private readonly passedOver = new Set<string>()

  constructor(api: KubernetesApi, discovery: Discovery, listener: WatchListener) {
    this.discovery = discovery
    this.listener = listener
    const { namespaces, labelSelector } = discovery
    const paths = namespaces.map(
      (namespace) => `/api/v1/${namespace === '*' ? '' : `namespaces/${namespace}/`}services`,
    )
    const wanted = paths.flatMap((path) => [
      { name: path, path },
      ...(labelSelector === undefined ? [] : [{ name: labelled(path), path, labelSelector }]),
    ])
    this.names = wanted.map(({ name }) => name)
    this.watches = wanted.map(({ name, ...list }) =>
      watchList<KubernetesService>({
        api,
        ...list,
        changed: (services) => {
          this.lists.set(name, services)
          listener.changed()
        },
        problem: (sentence) => listener.problem(name, sentence),
      }),
    )
  }

  /** Whether every list has come. */
  get complete(): boolean {
    return this.names.every((name) => this.lists.has(name))
  }

  /** As SERVICE.NAMESPACE:PORT for each port of theirs. */
  services(): ServedService[] {
    return [...this.lists].flatMap(([name, services]) =>
      services.flatMap((service) => {
        const known = this.served.get(service) ?? this.serve(service, name.endsWith(byLabels))
        this.served.set(service, known)
        return known
      }),
    )
  }

  private serve(service: KubernetesService, chosenByLabels: boolean): ServedService[] {
    const why = whyPassedOver(service, this.discovery)
    if (why !== undefined && !this.passedOver.has(why)) {
      this.passedOver.add(why)
      this.listener.passedOver(why)
    }
    return servedPorts(service, this.discovery, chosenByLabels)
  }

  /** Closes it because it is wanted no more: its problems are none any more. */
  drop(): void {
    this.close()
    for (const name of this.names) this.listener.problem(name, undefined)
  }

  close(): void {
    for (const watch of this.watches) watch.close()
  }
}

const byLabels = ' by labels'
const labelled = (path: string) => `${path}${byLabels}`

function servedPorts(service: KubernetesService, discovery: Discovery, chosenByLabels: boolean): ServedService[] {
  const { metadata, spec } = service
  const policy = policyFor(metadata.annotations?.[discovery.annotation], discovery, chosenByLabels)
  if (policy === undefined || spec?.type === 'ExternalName') return []
  const ports = (spec?.ports ?? []).filter(({ protocol }) => protocol === undefined || protocol === 'TCP')
  const { localities, zoneWeights } = discovery
  return ports.map(({ name: portName, port }) => {
    const name = `${metadata.name}.${metadata.namespace}:${port}`
    // Slices have the Service's name of a port, but the number that the pods listen on.
    const backend = { name, service: metadata.name, namespace: metadata.namespace, port: portName ?? String(port) }
    const backends = [{ ...backend, weight: 1 }]
    return { name, policy, backends, failover: [], localities, zoneWeights, envoyListener: undefined }
  })
}

/** Undefined: the Service is not served. Its annotation wins over its labels. */
function policyFor(annotation: string | undefined, { policy }: Discovery, chosenByLabels: boolean): Policy | undefined {
  if (annotation === 'true' || annotation === policy.name) return policy
  const named = nameable.find((name) => name === annotation)
  if (named !== undefined) return { name: named, settings: {} }
  return annotation === undefined && chosenByLabels ? policy : undefined
}

/** An annotation has no room for the header that this one must be given. */
const nameable = policyNames.filter((name) => name !== 'ring_hash_experimental')

/** Undefined: the Service says nothing of it, or what can be gone by. */
function whyPassedOver({ metadata }: KubernetesService, { annotation, policy }: Discovery): string | undefined {
  const value = metadata.annotations?.[annotation]
  if (value === undefined || ['true', 'false', policy.name, ...nameable].includes(value)) return undefined
  const known = ['true', 'false', ...nameable].join(', ')
  return `Service ${metadata.namespace}/${metadata.name} is not served: its annotation ${annotation} is ${JSON.stringify(value)}: write one of ${known}`
}
