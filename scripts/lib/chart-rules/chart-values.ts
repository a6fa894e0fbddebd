import type { Client, Lookaside } from './client-values.ts'
import type { Argument, ListOf, MapOf, Switch, Unset } from './unset.ts'

/**
 * The values of the chart, as far as rules look at them, with defaults filled in and the schema content. What is not `Unset`
 * here is in files/needed-values.json: the rules `object` and `null-value` make sure of it before any other is asked.
 */
export interface ChartValues {
  readonly global?: Unset<{ readonly labels?: MapOf<unknown> }>
  readonly nameOverride?: Unset<string>
  readonly fullnameOverride?: Unset<string>
  readonly commonLabels?: MapOf<unknown>
  readonly podLabels?: MapOf<unknown>
  readonly mode: 'auto' | 'server' | 'client' | 'lookaside'
  readonly image: { readonly repository: string }
  readonly command?: ListOf<Argument>
  readonly args?: ListOf<Argument>
  readonly workload: { readonly kind: 'Deployment' | 'StatefulSet' | 'DaemonSet' }
  readonly replicaCount: number
  readonly ports?: MapOf<Port>
  readonly probes: Readonly<Record<'startup' | 'readiness' | 'liveness', Probe>>
  readonly shutdown: Readonly<Record<'preStopSleepSeconds' | 'drainSeconds' | 'terminationGracePeriodSeconds', number>>
  readonly lifecycle?: MapOf<unknown>
  readonly server: {
    readonly maxConnectionAgeSeconds?: Unset<number>
    readonly maxConnectionAgeGraceSeconds?: Unset<number>
    readonly utilization?: Unset<number | string>
  }
  readonly resources?: Unset<{ readonly requests?: MapOf<unknown>; readonly limits?: MapOf<unknown> }>
  readonly service: Switch & { readonly type: string; readonly sessionAffinity?: Unset<string> }
  readonly headless: { readonly enabled: boolean | 'auto'; readonly nameSuffix: string }
  readonly loadBalancing: LoadBalancing
  readonly istio: Istio
  readonly gatewayApi: GatewayApi
  readonly linkerd: Linkerd
  readonly client: Client
  readonly lookaside: Lookaside
  readonly autoscaling: Switch & {
    readonly minReplicas: number
    readonly maxReplicas: number
    readonly targetCPUUtilizationPercentage: number
    readonly targetMemoryUtilizationPercentage?: Unset<number>
    readonly metrics?: ListOf<object>
  }
  readonly podDisruptionBudget: Switch & {
    readonly minAvailable?: Unset<number | string>
    readonly maxUnavailable?: Unset<number | string>
  }
  readonly networkPolicy: Switch & {
    readonly from?: MapOf<object>
    readonly metricsFrom?: MapOf<object>
    readonly egress: Switch & { readonly to?: MapOf<object> }
  }
  readonly tracing: {
    readonly endpoint?: Unset<string>
    readonly sampler: string
    readonly samplerArgument: number
    readonly headersSecret: { readonly name?: Unset<string> }
  }
  readonly metrics: Readonly<Record<'serviceMonitor' | 'podMonitor', Switch & { readonly port: string }>>
}

export interface Port {
  readonly enabled?: Unset<boolean>
  readonly containerPort?: Unset<number>
  readonly servicePort?: Unset<number>
  readonly nodePort?: Unset<number>
  readonly protocol?: Unset<string>
  readonly appProtocol?: Unset<string>
  readonly expose?: ListOf<string>
}

export interface Probe extends Switch {
  readonly type: 'auto' | 'grpc' | 'http' | 'tcp'
  readonly port?: Unset<string>
  readonly raw?: MapOf<unknown>
}

interface LoadBalancing {
  readonly policy: string
  readonly choiceCount: number
  readonly consistentHash: {
    readonly header?: Unset<string>
    readonly cookie: { readonly name?: Unset<string> }
    readonly sourceIp: boolean
    readonly algorithm: 'ringHash' | 'maglev'
    readonly tableSize: number
  }
  readonly warmup: { readonly duration?: Unset<string> }
  readonly locality: {
    readonly mode: 'none' | 'trafficDistribution' | 'failover' | 'distribute' | 'zoneAware'
    readonly distribute?: ListOf<{ readonly from?: unknown; readonly to?: unknown }>
  }
  readonly outlierDetection: Switch
  readonly connectionPool: Readonly<
    Record<'maxRequests' | 'maxPendingRequests' | 'maxConcurrentStreams' | 'maxRequestsPerConnection', Unset<number>>
  > & { readonly keepalive: { readonly interval?: Unset<string> } }
  readonly retries: Switch & { readonly attempts: number; readonly perTryTimeout?: Unset<string> }
  readonly timeout?: Unset<string>
  readonly serviceConfigMap: boolean
}

export interface Route {
  readonly enabled?: Unset<boolean>
  readonly order?: Unset<number>
  readonly service?: Unset<string>
  readonly method?: Unset<string>
  readonly headers?: MapOf<unknown>
  readonly destinations?: MapOf<Destination>
  readonly backends?: MapOf<{ readonly weight?: Unset<number> }>
  readonly raw?: Unset<{ readonly match?: unknown }>
}

export interface Destination {
  readonly weight?: Unset<number>
  readonly host?: Unset<string>
  readonly subset?: Unset<string>
  readonly port?: Unset<number>
}

interface Istio extends Switch {
  readonly mode: 'sidecar' | 'ambient'
  readonly minVersion: string
  readonly sidecar: {
    readonly inject?: ListOf<string>
    readonly excludeInboundPorts: 'auto' | readonly Argument[]
    readonly excludeOutboundPorts?: ListOf<Argument>
    readonly scope: Switch
  }
  readonly ambient: { readonly waypoint: { readonly name?: Unset<string>; readonly create: boolean } }
  readonly destinationRule: Switch & { readonly subsets?: MapOf<object>; readonly trafficPolicy?: MapOf<unknown> }
  readonly virtualService: {
    readonly enabled: boolean | 'auto'
    readonly gateways?: ListOf<string>
    readonly routes?: MapOf<Route>
    readonly fault: Readonly<Record<'abort' | 'delay', { readonly percent?: Unset<number> }>>
    readonly mirror: {
      readonly percent?: Unset<number>
      readonly host?: Unset<string>
      readonly subset?: Unset<string>
    }
  }
  readonly peerAuthentication: { readonly mode?: Unset<string>; readonly portLevel?: MapOf<string> }
  readonly authorizationPolicy: Switch & {
    readonly action: string
    readonly allowFrom?: MapOf<Caller>
    readonly rules?: ListOf<object>
  }
  readonly telemetry: Switch
  readonly perEndpointStats: Switch
}

export type Caller = Readonly<
  Record<'serviceAccounts' | 'namespaces' | 'principals' | 'methods', readonly string[] | null | undefined>
>

interface GatewayApi {
  readonly grpcRoute: Switch & { readonly parentRefs?: ListOf<object>; readonly rules?: MapOf<Route> }
  readonly meshRoute: Switch & { readonly rules?: MapOf<Route> }
  readonly gateway: { readonly create: boolean; readonly className?: Unset<string> }
  readonly backendTlsPolicy: Switch & {
    readonly hostname?: Unset<string>
    readonly caCertificateRefs?: ListOf<object>
    readonly wellKnownCACertificates?: Unset<string>
  }
  readonly envoyGateway: { readonly backendTrafficPolicy: Switch }
}

interface Linkerd extends Switch {
  readonly opaquePorts?: ListOf<Argument>
  readonly failureAccrual: { readonly mode?: Unset<string> }
  readonly loadBiaser: Switch
  readonly server: Switch
  readonly rateLimit: Switch & {
    readonly total?: Unset<number>
    readonly identity?: Unset<number>
    readonly overrides?: ListOf<object>
  }
}
