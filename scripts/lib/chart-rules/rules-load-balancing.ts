import type { ChartValues } from './chart-values.ts'
import { kindOf, mode } from './facts.ts'
import { type RuleChecks, type Violation, when } from './rule-check.ts'

/** What loadBalancing says of policies and retries. */
export const loadBalancingRules = {
  'least-conn': ({ loadBalancing }) => when(loadBalancing.policy === 'LEAST_CONN'),

  'pick-first': (values) => {
    if (values.loadBalancing.policy !== 'pickFirst') return []
    return [...proxies(values), ...when(hasDestinationRule(values), { proxy: 'Istio' })]
  },

  passthrough: (values) => (values.loadBalancing.policy === 'passthrough' ? proxies(values) : []),

  'hash-key': ({ loadBalancing }) => {
    const { header, cookie, sourceIp } = loadBalancing.consistentHash
    const count = [header, cookie.name, sourceIp].filter(Boolean).length
    const words = { count: ['none', 'one', 'two', 'three'][count] as string }
    return when(loadBalancing.policy === 'consistentHash' && count !== 1, words)
  },

  'hash-policy': ({ loadBalancing }) => {
    const { policy, consistentHash } = loadBalancing
    const { header, cookie, sourceIp } = consistentHash
    return when(policy !== 'consistentHash' && (header || cookie.name || sourceIp), { policy })
  },

  'retries-none': ({ loadBalancing }) => {
    const { enabled, attempts, perTryTimeout } = loadBalancing.retries
    return when(enabled && attempts === 0 && perTryTimeout)
  },
} satisfies RuleChecks

/** Whether Istio's proxies are told of loadBalancing. */
export const hasDestinationRule = (values: ChartValues): boolean =>
  mode(values) === 'server' && values.istio.enabled && values.istio.destinationRule.enabled

/** The proxies that loadBalancing is compiled for and that know no more policies than Envoy has. */
export function proxies(values: ChartValues): Violation[] {
  const { backendTrafficPolicy } = values.gatewayApi.envoyGateway
  return [
    ...when(mode(values) === 'server' && backendTrafficPolicy.enabled, { proxy: 'Envoy Gateway' }),
    ...when(kindOf(values, 'client') && values.client.envoySidecar.enabled, { proxy: 'the static Envoy' }),
  ]
}
