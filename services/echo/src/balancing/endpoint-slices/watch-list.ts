import { setTimeout as sleep } from 'node:timers/promises'
import { ApiFailure, reasonOf } from './api-failure.ts'
import { Backoff } from './backoff.ts'
import type { KubernetesApi } from './kubernetes-api.ts'
import { listObjects } from './list-objects.ts'
import { type WatchEvent, watchEvents } from './watch-events.ts'
import { keyOf, namedObject, type WatchedObject } from './watched-object.ts'
import { within } from './within.ts'

export interface WatchListOptions<T extends WatchedObject> {
  readonly api: KubernetesApi
  /** Such as /apis/discovery.k8s.io/v1/namespaces/shop/endpointslices. */
  readonly path: string
  readonly labelSelector?: string
  readonly fieldSelector?: string
  /**
   * Reads what the API server says is an object, of which this was known before. Undefined: it is none, and what was known of it
   * stays. Default: any with a name.
   */
  readonly read?: (value: unknown, known: T | undefined) => T | undefined
  /** Called with all objects after the list and after each change, those of one moment together; never within watchList. */
  changed(items: readonly T[]): void
  /** Called with a sentence when the API goes away, while what was known stays, and with undefined when it is back. */
  problem(sentence: string | undefined): void
}

/**
 * Keeps a list of objects as the API server has it: list, then watch from there, and again after every failure. It does not keep
 * the process alive.
 */
export function watchList<T extends WatchedObject>(options: WatchListOptions<T>): { close(): void } {
  const watching = new Watching(options)
  void watching.run()
  return watching
}

/** How long a list may take, and how much longer a watch may live than the server was told. */
const patienceSeconds = 30
/** A watch that lives so long has gone well. */
const steadySeconds = 1

class Watching<T extends WatchedObject> {
  private readonly options: WatchListOptions<T>
  private readonly selectors: Readonly<Record<string, string>>
  private readonly backoff = new Backoff()
  private objects = new Map<string, T>()
  /** What to go on from; undefined: only a list can tell. */
  private version: string | undefined
  private listedBefore = false
  private openedAt: number | undefined
  /** The sentence last told, and whether only clean events can take it back. */
  private told: string | undefined
  private garbled = false
  private readonly ended = new AbortController()

  constructor(options: WatchListOptions<T>) {
    this.options = options
    const { labelSelector, fieldSelector } = options
    this.selectors = { ...(labelSelector && { labelSelector }), ...(fieldSelector && { fieldSelector }) }
  }

  close(): void {
    this.ended.abort()
  }

  async run(): Promise<void> {
    while (!this.closed) {
      this.openedAt = undefined
      let failed = false
      try {
        this.version ??= await this.list()
        await this.watch(this.version)
      } catch (error) {
        failed = true
        if (!this.closed) this.failed(error)
      }
      const steady = this.openedAt !== undefined && performance.now() - this.openedAt > steadySeconds * 1000
      if (steady) this.backoff.reset()
      // A watch that ends by itself goes on at once, but for a server that ends each as soon as it begins.
      if (failed || !steady) await sleep(this.backoff.next(), null, this.endedOnly).catch(() => {})
    }
  }

  private get closed(): boolean {
    return this.ended.signal.aborted
  }

  private get endedOnly() {
    return { ref: false, signal: this.ended.signal }
  }

  private async list(): Promise<string> {
    const { api, path } = this.options
    const { selectors, listedBefore } = this
    this.listedBefore = true
    const list = await within(patienceSeconds, this.ended.signal, (signal) =>
      listObjects(api, { path, selectors, fromCache: !listedBefore, signal }),
    )
    const objects = new Map<string, T>()
    for (const item of list.items) {
      const object = this.read(item)
      if (object) objects.set(keyOf(object), object)
    }
    this.objects = objects
    if (!this.closed) this.tellChange()
    return list.resourceVersion
  }

  private watch(resourceVersion: string): Promise<void> {
    const { api, path } = this.options
    const { selectors } = this
    // Not all clients of a cluster at one time, after its server was started again.
    const timeoutSeconds = Math.round(240 + 120 * Math.random())
    return within(timeoutSeconds + patienceSeconds, this.ended.signal, async (signal) => {
      for await (const events of watchEvents(api, { path, selectors, resourceVersion, timeoutSeconds, signal })) {
        if (this.closed) return
        this.openedAt ??= performance.now()
        this.apply(events)
        if (!this.garbled) this.tell(undefined)
      }
    })
  }

  private apply(events: Iterable<WatchEvent>): void {
    let changed = false
    try {
      for (const { type, object, resourceVersion } of events) {
        this.garbled = false
        if (type !== 'BOOKMARK') changed = true
        if (type === 'DELETED') this.objects.delete(keyOf(object))
        else if (type !== 'BOOKMARK') this.keep(object)
        this.version = resourceVersion
      }
    } finally {
      if (changed) this.tellChange()
    }
  }

  private keep(value: unknown): void {
    const object = this.read(value)
    if (object) this.objects.set(keyOf(object), object)
  }

  private read(value: unknown): T | undefined {
    const known = this.objects.get(keyOf(value))
    const object = (this.options.read ?? namedObject<T>)(value, known)
    if (object !== undefined) return object
    this.garbled = true
    this.tell(`sent an object that cannot be read${keyOf(value) && ` (${keyOf(value)})`}`)
    return known
  }

  private failed(error: unknown): void {
    const kind = error instanceof ApiFailure ? error.kind : 'unreachable'
    if (kind === 'gone' || kind === 'garbage') this.version = undefined
    if (kind === 'garbage') this.garbled = true
    // A watch that is cut off, as every restart of the server does, is a problem only if it cannot go on.
    if (kind === 'gone' || (kind === 'unreachable' && this.openedAt !== undefined)) return
    this.tell(error instanceof ApiFailure ? error.message : `cannot be reached: ${reasonOf(error)}`)
  }

  private tell(reason: string | undefined): void {
    const sentence = reason && `The Kubernetes API ${this.options.api.url} ${reason}.`
    if (sentence === this.told) return
    this.told = sentence
    queueMicrotask(() => {
      if (!this.closed) this.options.problem(sentence)
    })
  }

  private tellChange(): void {
    try {
      this.options.changed([...this.objects.values()])
    } catch (error) {
      // An error of the listener is its own, not one of the API to be tried again.
      queueMicrotask(() => {
        throw error
      })
    }
  }
}
