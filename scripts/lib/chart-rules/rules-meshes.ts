import { askedFor, type RuleChecks, when } from './rule-check.ts'

/** Which mesh, and values of one that is off. */
export const meshRules = {
  meshes: ({ istio, linkerd }) => when(istio.enabled && linkerd.enabled),

  'istio-off': ({ istio }) => {
    if (istio.enabled) return []
    const { sidecar, ambient, destinationRule, virtualService, peerAuthentication } = istio
    const asks = {
      mode: istio.mode === 'ambient',
      'sidecar.scope.enabled': sidecar.scope.enabled,
      'ambient.waypoint.create': ambient.waypoint.create,
      'ambient.waypoint.name': ambient.waypoint.name,
      'destinationRule.subsets': destinationRule.subsets,
      'destinationRule.trafficPolicy': destinationRule.trafficPolicy,
      'virtualService.enabled': virtualService.enabled === true,
      'virtualService.routes': virtualService.routes,
      'virtualService.fault.abort.percent': virtualService.fault.abort.percent,
      'virtualService.fault.delay.percent': virtualService.fault.delay.percent,
      'virtualService.mirror.percent': virtualService.mirror.percent,
      'peerAuthentication.mode': peerAuthentication.mode,
      'peerAuthentication.portLevel': peerAuthentication.portLevel,
      'authorizationPolicy.enabled': istio.authorizationPolicy.enabled,
      'telemetry.enabled': istio.telemetry.enabled,
      'perEndpointStats.enabled': istio.perEndpointStats.enabled,
    }
    return askedFor(asks, 'path', 'istio.')
  },

  'linkerd-off': ({ linkerd }) => {
    if (linkerd.enabled) return []
    const asks = {
      'server.enabled': linkerd.server.enabled,
      'rateLimit.enabled': linkerd.rateLimit.enabled,
      'loadBiaser.enabled': linkerd.loadBiaser.enabled,
      'failureAccrual.mode': linkerd.failureAccrual.mode,
      opaquePorts: linkerd.opaquePorts,
    }
    return askedFor(asks, 'path', 'linkerd.')
  },
} satisfies RuleChecks
