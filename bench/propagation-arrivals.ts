import type { ChildProcess } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Namespace } from '../scripts/cluster/namespace.ts'

/** A pod has answered a client for the first time in a while; milliseconds since 1970. */
export interface Arrival {
  /** By the client's clock. */
  readonly answered: number
  /** When this process heard of it. */
  readonly heard: number
}

/** What a client tells of the pods that begin to answer it. */
export class Arrivals {
  private readonly client: string
  private readonly logs: ChildProcess
  private readonly told = new EventEmitter()
  private readonly known = new Map<string, Arrival>()

  /** Of a client that runs in a pod. */
  static async follow(namespace: Namespace, client: string): Promise<Arrivals> {
    return new Arrivals(
      client,
      await namespace.cluster.start(['-n', namespace.name, 'logs', '-f', client, '-c', 'caller']),
    )
  }

  /** @param logs prints what the client tells; ended by `close` */
  constructor(client: string, logs: ChildProcess) {
    this.client = client
    this.logs = logs
    if (logs.stdout === null) throw new Error('kubectl logs has no output')
    createInterface({ input: logs.stdout }).on('line', (line) => {
      const { peer, answeredMicros } = JSON.parse(line)
      const arrival: Arrival = { answered: answeredMicros / 1000, heard: performance.timeOrigin + performance.now() }
      this.known.set(peer, arrival)
      this.told.emit(peer, arrival)
    })
  }

  /** Resolves once this pod has begun to answer, if it has not yet. */
  async begun(pod: string, limitSeconds: number): Promise<void> {
    if (!this.known.has(pod)) await this.next(pod, limitSeconds)
  }

  /** The next time that this pod begins to answer. */
  async next(pod: string, limitSeconds: number): Promise<Arrival> {
    const signal = AbortSignal.timeout(limitSeconds * 1000)
    const [arrival] = await once(this.told, pod, { signal }).catch(() => {
      throw new Error(`${pod} did not answer ${this.client} within ${limitSeconds} s`)
    })
    return arrival
  }

  close(): void {
    this.logs.kill()
  }
}
