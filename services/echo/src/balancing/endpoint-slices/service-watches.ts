import type { EndpointSlice } from './endpoint-slice.ts'
import type { KubernetesApi } from './kubernetes-api.ts'
import { watchEndpointSlices } from './watch-endpoint-slices.ts'

/** What is known of a Service: nothing at first, then its slices, the last ones while the API is away. */
export interface KnownService {
  readonly slices?: readonly EndpointSlice[]
  readonly problem?: string
}

type Listener = (known: KnownService) => void

/** Watches each Service once, however many channels ask, and no longer than one does. */
export class ServiceWatches {
  private readonly api: KubernetesApi
  private readonly problem: (sentence: string | undefined) => void
  private readonly watches = new Map<string, ServiceWatch>()
  private readonly problems = new Map<string, string>()

  /** @param problem called when a watch can no longer go on, and with undefined when all can again. */
  constructor(api: KubernetesApi, problem: (sentence: string | undefined) => void) {
    this.api = api
    this.problem = problem
  }

  /**
   * Tells what is known at once and after each change, always after it has returned.
   * @returns what ends it
   */
  follow(namespace: string, service: string, listener: Listener): () => void {
    const key = `${namespace}/${service}`
    const watch = this.watches.get(key) ?? new ServiceWatch(this.api, namespace, service, this.noter(key))
    if (this.watches.size === 0) this.forget(key)
    this.watches.set(key, watch)
    const end = watch.follow(listener)
    return () => {
      end()
      if (watch.followed || this.watches.get(key) !== watch) return
      watch.close()
      this.watches.delete(key)
      // Others know whether it is well; where there are none, the next watch will.
      if (this.watches.size > 0) this.note(key, undefined)
    }
  }

  /** What was told of watches that are gone becomes the next one's to take back. */
  private forget(key: string): void {
    const [sentence] = this.problems.values()
    this.problems.clear()
    if (sentence !== undefined) this.problems.set(key, sentence)
  }

  private noter(key: string) {
    return (sentence: string | undefined): void => this.note(key, sentence)
  }

  private note(key: string, sentence: string | undefined): void {
    if (sentence === this.problems.get(key)) return
    if (sentence !== undefined) this.problems.set(key, sentence)
    else this.problems.delete(key)
    if (sentence !== undefined || this.problems.size === 0) this.problem(sentence)
  }
}

class ServiceWatch {
  private readonly watch: { close(): void }
  private readonly listeners = new Set<Listener>()
  private known: KnownService = {}

  constructor(api: KubernetesApi, namespace: string, service: string, problem: (sentence: string | undefined) => void) {
    this.watch = watchEndpointSlices({
      api,
      namespace,
      service,
      changed: (slices) => {
        this.learn({ ...this.known, slices })
        if (this.known.problem === undefined) problem(undefined)
      },
      problem: (sentence) => {
        const { slices } = this.known
        this.learn({ ...(slices && { slices }), ...(sentence !== undefined && { problem: sentence }) })
        problem(sentence)
      },
    })
  }

  get followed(): boolean {
    return this.listeners.size > 0
  }

  follow(listener: Listener): () => void {
    // Each of its own, for one function may follow twice.
    const own: Listener = (known) => listener(known)
    this.listeners.add(own)
    process.nextTick(() => {
      if (this.listeners.has(own)) own(this.known)
    })
    return () => this.listeners.delete(own)
  }

  close(): void {
    this.watch.close()
  }

  private learn(known: KnownService): void {
    this.known = known
    for (const listener of this.listeners) listener(known)
  }
}
