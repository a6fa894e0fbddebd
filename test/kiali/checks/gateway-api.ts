import type { Manifest } from '../../chart/helm.ts'
import { type Finding, found, type MeshConfig } from './mesh-config.ts'

/** Classes that Kiali is told of, or finds in the cluster. */
const classes = ['eg', 'istio', 'istio-waypoint']

/** Parents, backends and classes. Source: k8sgrpcroutes/*.go and k8sgateways/gatewayclass_checker.go. */
export function gatewayApiFindings(config: MeshConfig): Finding[] {
  const gateways = config.ofKind('Gateway').filter(({ spec }) => spec.gatewayClassName !== undefined)
  const unknown = gateways.filter(({ spec }) => !classes.includes(spec.gatewayClassName))
  return [
    ...unknown.map((gateway) => found('KIA1504', gateway)),
    ...config
      .ofKind('GRPCRoute')
      .flatMap((route) => [...parentFindings(config, route, gateways), ...backendFindings(config, route)]),
  ]
}

/** KIA1401 for a gateway that is not there, KIA1402 for a Service. */
function parentFindings(config: MeshConfig, route: Manifest, gateways: readonly Manifest[]): Finding[] {
  return route.spec.parentRefs.flatMap(({ kind = 'Gateway', name, namespace }: Manifest) => {
    if (kind === 'Service') return config.serviceOf(name) ? [] : [found('KIA1402', route)]
    const here = (namespace ?? config.namespace) === config.namespace
    return here && gateways.some(({ metadata }) => metadata.name === name) ? [] : [found('KIA1401', route)]
  })
}

/** KIA1402. */
function backendFindings(config: MeshConfig, route: Manifest): Finding[] {
  const backends = (route.spec.rules ?? []).flatMap(({ backendRefs = [] }: Manifest) => backendRefs)
  return backends.flatMap(({ name, namespace = config.namespace }: Manifest) =>
    namespace !== config.namespace || config.serviceOf(name) ? [] : [found('KIA1402', route)],
  )
}
