import type { Content, Manifest, Path } from './manifest.ts'
import { labelsOf } from './selectors.ts'
import { listOf, type Workload } from './workload.ts'
import type { WorkloadIndex } from './workload-index.ts'

/** A Service, and who stands behind it. */
export interface Service {
  readonly manifest: Manifest
  readonly name: string
  readonly namespace: string
  /** `NAME.NAMESPACE.svc.cluster.local` */
  readonly host: string
  readonly isHeadless: boolean
  readonly ports: readonly ServicePort[]
  /** Those whose pods it selects; Jobs too. */
  readonly workloads: readonly Workload[]
  /** Pods behind it, at first and at most. */
  readonly replicas: number
  readonly maxReplicas: number
}

export interface ServicePort {
  readonly name: string
  readonly number: number
  /** Name or number of the port of its pods; that of the Service when it says none. */
  readonly targetPort: string | number
  readonly appProtocol: string | undefined
  readonly path: Path
  /** What a mesh takes it to speak, by its appProtocol or else by its name; undefined: the mesh has to guess. */
  readonly declared: Protocol | undefined
}

export type Protocol = 'grpc' | 'grpc-web' | 'http2' | 'http' | 'https' | 'tls' | 'tcp' | 'other'

/** The Service that a manifest is; undefined for other kinds, and for ExternalName, which has nobody behind it. */
export function serviceOf(manifest: Manifest, workloads: WorkloadIndex): Service | undefined {
  const spec = manifest.content.spec
  if (manifest.kind !== 'Service' || spec?.type === 'ExternalName') return undefined
  const { name, namespace } = manifest.metadata
  const behind = workloads.selectedBy(labelsOf(spec?.selector), namespace)
  return {
    manifest,
    name,
    namespace,
    host: `${name}.${namespace}.svc.cluster.local`,
    isHeadless: spec?.clusterIP === 'None',
    ports: listOf(spec?.ports).map(portOf),
    workloads: behind,
    replicas: behind.reduce((sum, { replicas }) => sum + replicas, 0),
    maxReplicas: behind.reduce((sum, { maxReplicas }) => sum + maxReplicas, 0),
  }
}

function portOf(port: Content, i: number): ServicePort {
  const name = String(port.name ?? '')
  const appProtocol = typeof port.appProtocol === 'string' ? port.appProtocol : undefined
  const { port: number, targetPort = number } = port
  return { name, number, targetPort, appProtocol, path: ['spec', 'ports', i], declared: declaredBy(name, appProtocol) }
}

/**
 * As Istio reads it: appProtocol wins over the name, and of either counts the part before a -. An appProtocol that it does not know
 * is none. Source: istio:pkg/config/kube/conversion.go
 */
function declaredBy(name: string, appProtocol: string | undefined): Protocol | undefined {
  const lower = (appProtocol ?? name).toLowerCase()
  if (lower === 'grpc-web' || lower.startsWith('grpc-web-')) return 'grpc-web'
  return protocols[lower] ?? protocols[lower.split('-')[0] ?? '']
}

const protocols: Readonly<Record<string, Protocol>> = {
  grpc: 'grpc',
  'grpc-web': 'grpc-web',
  'kubernetes.io/h2c': 'http2',
  http2: 'http2',
  http: 'http',
  'kubernetes.io/ws': 'http',
  'kubernetes.io/wss': 'https',
  https: 'https',
  tls: 'tls',
  tcp: 'tcp',
  mongo: 'other',
  mysql: 'other',
  redis: 'other',
  udp: 'other',
}
