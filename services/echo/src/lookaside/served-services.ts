import type { KubernetesApi } from '../balancing/endpoint-slices/kubernetes-api.ts'
import type { Served, ServedService } from './config/lookaside-config.ts'
import type { Snapshot } from './snapshot.ts'
import { SnapshotBuilder } from './snapshot.ts'
import { DiscoveredServices } from './watches/discovered-services.ts'
import { scopesOf } from './watches/scopes.ts'
import { SliceWatches, type WatchListener } from './watches/slice-watches.ts'

/** The Services that are served, by the config and by what the cluster says. */
export class ServedServices {
  private readonly api: KubernetesApi
  private readonly listener: WatchListener
  private readonly slices: SliceWatches
  private readonly builder = new SnapshotBuilder()
  private served: Served
  private discovered: DiscoveredServices | undefined
  private last: readonly ServedService[] = []

  constructor(api: KubernetesApi, served: Served, listener: WatchListener) {
    this.api = api
    this.listener = listener
    this.slices = new SliceWatches(api, listener)
    this.served = served
    this.apply(served)
  }

  /** Goes by another config from now on. */
  apply(served: Served): void {
    this.served = served
    const { discover } = served
    if (JSON.stringify(discover) !== JSON.stringify(this.discovered?.discovery)) {
      this.discovered?.drop()
      this.discovered = discover && new DiscoveredServices(this.api, discover, this.listener)
    }
    const backends = served.services.flatMap((service) => [...service.backends, ...service.failover])
    this.slices.want(scopesOf(backends, discover?.namespaces ?? []))
  }

  /** Whether all that the config asks for has been listed. */
  get complete(): boolean {
    return this.slices.complete && (this.discovered?.complete ?? true)
  }

  /** What clients are to be told now. */
  snapshot(): Snapshot {
    return this.builder.build(this.all(), (namespace, service) => this.slices.slicesOf(namespace, service))
  }

  close(): void {
    this.slices.close()
    this.discovered?.close()
  }

  /** What is named in the config wins over what is discovered. */
  private all(): readonly ServedService[] {
    const { discovered } = this
    // A part of what there is would have clients drop the rest: until all is listed, what was served last stays.
    const found = discovered?.complete === false ? this.last : (discovered?.services() ?? [])
    const all = new Map(found.map((service) => [service.name, service]))
    for (const service of this.served.services) all.set(service.name, service)
    this.last = [...all.values()]
    return this.last
  }
}
