import { headless, isExposed, mode, ports, virtualService, waypoint } from './facts.ts'
import { askedFor, type RuleChecks, when } from './rule-check.ts'

/** The two Services, and what needs them. */
export const serviceRules = {
  'service-ports': (values) => {
    const all = [...ports(values, 'server').values()]
    const isServer = mode(values) === 'server'
    return (['headless', 'service'] as const).flatMap((service) => {
      const is = service === 'service' ? isServer && values.service.enabled : headless(values)
      return when(is && !all.some((port) => isExposed(port, service)), { service })
    })
  },

  'stateful-headless': (values) =>
    when(mode(values) === 'server' && values.workload.kind === 'StatefulSet' && !headless(values)),

  'session-affinity': (values) =>
    when(mode(values) === 'server' && values.service.enabled && values.service.sessionAffinity === 'ClientIP'),

  'service-needed': (values) => {
    if (mode(values) !== 'server' || values.service.enabled) return []
    const { grpcRoute, meshRoute, backendTlsPolicy } = values.gatewayApi
    const needs = {
      'metrics.serviceMonitor': values.metrics.serviceMonitor.enabled,
      'gatewayApi.grpcRoute': grpcRoute.enabled,
      'gatewayApi.meshRoute': meshRoute.enabled,
      'gatewayApi.backendTlsPolicy': backendTlsPolicy.enabled,
      'istio.destinationRule': values.istio.enabled && values.istio.destinationRule.enabled,
      'istio.virtualService': virtualService(values),
      'istio.ambient.waypoint': waypoint(values),
      'loadBalancing.locality.mode': values.loadBalancing.locality.mode === 'trafficDistribution',
    }
    return askedFor(needs, 'need')
  },

  'service-config-map': (values) =>
    when(mode(values) === 'server' && values.loadBalancing.serviceConfigMap && !headless(values)),
} satisfies RuleChecks
