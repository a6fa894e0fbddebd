import { clientServiceConfig, kindOf, mode, policy } from './facts.ts'
import { type RuleChecks, when } from './rule-check.ts'
import { hasDestinationRule, proxies } from './rules-load-balancing.ts'

/** Policies that go by load, and who knows them. */
export const weightRules = {
  'weighted-round-robin': (values) =>
    values.loadBalancing.policy === 'weightedRoundRobin'
      ? [...proxies(values), ...when(hasDestinationRule(values), { proxy: 'Istio' })]
      : [],

  // Another program than ours may well report its load without being told here.
  'weights-reported': (values) => {
    const isNone = (values.server.utilization ?? '') === ''
    const weighs = mode(values) === 'server' && values.loadBalancing.policy === 'weightedRoundRobin'
    return when(weighs && isNone && values.image.repository.endsWith('evenly-echo'))
  },

  'warmup-plain': (values) => {
    const { policy, warmup } = values.loadBalancing
    const { serviceConfig, envoySidecar } = values.client
    const isCompiled = serviceConfig === 'auto' || serviceConfig === 'always'
    const warms = kindOf(values, 'client') && warmup.duration && policy === 'roundRobin' && isCompiled
    return when(warms && !envoySidecar.enabled && clientServiceConfig(values))
  },

  'choice-count': (values) => {
    if (mode(values) !== 'server' || values.loadBalancing.choiceCount === 2 || policy(values) !== 'leastRequest')
      return []
    return [
      ...when(values.gatewayApi.envoyGateway.backendTrafficPolicy.enabled, { proxy: 'Envoy Gateway' }),
      ...when(hasDestinationRule(values), { proxy: 'Istio' }),
    ]
  },
} satisfies RuleChecks
