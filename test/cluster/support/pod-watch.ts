import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { tool } from '../../../scripts/lib/tools.ts'

/** A pod as the cluster last showed it; one that is gone stays known. */
export interface Pod {
  readonly name: string
  /** The Helm release it belongs to. */
  readonly release: string
  readonly ready: boolean
  /** Whether its deletion has begun. */
  readonly leaving: boolean
  /** Whether its deletion has ended. */
  readonly gone: boolean
  /** Exit code of its container; undefined while that runs. */
  readonly exitCode: number | undefined
  /** What holds the container up or ended it, such as ErrImagePull; empty when nothing does. */
  readonly reason: string
}

/** Follows the pods of a namespace, so that tests wait for what happens and see how pods ended that are gone since. */
export class PodWatch {
  /** Every event, a line of JSON each. */
  readonly events: string[] = []
  private readonly known = new Map<string, Pod>()
  private readonly waiting = new Set<() => void>()
  private readonly kubectl: ChildProcess
  private ended = ''

  static async start(namespace: string): Promise<PodWatch> {
    const args = ['get', '--raw', `/api/v1/namespaces/${namespace}/pods?watch=true&timeoutSeconds=3600`]
    return new PodWatch(spawn(await tool('kubectl'), args, { stdio: ['ignore', 'pipe', 'inherit'] }))
  }

  private constructor(kubectl: ChildProcess) {
    this.kubectl = kubectl
    if (kubectl.stdout) createInterface({ input: kubectl.stdout }).on('line', (line) => this.take(line))
    kubectl.once('exit', (code, signal) => this.end(`the watch of pods ended (${signal ?? code})`))
  }

  /** The pods of a release that are not gone, in order of name. */
  of(release: string): Pod[] {
    return this.all().filter((pod) => pod.release === release && !pod.gone)
  }

  all(): Pod[] {
    return [...this.known.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  /** Resolves to what `look` finds once it finds something; rejects after the limit with what was awaited and what is. */
  until<T>(what: string, limitSeconds: number, look: () => T | undefined | false): Promise<T> {
    return new Promise((resolve, reject) => {
      const give = (settle: () => void) => {
        clearTimeout(limit)
        this.waiting.delete(check)
        settle()
      }
      const fail = (why: string) =>
        give(() => reject(new Error(`waited for ${what}: ${why}; pods:\n${this.all().map(describePod).join('\n')}`)))
      const check = () => {
        const found = look()
        if (found) give(() => resolve(found))
        else if (this.ended) fail(this.ended)
      }
      const limit = setTimeout(() => fail(`not within ${limitSeconds} s`), limitSeconds * 1000)
      this.waiting.add(check)
      check()
    })
  }

  stop(): void {
    this.kubectl.kill()
  }

  private take(line: string): void {
    this.events.push(line)
    const { type, object } = JSON.parse(line)
    if (type === 'ERROR') this.ended ||= `the watch of pods failed (${object.message})`
    else this.known.set(object.metadata.name, podOf(object, type === 'DELETED'))
    this.look()
  }

  private end(why: string): void {
    this.ended ||= why
    this.look()
  }

  private look(): void {
    for (const check of [...this.waiting]) check()
  }
}

// biome-ignore lint/suspicious/noExplicitAny: a Pod of the Kubernetes API, as far as tests look into it
function podOf({ metadata, status }: any, gone: boolean): Pod {
  const state = status.containerStatuses?.[0]?.state ?? {}
  const { waiting, terminated } = state
  // biome-ignore lint/suspicious/noExplicitAny: as above
  const condition = (type: string) => status.conditions?.find((each: any) => each.type === type)?.status === 'True'
  return {
    name: metadata.name,
    release: metadata.labels?.['app.kubernetes.io/instance'] ?? '',
    ready: condition('Ready'),
    leaving: metadata.deletionTimestamp !== undefined,
    gone,
    exitCode: terminated?.exitCode,
    reason: waiting?.reason ?? terminated?.reason ?? '',
  }
}

function describePod({ name, ready, leaving, gone, exitCode, reason }: Pod): string {
  const lifetime = gone ? 'gone' : leaving ? 'leaving' : ready ? 'ready' : 'not ready'
  return `  ${name}: ${lifetime}${exitCode === undefined ? '' : `, exit ${exitCode}`}${reason && `, ${reason}`}`
}
