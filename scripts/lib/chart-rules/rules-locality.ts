import { mode } from './facts.ts'
import { int, type RuleChecks, when } from './rule-check.ts'

/** Near pods first, and what only some versions can. */
export const localityRules = {
  'locality-failover': ({ loadBalancing: { locality, outlierDetection } }) =>
    when(locality.mode === 'failover' && !outlierDetection.enabled),

  'locality-distribute': ({ loadBalancing: { locality } }) => {
    if (locality.mode !== 'distribute') return []
    const places = locality.distribute ?? []
    if (places.length === 0) return [{ problem: 'the mode is distribute, and there is no place' }]
    return places.flatMap(({ from, to }) => {
      const percents = typeof to === 'object' && to !== null ? Object.values(to) : []
      const sum = percents.reduce((total, percent) => total + int(percent), 0)
      return when(sum !== 100, { problem: `the percents from ${from || '?'} are ${sum} together` })
    })
  },

  'locality-istio': (values) => {
    const where = values.loadBalancing.locality.mode
    const isIstios = where === 'failover' || where === 'distribute'
    return when(mode(values) === 'server' && !values.istio.enabled && isIstios, { mode: where })
  },

  'zone-aware': (values) => {
    const { istio, gatewayApi, loadBalancing } = values
    if (mode(values) !== 'server' || loadBalancing.locality.mode !== 'zoneAware') return []
    if (!istio.enabled) return when(!gatewayApi.envoyGateway.backendTrafficPolicy.enabled, { problem: 'both are off' })
    if (istio.mode !== 'sidecar') return [{ problem: 'istio.mode is ambient' }]
    return when(istio.minVersion === '1.30', { problem: 'istio.minVersion is 1.30' })
  },

  'keepalive-version': (values) => {
    const { enabled, destinationRule, minVersion } = values.istio
    const isRendered = mode(values) === 'server' && enabled && destinationRule.enabled
    return when(values.loadBalancing.connectionPool.keepalive.interval && isRendered && minVersion === '1.30')
  },
} satisfies RuleChecks
