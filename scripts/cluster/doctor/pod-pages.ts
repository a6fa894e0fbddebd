import type { Cluster } from '../cluster.ts'
import { PortForward } from '../port-forward.ts'
import type { Api } from './api-server.ts'
import type { LivePod } from './live-pod.ts'
import type { Reader } from './reader.ts'

/** Seconds in which a pod's page has to come. */
const pageSeconds = 10

/** As many pods are reached by a kubectl each; more would take long. */
const mostForwards = 24

/** Pages that pods serve over HTTP, of metrics or of a proxy's administration, read from wherever one is. */
export class PodPages {
  private readonly cluster: Cluster
  private readonly api: Api
  private readonly reader: Reader
  private readonly mayForward: boolean
  private readonly forwards = new Map<string, Promise<PortForward | undefined>>()

  /** @param mayForward whether ports may be forwarded, which is a right to do more than to read */
  constructor(cluster: Cluster, api: Api, reader: Reader, mayForward: boolean) {
    this.cluster = cluster
    this.api = api
    this.reader = reader
    this.mayForward = mayForward
  }

  /** A page by way of the API server, or else of a forwarded port; undefined when there is none, or none that one may read. */
  async get(pod: LivePod, port: number, path: string): Promise<string | undefined> {
    return (await this.getProxied(pod, port, path)) ?? this.getForwarded(pod, port, path)
  }

  /** A page of a port that only the pod itself can reach. */
  async getForwarded(pod: LivePod, port: number, path: string): Promise<string | undefined> {
    const forward = await this.forwardTo(pod, port)
    if (forward === undefined) return undefined
    const signal = AbortSignal.any([this.cluster.signal, AbortSignal.timeout(pageSeconds * 1000)])
    const response = await fetch(`http://${forward.address}${path}`, { signal }).catch(() => undefined)
    return response?.ok ? response.text() : undefined
  }

  /** How many pods were reached by a forwarded port. */
  get forwarded(): number {
    return this.forwards.size
  }

  async close(): Promise<void> {
    for (const forward of await Promise.all(this.forwards.values())) forward?.close()
  }

  private async getProxied({ name, namespace }: LivePod, port: number, path: string): Promise<string | undefined> {
    const proxied = `/api/v1/namespaces/${namespace}/pods/${name}:${port}/proxy${path}`
    const { status, text } = await this.api.get(proxied, pageSeconds).catch(() => ({ status: 0, text: '' }))
    if (status === 403 && /"reason":"Forbidden"/.test(text)) {
      this.reader.deny('get', { group: '', resource: 'pods/proxy' }, namespace)
    }
    return status === 200 ? text : undefined
  }

  private forwardTo(pod: LivePod, port: number): Promise<PortForward | undefined> {
    const key = `${pod.namespace}/${pod.name}:${port}`
    const known = this.forwards.get(key)
    if (known) return known
    if (!this.mayForward || this.forwards.size >= mostForwards) return Promise.resolve(undefined)
    const { cluster } = this
    const opened = PortForward.open({ cluster, name: pod.namespace }, pod.name, port).catch((error: Error) => {
      if (/may not (create|get) pods\/portforward/.test(error.message)) {
        this.reader.deny('create', { group: '', resource: 'pods/portforward' }, pod.namespace)
      }
      return undefined
    })
    this.forwards.set(key, opened)
    return opened
  }
}
