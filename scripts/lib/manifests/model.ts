import { applied } from './applied.ts'
import { type Call, callsOf, type Directory, limitsConnectionAge } from './calls.ts'
import { grpcEvidence } from './grpc-evidence.ts'
import type { Manifest } from './manifest.ts'
import { settingsOf } from './mentions.ts'
import { type Mesh, meshOf } from './mesh.ts'
import { type Service, type ServicePort, serviceOf } from './service.ts'
import { type Workload, workloadOf } from './workload.ts'
import { WorkloadIndex } from './workload-index.ts'

/** What manifests say together: who runs, who stands behind which Service, who calls whom, and what is in between. */
export class Model implements Directory {
  readonly objects: readonly Manifest[]
  readonly workloads: readonly Workload[]
  readonly services: readonly Service[]
  /** Calls of gRPC, as far as clients' arguments, environment and ConfigMaps tell. */
  readonly calls: readonly Call[]
  private readonly assumedMesh: Mesh | undefined
  private readonly byKind: ReadonlyMap<string, readonly Manifest[]>
  private readonly servicesByName: ReadonlyMap<string, Service>
  private readonly configMaps: ReadonlyMap<string, Manifest>
  private readonly callsByService: ReadonlyMap<Service, readonly Call[]>
  private readonly servicesOf: Map<Workload, Service[]>
  private readonly meshes = new Map<Workload, Mesh | undefined>()
  private readonly evidence = new Map<ServicePort, string | undefined>()

  /** @param mesh the mesh that namespaces are in of which there is no manifest */
  constructor(given: readonly Manifest[], mesh?: Mesh) {
    const objects = applied(given)
    this.objects = objects
    this.assumedMesh = mesh
    this.byKind = Map.groupBy(objects, ({ kind }) => kind)
    const autoscalers = [...this.ofKind('HorizontalPodAutoscaler'), ...this.ofKind('ScaledObject')]
    const workloads = objects.flatMap((object) => workloadOf(object, autoscalers) ?? [])
    this.workloads = workloads
    const index = new WorkloadIndex(workloads)
    this.services = this.ofKind('Service').flatMap((object) => serviceOf(object, index) ?? [])
    this.servicesOf = new Map()
    for (const service of this.services) {
      for (const workload of service.workloads) {
        this.servicesOf.set(workload, [...(this.servicesOf.get(workload) ?? []), service])
      }
    }
    this.servicesByName = new Map(this.services.map((service) => [`${service.namespace}/${service.name}`, service]))
    this.configMaps = new Map(
      this.ofKind('ConfigMap').map((map) => [`${map.metadata.namespace}/${map.metadata.name}`, map]),
    )
    this.calls = workloads
      .flatMap((client) => callsOf(client, this))
      .filter(({ service, port, mention }) => this.speaksGrpc(service, port) || grpcSchemes.has(mention.scheme))
    this.callsByService = Map.groupBy(this.calls, ({ service }) => service)
  }

  /** Objects of a kind, of whatever group. */
  ofKind(kind: string): readonly Manifest[] {
    return this.byKind.get(kind) ?? []
  }

  /** The Service that a host means to somebody in a namespace: `orders`, `orders.shop`, `orders.shop.svc[.cluster.local]`. */
  serviceNamed(host: string, namespace: string): Service | undefined {
    const [name, where = namespace, svc = 'svc'] = host.split('.')
    return svc === 'svc' ? this.servicesByName.get(`${where}/${name}`) : undefined
  }

  configMap(name: string, namespace: string): Manifest | undefined {
    return this.configMaps.get(`${namespace}/${name}`)
  }

  /** The manifest of a namespace; undefined when there is none, and so nobody knows its labels. */
  namespace(name: string): Manifest | undefined {
    return this.ofKind('Namespace').find(({ metadata }) => metadata.name === name)
  }

  /** The mesh that a workload's pods are part of; undefined for none. */
  meshOf(workload: Workload): Mesh | undefined {
    if (!this.meshes.has(workload)) {
      this.meshes.set(workload, meshOf(workload, this.namespace(workload.namespace), this.assumedMesh))
    }
    return this.meshes.get(workload)
  }

  /** Whether any pod behind a Service is part of this mesh. */
  isInMesh({ workloads }: Service, mesh: Mesh): boolean {
    return workloads.some((each) => this.meshOf(each) === mesh)
  }

  /** What shows that a port of a Service speaks gRPC, as `its name is grpc`; undefined when nothing does. */
  speaksGrpc(service: Service, port: ServicePort): string | undefined {
    if (!this.evidence.has(port)) this.evidence.set(port, grpcEvidence(service, port, this.ofKind('GRPCRoute')))
    return this.evidence.get(port)
  }

  /** The ports of a Service that speak gRPC, a client's dns:/// or xds:/// target counting as proof. */
  grpcPorts(service: Service): ServicePort[] {
    const called = this.callsTo(service).map(({ port }) => port)
    return service.ports.filter((port) => this.speaksGrpc(service, port) !== undefined || called.includes(port))
  }

  /** Calls to any port of a Service. */
  callsTo(service: Service): Call[] {
    return [...(this.callsByService.get(service) ?? [])]
  }

  /** Services that select a workload's pods. */
  servicesOver(workload: Workload): readonly Service[] {
    return this.servicesOf.get(workload) ?? []
  }

  /** Services that select any of the same pods, itself left out: such as the headless twin. */
  twinsOf(service: Service): Service[] {
    const sharing = service.workloads.flatMap((workload) => this.servicesOf.get(workload) ?? [])
    return [...new Set(sharing)].filter((each) => each !== service)
  }

  /** Whether a server ends its connections after a while, by an option of any name that has "max connection age" in it. */
  limitsConnectionAge(workload: Workload): boolean {
    return workload.containers.some((container) =>
      limitsConnectionAge(settingsOf(container, workload, (name) => this.configMap(name, workload.namespace))),
    )
  }

  /** Istio's rules of a kind (`DestinationRule`: by `spec.host`; `VirtualService`: by `spec.hosts`) for a Service. */
  istioRulesFor(service: Service, kind: 'DestinationRule' | 'VirtualService'): Manifest[] {
    return this.ofKind(kind).filter(({ content, metadata }) => {
      const { host, hosts: all } = content.spec ?? {}
      const hosts: unknown[] = kind === 'DestinationRule' ? [host] : Array.isArray(all) ? all : []
      return hosts.some((host) => typeof host === 'string' && this.serviceNamed(host, metadata.namespace) === service)
    })
  }
}

/** Schemes that only gRPC's resolvers have. */
const grpcSchemes = new Set(['dns', 'xds', 'k8s', 'kubernetes', 'passthrough', 'ipv4', 'static'])
