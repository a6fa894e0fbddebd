import { type EndpointSlice, serviceNameLabel } from '../../balancing/endpoint-slices/endpoint-slice.ts'
import type { KubernetesApi } from '../../balancing/endpoint-slices/kubernetes-api.ts'
import { watchEndpointSlices } from '../../balancing/endpoint-slices/watch-endpoint-slices.ts'
import { type Scope, scopeKey } from './scopes.ts'

/** What is told of a watch, whatever it watches. */
export interface WatchListener {
  changed(): void
  /** @param sentence undefined: it is well again */
  problem(watch: string, sentence: string | undefined): void
  /** @param sentence of what is passed over, and why */
  passedOver(sentence: string): void
}

/** The slices of the Services that are wanted. */
export class SliceWatches {
  private readonly api: KubernetesApi
  private readonly listener: WatchListener
  private readonly watches = new Map<string, SliceWatch>()
  private wanted = new Set<string>()

  constructor(api: KubernetesApi, listener: WatchListener) {
    this.api = api
    this.listener = listener
  }

  /** Watches these from now on. What is wanted no more is watched until all that is wanted is known. */
  want(scopes: readonly Scope[]): void {
    this.wanted = new Set(scopes.map(scopeKey))
    for (const scope of scopes) {
      const key = scopeKey(scope)
      if (!this.watches.has(key))
        this.watches.set(key, new SliceWatch(this.api, scope, this.afterChange, this.listener))
    }
    this.dropUnwanted()
  }

  /** Whether all that is wanted has been listed. */
  get complete(): boolean {
    return [...this.wanted].every((key) => this.watches.get(key)?.listed)
  }

  /** The same array until something in it changes; undefined: not listed yet. */
  slicesOf(namespace: string, service: string): readonly EndpointSlice[] | undefined {
    for (const scope of [{ namespace, service }, { namespace }, {}]) {
      const watch = this.watches.get(scopeKey(scope))
      if (watch?.listed) return watch.slicesOf(`${namespace}/${service}`)
    }
    return undefined
  }

  close(): void {
    for (const watch of this.watches.values()) watch.close()
    this.watches.clear()
  }

  private readonly afterChange = (): void => {
    this.dropUnwanted()
    this.listener.changed()
  }

  private dropUnwanted(): void {
    if (!this.complete) return
    for (const [key, watch] of this.watches) {
      if (this.wanted.has(key)) continue
      watch.close()
      this.watches.delete(key)
      this.listener.problem(`endpointslices ${key}`, undefined)
    }
  }
}

const none: readonly EndpointSlice[] = []

class SliceWatch {
  listed = false
  private byService: ReadonlyMap<string, readonly EndpointSlice[]> = new Map()
  private readonly watch: { close(): void }

  constructor(api: KubernetesApi, scope: Scope, changed: () => void, { problem }: WatchListener) {
    this.watch = watchEndpointSlices({
      api,
      ...scope,
      changed: (slices) => {
        this.listed = true
        this.byService = grouped(slices, this.byService)
        changed()
      },
      problem: (sentence) => problem(`endpointslices ${scopeKey(scope)}`, sentence),
    })
  }

  slicesOf(key: string): readonly EndpointSlice[] {
    return this.byService.get(key) ?? none
  }

  close(): void {
    this.watch.close()
  }
}

/** By Service, with the array of before where nothing of it has changed: who builds something of it knows by that. */
function grouped(
  slices: readonly EndpointSlice[],
  before: ReadonlyMap<string, readonly EndpointSlice[]>,
): ReadonlyMap<string, readonly EndpointSlice[]> {
  const groups = Map.groupBy(
    slices,
    ({ metadata: { namespace, labels } }) => `${namespace}/${labels?.[serviceNameLabel]}`,
  )
  return new Map(
    [...groups].map(([key, group]) => {
      const old = before.get(key)
      const same = old?.length === group.length && group.every((slice, i) => slice === old[i])
      return [key, same ? old : group] as const
    }),
  )
}
