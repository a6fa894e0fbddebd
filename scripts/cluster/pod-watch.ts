import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { type Cluster, complaintOf } from './cluster.ts'
import { describePod, isServer, type Pod, podOf } from './pod.ts'
import { Waiting } from './waiting.ts'

/** Follows the pods of a namespace, so that one waits for what happens and sees how pods ended that are gone since. */
export class PodWatch {
  /** Every event, a line of JSON each. */
  readonly events: string[] = []
  private readonly known = new Map<string, Pod>()
  private readonly waiting: Waiting
  private readonly kubectl: ChildProcess
  private ended = ''

  static async start(cluster: Cluster, namespace: string): Promise<PodWatch> {
    // From whatever version the API server has at hand: one that is busy may refuse to wait for its latest.
    const path = `/api/v1/namespaces/${namespace}/pods?watch=true&resourceVersion=0&timeoutSeconds=3600`
    return new PodWatch(await cluster.start(['get', '--raw', path]), cluster.signal)
  }

  private constructor(kubectl: ChildProcess, signal: AbortSignal) {
    this.kubectl = kubectl
    const state = () => `; pods:\n${this.all().map(describePod).join('\n')}`
    this.waiting = new Waiting(signal, { whyOver: () => this.ended, state })
    if (kubectl.stdout) createInterface({ input: kubectl.stdout }).on('line', (line) => this.take(line))
    kubectl.once('close', (code, cause) =>
      this.end(complaintOf(kubectl) || `the watch of pods ended (${cause ?? code}): ${remedy}`),
    )
  }

  /** The pods of a release that are not gone, in order of name. */
  of(release: string): Pod[] {
    return this.all().filter((pod) => pod.release === release && !pod.gone)
  }

  /** The servers of a release that are not gone, in order of name; those that leave are among them. */
  serversOf(release: string): Pod[] {
    return this.of(release).filter(isServer)
  }

  all(): Pod[] {
    return [...this.known.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  /**
   * Resolves to what `look` finds once it finds something; `look` may throw to give up.
   *
   * @throws EvenlyError (69) after the limit, with what was awaited and the pods there are; or when the watch has ended
   */
  until<T>(what: string, limitSeconds: number, look: () => T | undefined | false): Promise<T> {
    return this.waiting.until(what, limitSeconds, look)
  }

  stop(): void {
    this.kubectl.kill()
  }

  private take(line: string): void {
    const event = eventIn(line)
    if (event === undefined) return
    this.events.push(line)
    const { type, object } = event
    if (type === 'ERROR') this.ended ||= `the watch of pods failed (${object.message}): ${remedy}`
    else {
      const { name } = object.metadata
      this.known.set(name, podOf(object, type === 'DELETED', this.known.get(name)))
    }
    this.waiting.look()
  }

  private end(why: string): void {
    this.ended ||= why
    this.waiting.look()
  }
}

/** Undefined for half of a line, which is the last when kubectl is ended while it writes. */
// biome-ignore lint/suspicious/noExplicitAny: of a Pod, or of what went wrong
function eventIn(line: string): { readonly type: string; readonly object: any } | undefined {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

const remedy = 'look whether the cluster runs, then try again'
