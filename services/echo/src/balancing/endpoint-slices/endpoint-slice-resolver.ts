import { experimental as grpc, Metadata, status } from '@grpc/grpc-js'
import { type ServiceEndpoint, serviceEndpoints } from './service-endpoints.ts'
import type { ServiceTarget } from './service-target.ts'
import type { KnownService, ServiceWatches } from './service-watches.ts'
import { whyNoEndpoints } from './why-no-endpoints.ts'

/** Tells one channel the endpoints of its Service, as they change. */
export class EndpointSliceResolver implements grpc.Resolver {
  private readonly target: ServiceTarget
  private readonly listener: grpc.ResolverListener
  private readonly watches: ServiceWatches
  private readonly zone: string | undefined
  private end: (() => void) | undefined
  /** What the channel was told last, to spare it what it knows. */
  private endpoints = new Map<string, RankedEndpoint>()
  private error: string | undefined

  constructor(target: ServiceTarget, listener: grpc.ResolverListener, watches: ServiceWatches, zone?: string) {
    this.target = target
    this.listener = listener
    this.watches = watches
    this.zone = zone
  }

  /** The watch tells of changes by itself, so that being asked again has no effect. */
  updateResolution(): void {
    const { namespace, service } = this.target
    this.end ??= this.watches.follow(namespace, service, (known) => this.learn(known))
  }

  /** A channel that goes idle does this too, and asks again later. */
  destroy(): void {
    this.end?.()
    this.end = undefined
    this.endpoints.clear()
    this.error = undefined
  }

  private learn({ slices, problem }: KnownService): void {
    if (slices === undefined) {
      if (problem !== undefined) this.tellError(problem)
      return
    }
    const { port } = this.target
    const endpoints = serviceEndpoints(slices, port, { zone: this.zone })
    if (endpoints.length > 0) this.tell(endpoints)
    else this.tellNone(whyNoEndpoints(slices, port))
  }

  private tell(endpoints: readonly ServiceEndpoint[]): void {
    let changed = this.error !== undefined
    const next = new Map<string, RankedEndpoint>()
    for (const { addresses, port } of endpoints) {
      const key = `${addresses.join()} ${port}`
      let ranked = this.endpoints.get(key)
      if (ranked === undefined) {
        changed = true
        ranked = { rank: Math.random(), endpoint: { addresses: addresses.map((host) => ({ host, port })) } }
      }
      next.set(key, ranked)
    }
    if (!changed && next.size === this.endpoints.size) return
    this.endpoints = next
    this.error = undefined
    const inOrder = [...next.values()].sort((a, b) => a.rank - b.rank).map(({ endpoint }) => endpoint)
    this.listener(grpc.statusOrFromValue(inOrder), {}, null, '')
  }

  private tellNone(why: string): void {
    const { service, namespace, port } = this.target
    // Policies keep what they have on an error; and on an empty list alone, round_robin lets calls wait without end.
    if (this.endpoints.size > 0) this.listener(grpc.statusOrFromValue([]), {}, null, why)
    this.endpoints.clear()
    this.tellError(`Service ${service} in namespace ${namespace} has no endpoint for port ${port}: ${why}`)
  }

  private tellError(details: string): void {
    if (details === this.error) return
    this.error = details
    this.listener(grpc.statusOrFromError({ code: status.UNAVAILABLE, details, metadata: new Metadata() }), {}, null, '')
  }
}

/** An endpoint and its place in the channel's own order, which stays: pick_first takes the first, and clients shall not all take the same. */
interface RankedEndpoint {
  readonly rank: number
  readonly endpoint: grpc.Endpoint
}
