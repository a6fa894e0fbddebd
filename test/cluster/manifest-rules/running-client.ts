import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { ClientLog } from '../../../scripts/cluster/client-log.ts'
import type { Cluster } from '../../../scripts/cluster/cluster.ts'
import { Waiting } from '../../../scripts/cluster/waiting.ts'

/** A client that goes on calling, followed by what it logs four times a second. */
export class RunningClient {
  private readonly log: ClientLog
  private readonly kubectl: ChildProcess
  private readonly waiting: Waiting

  static async follow(cluster: Cluster, namespace: string, pod: string): Promise<RunningClient> {
    const kubectl = await cluster.start(['-n', namespace, 'logs', '-f', pod, '-c', 'echo'])
    return new RunningClient(cluster, pod, kubectl)
  }

  private constructor(cluster: Cluster, pod: string, kubectl: ChildProcess) {
    this.log = new ClientLog(pod)
    this.kubectl = kubectl
    this.waiting = new Waiting(cluster.signal, { state: () => `; it said last: ${this.log.lastWords}` })
    if (kubectl.stdout === null) return
    createInterface({ input: kubectl.stdout }).on('line', (line) => {
      this.log.take(line)
      this.waiting.look()
    })
  }

  /** Calls so far. */
  get calls(): number {
    return this.log.requests
  }

  /** Of these, the ones that ended otherwise than OK, and how. */
  get failed(): number {
    return this.log.intervals().reduce((sum, { failed }) => sum + failed, 0)
  }

  get errors(): Readonly<Record<string, number>> {
    const errors: Record<string, number> = {}
    for (const interval of this.log.intervals()) {
      for (const [status, count] of Object.entries(interval.errors)) errors[status] = (errors[status] ?? 0) + count
    }
    return errors
  }

  /** Up to when it has told of itself, in milliseconds since 1970 by the clock here: on a busy machine logs come late. */
  get toldUntil(): number {
    return this.log.intervals().at(-1)?.to ?? 0
  }

  /** The servers that answered any so far. */
  get peers(): ReadonlySet<string> {
    return new Set(this.log.intervals().flatMap(({ first }) => Object.keys(first)))
  }

  /** Resolves to what `look` finds once it finds something; it looks whenever the client has told something. */
  until<T>(what: string, limitSeconds: number, look: () => T | undefined | false): Promise<T> {
    return this.waiting.until(what, limitSeconds, look)
  }

  stop(): void {
    this.kubectl.kill()
  }
}
