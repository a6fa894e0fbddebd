import type { EndpointSlice } from '../balancing/endpoint-slices/endpoint-slice.ts'
import { type ServiceEndpoint, serviceEndpoints } from '../balancing/endpoint-slices/service-endpoints.ts'
import type { Backend, ServedService } from './config/lookaside-config.ts'
import type { ResourceType } from './resource-types.ts'
import { cluster } from './resources/cluster.ts'
import { apiListener, socketListener } from './resources/listener.ts'
import { loadAssignment } from './resources/load-assignment.ts'
import type { Resource } from './resources/resource.ts'
import { routeConfiguration } from './resources/route-configuration.ts'

/** All resources that there are for a client, by kind and name. */
export type View = Readonly<Record<ResourceType, ReadonlyMap<string, Resource>>>

/** What all clients are told at a moment. */
export interface Snapshot {
  /** What clients of this zone are told. */
  view(zone: string): View
  /** Endpoints that can be called, by service. */
  readonly endpoints: ReadonlyMap<string, number>
}

/** The slices of a Service, the same array until they change; undefined: not known yet. */
export type SlicesOf = (namespace: string, service: string) => readonly EndpointSlice[] | undefined

/** Builds snapshots, and what has changed alone. */
export class SnapshotBuilder {
  private built = new Map<string, BuiltService>()

  /** A service of which not all is known yet stays as it was, and is left out if it has not been. */
  build(services: readonly ServedService[], slicesOf: SlicesOf): Snapshot {
    const built = services.flatMap((service) => {
      const slices = backendsOf(service).map(({ namespace, service: name }) => slicesOf(namespace, name))
      const before = this.built.get(service.name)
      if (!slices.every((one) => one !== undefined)) return before ? [before] : []
      return before?.isOf(service, slices) ? [before] : [new BuiltService(service, slices)]
    })
    this.built = new Map(built.map((one) => [one.service.name, one]))
    return snapshotOf(built)
  }
}

const backendsOf = ({ backends, failover }: ServedService): readonly Backend[] => [...backends, ...failover]

/** The resources of one service, each built when it is first asked for. */
class BuiltService {
  readonly service: ServedService
  readonly clusters: readonly Resource[]
  readonly listeners: readonly Resource[]
  readonly route: Resource
  readonly count: number
  private readonly slices: readonly (readonly EndpointSlice[])[]
  private readonly tiers: readonly { readonly cluster: string; readonly tiers: readonly ServiceEndpoint[][] }[]
  private readonly assignments = new Map<string, readonly Resource[]>()

  constructor(service: ServedService, slices: readonly (readonly EndpointSlice[])[]) {
    const { name, policy, backends, envoyListener } = service
    this.service = service
    this.slices = slices
    const endpoints = backendsOf(service).map(({ port }, i) => serviceEndpoints(slices[i] ?? [], port))
    const failover = endpoints.slice(backends.length)
    this.count = endpoints.flat().length
    this.tiers = backends.map((backend, i) => ({
      cluster: clusterName(service, backend),
      tiers: [endpoints[i] ?? [], ...failover],
    }))
    this.clusters = this.tiers.map((tier) => cluster(tier.cluster, policy))
    this.listeners = [apiListener(name), ...(envoyListener ? [socketListener(name, envoyListener)] : [])]
    const weighted = backends.map((backend) => ({ cluster: clusterName(service, backend), weight: backend.weight }))
    const header = policy.name === 'ring_hash_experimental' ? policy.settings.requestHashHeader : undefined
    this.route = routeConfiguration(name, weighted, typeof header === 'string' ? header : undefined)
  }

  isOf(service: ServedService, slices: readonly unknown[]): boolean {
    return service === this.service && slices.every((one, i) => one === this.slices[i])
  }

  assignmentsFor(zone: string): readonly Resource[] {
    const key = this.service.localities === 'zoneFirst' ? zone : ''
    let built = this.assignments.get(key)
    if (built === undefined) {
      built = this.tiers.map(({ cluster: name, tiers }) => loadAssignment(name, tiers, this.service, key))
      this.assignments.set(key, built)
    }
    return built
  }
}

/** That of the service itself where the backend has its name: what a canary is added to stays as it is. */
const clusterName = ({ name }: ServedService, backend: Backend): string =>
  backend.name === name ? name : `${name}|${backend.name}`

function snapshotOf(built: readonly BuiltService[]): Snapshot {
  const byName = (resources: readonly Resource[]) => new Map(resources.map((one) => [one.name, one]))
  const common = {
    cds: byName(built.flatMap(({ clusters }) => clusters)),
    lds: byName(built.flatMap(({ listeners }) => listeners)),
    rds: byName(built.map(({ route }) => route)),
  }
  const views = new Map<string, View>()
  return {
    endpoints: new Map(built.map(({ service, count }) => [service.name, count])),
    view(zone) {
      const key = built.some(({ service }) => service.localities === 'zoneFirst') ? zone : ''
      const view = views.get(key) ?? { ...common, eds: byName(built.flatMap((one) => one.assignmentsFor(key))) }
      views.set(key, view)
      return view
    },
  }
}
