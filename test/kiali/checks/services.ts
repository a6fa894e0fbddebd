import type { Manifest } from '../../chart/helm.ts'
import { type Finding, found, type MeshConfig, matches } from './mesh-config.ts'

const protocols = ['grpc', 'grpc-web', 'http', 'http2', 'https', 'mongo', 'mysql', 'redis', 'tcp', 'tls', 'udp']
const portName = new RegExp(`^(${protocols.join('|')})(-.+)?$`)

/** Ports of Services. Source: services/port_mapping_checker.go, and kubernetes/istio.go for the protocols. */
export function serviceFindings(config: MeshConfig): Finding[] {
  return config.services.flatMap((service) => [...protocolFindings(config, service), ...portFindings(config, service)])
}

/** KIA0601 and KIA0602, where pods behind the Service have a sidecar. */
function protocolFindings(config: MeshConfig, service: Manifest): Finding[] {
  const sidecars = config.podLabelsBehind(service).some((labels) => labels['sidecar.istio.io/inject'] === 'true')
  if (!sidecars) return []
  return service.spec.ports.flatMap(({ name, appProtocol }: Manifest) => {
    if (appProtocol !== undefined) {
      return protocols.includes(appProtocol.toLowerCase()) ? [] : [found('KIA0602', service)]
    }
    return portName.test(name) ? [] : [found('KIA0601', service)]
  })
}

/** KIA0701. Kiali looks for a Deployment whose own labels, not those of its pods, the Service selects. */
function portFindings(config: MeshConfig, service: Manifest): Finding[] {
  const { selector, ports } = service.spec
  if (Object.keys(selector ?? {}).length === 0) return []
  const deployment = config.ofKind('Deployment').find(({ metadata }) => matches(selector, metadata.labels))
  if (deployment === undefined) return []
  const own = deployment.spec.template.spec.containers.flatMap(({ ports = [] }: Manifest) => ports)
  return ports.flatMap(({ port, targetPort = port }: Manifest) => {
    const key = typeof targetPort === 'string' ? 'name' : 'containerPort'
    return own.some((each: Manifest) => each[key] === targetPort) ? [] : [found('KIA0701', service)]
  })
}
