import { bootstrapFor } from '../test/lookaside/support/bootstrap.ts'

/** A Kubernetes object. */
export type Manifest = Readonly<Record<string, unknown>>

/** Of the two pods: one is always listed, the other now and then. */
export const pods = { steady: 'steady', toggled: 'toggled' } as const
export const service = 'shop'
const port = 8080
const xdsPort = 18_000

/** The pods that are called, and a Service of theirs that no controller fills. */
export function serverManifests(image: string): Manifest[] {
  const servers = Object.values(pods).map((name) => pod(name, { name: 'echo', image, args: ['-s'] }))
  const ports = [{ name: 'grpc', port, targetPort: port, appProtocol: 'grpc' }]
  return [...servers, { apiVersion: 'v1', kind: 'Service', metadata: { name: service }, spec: { ports } }]
}

/** The slice of that Service, with these addresses in it. istiod looks up the pods, so they are told in full. */
export function sliceOf(
  namespace: string,
  endpoints: readonly { readonly pod: string; readonly ip: string }[],
): Manifest {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: `${service}-by-hand`,
      labels: {
        'kubernetes.io/service-name': service,
        'endpointslice.kubernetes.io/managed-by': 'evenly-bench',
      },
    },
    addressType: 'IPv4',
    ports: [{ name: 'grpc', port, protocol: 'TCP' }],
    endpoints: endpoints.map(({ pod: name, ip }) => ({
      addresses: [ip],
      conditions: { ready: true, serving: true, terminating: false },
      targetRef: { kind: 'Pod', name, namespace },
    })),
  }
}

/** The control plane, as the chart deploys it: nothing but what it needs. */
export function lookasideManifests(namespace: string, image: string): Manifest[] {
  const metadata = { name: 'lookaside' }
  const config = { services: { [name(namespace)]: {} } }
  const args = ['--lookaside', '--lookaside-config', '/config/lookaside.json']
  const container = { name: 'lookaside', image, args, volumeMounts: [{ name: 'config', mountPath: '/config' }] }
  const rules = [
    { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] },
    { apiGroups: [''], resources: ['services'], verbs: ['list', 'watch'] },
  ]
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'lookaside' }
  const ports = [{ name: 'grpc-xds', port: xdsPort }]
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'lookaside.json': JSON.stringify(config) } },
    { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata, rules },
    {
      ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', metadata, roleRef },
      subjects: [{ kind: 'ServiceAccount', name: 'lookaside' }],
    },
    pod('lookaside', container, {
      serviceAccountName: 'lookaside',
      volumes: [{ name: 'config', configMap: { name: 'lookaside' } }],
    }),
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: { app: 'lookaside' }, ports } },
  ]
}

/** The same client of grpc-go three times: on our control plane, on istiod's xDS, and behind a sidecar of Istio. */
export function clientManifests(namespace: string, image: string): Manifest[] {
  const ours = bootstrapFor(`lookaside.${namespace}:${xdsPort}`)
  const theirs = istiodBootstrap(namespace, 'istiod.istio-system.svc', '$(POD_IP)')
  const sidecar = { 'sidecar.istio.io/inject': 'true' }
  return [
    pod('lookaside-xds', caller(image, target(namespace), ours)),
    pod('istiod-xds', caller(image, istiodTarget(namespace), theirs)),
    pod('istio-sidecar', caller(image, istiodTarget(namespace).replace('xds:', 'dns:'), {}), {}, sidecar),
  ]
}

/** Bootstrap of a client of our control plane at this address. */
export const lookasideBootstrap = (host: string): object => bootstrapFor(`${host}:${xdsPort}`)

/** Bootstrap of a proxyless client of istiod's, as Istio's agent writes it, in plain text. */
export function istiodBootstrap(namespace: string, host: string, ip: string): object {
  const id = `sidecar~${ip}~istiod-xds.${namespace}~${namespace}.svc.cluster.local`
  const node = { id, metadata: { GENERATOR: 'grpc', NAMESPACE: namespace }, locality: {} }
  return { ...bootstrapFor(`${host}:15010`), node }
}

/** What a client of our control plane dials. */
export const target = (namespace: string): string => `xds:///${name(namespace)}`

/** What a client of istiod's dials. */
export const istiodTarget = (namespace: string): string => `xds:///${service}.${namespace}.svc.cluster.local:${port}`

const name = (namespace: string): string => `${service}.${namespace}:${port}`
/** Calls some hundred times a second, and says when a peer answers that was silent for long. */
function caller(image: string, called: string, bootstrap: object): Manifest {
  const order = { calls: 100_000_000, concurrency: 2, pauseMs: 2, tellChangesMs: 300 }
  const env = [
    { name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
    { name: 'GRPC_XDS_BOOTSTRAP_CONFIG', value: JSON.stringify(bootstrap) },
  ]
  return { name: 'caller', image, args: ['-target', called, '-order', JSON.stringify(order)], env }
}

function pod(name: string, container: Manifest, spec: Manifest = {}, labels: Manifest = {}): Manifest {
  const securityContext = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } }
  const env = [...((container.env as object[]) ?? []), { name: 'POD_NAME', value: name }]
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { app: name, ...labels } },
    spec: {
      restartPolicy: 'Never',
      automountServiceAccountToken: spec.serviceAccountName !== undefined,
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
      terminationGracePeriodSeconds: 2,
      containers: [{ ...container, env, securityContext }],
      ...spec,
    },
  }
}
