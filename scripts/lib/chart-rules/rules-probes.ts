import type { ChartValues, Probe } from './chart-values.ts'
import { type Component, clientArgs, grpcPort, kindOf, mode, ports, target, virtualService } from './facts.ts'
import { askedFor, type RuleChecks, type Violation } from './rule-check.ts'

/** What asks at ports, or needs one that speaks gRPC. */
export const probeRules = {
  'port-grpc': (values) => {
    if (grpcPort(values)) return []
    const { envoySidecar } = values.client
    const server = mode(values) === 'server'
    const client = kindOf(values, 'client') !== ''
    const told = target(values) || clientArgs(values).args.includes('-h') || envoySidecar.enabled
    const { grpcRoute, meshRoute, backendTlsPolicy } = values.gatewayApi
    const needs = {
      'client.target auto': server && client && !told,
      'client.envoySidecar': client && envoySidecar.enabled && !envoySidecar.upstreamPort,
      'gatewayApi.grpcRoute': server && grpcRoute.enabled,
      'gatewayApi.meshRoute': server && meshRoute.enabled,
      'gatewayApi.backendTlsPolicy': server && backendTlsPolicy.enabled,
      'istio.virtualService': virtualService(values),
      'linkerd.server': server && values.linkerd.enabled && values.linkerd.server.enabled,
      'loadBalancing.serviceConfigMap': server && values.loadBalancing.serviceConfigMap,
    }
    return askedFor(needs, 'need')
  },

  'probe-port': (values) => (['client', 'lookaside', 'server'] as const).flatMap((each) => missingPorts(values, each)),
} satisfies RuleChecks

/** What stands beside another is asked over HTTP at its metrics port; a Job has no probes. */
function missingPorts(values: ChartValues, component: Component): Violation[] {
  if (['', 'Job', 'CronJob'].includes(kindOf(values, component))) return []
  const isMain = mode(values) === component
  const known = [...ports(values, component).keys()]
  return (['liveness', 'readiness', 'startup'] as const).flatMap((probe) => {
    const { enabled, raw, type, port: named }: Probe = values.probes[probe]
    if (!enabled || (isMain && Object.keys(raw ?? {}).length > 0)) return []
    const isHttp = !isMain || type === 'http' || (type === 'auto' && component !== 'server')
    const port = (isMain && named) || (isHttp ? 'metrics' : grpcPort(values) || 'grpc')
    return known.includes(port) ? [] : [{ probe, component, port, ports: known.join(', ') || 'none is on' }]
  })
}
