import type { KindName } from './custom-resource.ts'

/** Where the definitions come from that manifests are checked against, pinned by version and content. Facts only. */

export const kubernetesMinors = [31, 32, 33, 34] as const
export type KubernetesMinor = (typeof kubernetesMinors)[number]

/** A version of a Go module; `sum` is the hash of its content, as Go writes it into a go.sum. */
export interface GoModule {
  readonly path: string
  readonly version: string
  readonly sum: string
}

/** A module that holds custom resource definitions, and the one version of their API that charts should use. */
export interface CustomSource extends GoModule {
  readonly apiVersion: string
  readonly files: readonly string[]
  /** Those of its kinds that are meant. Default: all. */
  readonly kinds?: readonly string[]
}

/** The file of a Kubernetes release that defines all its kinds. */
export const swagger = 'api/openapi-spec/swagger.json'

export const kubernetes: Record<KubernetesMinor, GoModule> = {
  31: kubernetesRelease('v1.31.14', 'h1:UtjLfqvXLuSVDdJ4+NpQCIfFkKkLnAAVmxAEMsnkhjk='),
  32: kubernetesRelease('v1.32.13', 'h1:5TGYdZ6YZqdp6h/Rp1vX/4TIoybMPdgv97LCZCtPuNQ='),
  33: kubernetesRelease('v1.33.13', 'h1:bmH31xUdSzeA5vk0wZAK9MZp11mdLuzUSeKk0qN3hPQ='),
  34: kubernetesRelease('v1.34.4', 'h1:Yy6R4QB8C9kJPp25GFqEvX5XQwY5qzKeqD0Xx6oAcmk='),
}

/** What a chart for an application may render. Anything else has no schema, and is a problem. */
export const kubernetesKinds: readonly KindName[] = [
  ...kinds('', 'v1', ['ConfigMap', 'PersistentVolumeClaim', 'Pod', 'Secret', 'Service', 'ServiceAccount']),
  ...kinds('apps', 'v1', ['DaemonSet', 'Deployment', 'StatefulSet']),
  ...kinds('autoscaling', 'v2', ['HorizontalPodAutoscaler']),
  ...kinds('batch', 'v1', ['CronJob', 'Job']),
  ...kinds('networking.k8s.io', 'v1', ['Ingress', 'NetworkPolicy']),
  ...kinds('policy', 'v1', ['PodDisruptionBudget']),
  ...kinds('rbac.authorization.k8s.io', 'v1', ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding']),
]

const istio = {
  path: 'istio.io/api',
  version: 'v1.31.1',
  sum: 'h1:5Yb5ihcz4YQsCkciusK7DnFpBMwRB6EFWeUKH1Atuyk=',
  files: ['kubernetes/customresourcedefinitions.gen.yaml'],
}

export const custom: readonly CustomSource[] = [
  { ...istio, apiVersion: 'v1' },
  // It has never come to any other version.
  { ...istio, apiVersion: 'v1alpha3', kinds: ['EnvoyFilter'] },
  {
    path: 'sigs.k8s.io/gateway-api',
    version: 'v1.6.3',
    sum: 'h1:lKpJa5bGlraC/QeACvCpsHLdmO6y0iKfzVl6gzaFEYc=',
    apiVersion: 'v1',
    files: ['backendtlspolicies', 'gateways', 'grpcroutes', 'httproutes', 'listenersets', 'referencegrants'].map(
      (plural) => `config/crd/standard/gateway.networking.k8s.io_${plural}.yaml`,
    ),
  },
  {
    path: 'github.com/envoyproxy/gateway',
    version: 'v1.9.1',
    sum: 'h1:vAVp6/AlBXJ1aOhp1mxL7fNEzVEfjADUguUhm2wzxQY=',
    apiVersion: 'v1alpha1',
    files: ['backendtrafficpolicies', 'clienttrafficpolicies'].map(
      (plural) => `charts/gateway-helm/charts/crds/crds/generated/gateway.envoyproxy.io_${plural}.yaml`,
    ),
  },
  // Not the newest: a chart should need nothing that only the newest operator knows.
  {
    path: 'github.com/prometheus-operator/prometheus-operator',
    version: 'v0.85.0',
    sum: 'h1:M5xLCLEoaW2IJfnuCwFzzpL+jSVQu3KGT84Pye+fW8s=',
    apiVersion: 'v1',
    files: ['podmonitors', 'prometheusrules', 'servicemonitors'].map(
      (plural) => `example/prometheus-operator-crd/monitoring.coreos.com_${plural}.yaml`,
    ),
  },
]

function kubernetesRelease(version: string, sum: string): GoModule {
  return { path: 'k8s.io/kubernetes', version, sum }
}

function kinds(group: string, version: string, names: readonly string[]): KindName[] {
  return names.map((kind) => ({ group, version, kind }))
}
