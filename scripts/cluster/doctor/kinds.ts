/** A kind of objects that a diagnosis reads, and what for. */
export interface Kind {
  /** Of the API; empty for the core's. */
  readonly group: string
  /** As paths and roles have it: `deployments`. */
  readonly resource: string
  readonly kind: string
  /** The version to ask for where the API server does not say which it prefers. */
  readonly version: string
  /** Whether its objects belong to no namespace. */
  readonly isOfCluster?: boolean
}

/** The Service and what stands behind it: without these there is nothing to tell. */
export const services: Kind = { group: '', resource: 'services', kind: 'Service', version: 'v1' }
export const pods: Kind = { group: '', resource: 'pods', kind: 'Pod', version: 'v1' }
export const endpointSlices: Kind = {
  group: 'discovery.k8s.io',
  resource: 'endpointslices',
  kind: 'EndpointSlice',
  version: 'v1',
}
export const configMaps: Kind = { group: '', resource: 'configmaps', kind: 'ConfigMap', version: 'v1' }
export const nodes: Kind = { group: '', resource: 'nodes', kind: 'Node', version: 'v1', isOfCluster: true }

const apps = (resource: string, kind: string): Kind => ({ group: 'apps', resource, kind, version: 'v1' })
const gatewayApi = (resource: string, kind: string, version = 'v1'): Kind => ({
  group: 'gateway.networking.k8s.io',
  resource,
  kind,
  version,
})
const istio = (resource: string, kind: string): Kind => ({
  group: 'networking.istio.io',
  resource,
  kind,
  version: 'v1',
})

/** What rules look at besides, in every namespace where it may be listed: callers and policies may be in any. */
export const modelled: readonly Kind[] = [
  { group: '', resource: 'namespaces', kind: 'Namespace', version: 'v1', isOfCluster: true },
  apps('deployments', 'Deployment'),
  apps('statefulsets', 'StatefulSet'),
  apps('daemonsets', 'DaemonSet'),
  apps('replicasets', 'ReplicaSet'),
  { group: 'batch', resource: 'jobs', kind: 'Job', version: 'v1' },
  { group: 'batch', resource: 'cronjobs', kind: 'CronJob', version: 'v1' },
  { group: 'argoproj.io', resource: 'rollouts', kind: 'Rollout', version: 'v1alpha1' },
  { group: 'autoscaling', resource: 'horizontalpodautoscalers', kind: 'HorizontalPodAutoscaler', version: 'v2' },
  { group: 'keda.sh', resource: 'scaledobjects', kind: 'ScaledObject', version: 'v1alpha1' },
  { group: 'policy', resource: 'poddisruptionbudgets', kind: 'PodDisruptionBudget', version: 'v1' },
  { group: 'networking.k8s.io', resource: 'ingresses', kind: 'Ingress', version: 'v1' },
  istio('destinationrules', 'DestinationRule'),
  istio('virtualservices', 'VirtualService'),
  istio('sidecars', 'Sidecar'),
  istio('gateways', 'Gateway'),
  istio('serviceentries', 'ServiceEntry'),
  { group: 'security.istio.io', resource: 'peerauthentications', kind: 'PeerAuthentication', version: 'v1' },
  gatewayApi('gateways', 'Gateway'),
  gatewayApi('grpcroutes', 'GRPCRoute'),
  gatewayApi('httproutes', 'HTTPRoute'),
  gatewayApi('tlsroutes', 'TLSRoute', 'v1alpha2'),
  gatewayApi('backendtlspolicies', 'BackendTLSPolicy'),
  {
    group: 'gateway.envoyproxy.io',
    resource: 'backendtrafficpolicies',
    kind: 'BackendTrafficPolicy',
    version: 'v1alpha1',
  },
  { group: 'linkerd.io', resource: 'serviceprofiles', kind: 'ServiceProfile', version: 'v1alpha2' },
  { group: 'policy.linkerd.io', resource: 'servers', kind: 'Server', version: 'v1beta3' },
]
