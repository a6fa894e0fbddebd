import type { ChartValues } from './chart-values.ts'
import type { LookasideService } from './client-values.ts'
import { hasOwnService, kindOf, ports } from './facts.ts'
import { askedFor, entriesOf, isSet, type RuleCheck, type RuleChecks, when } from './rule-check.ts'

/** The control plane, and what its clients are told twice. */
export const lookasideRules = {
  'lookaside-alone': ({ mode, client }) => when(mode === 'lookaside' && client.enabled),

  'lookaside-client': (values) => {
    const { resolver, lbPolicy, maxAttempts, serviceConfig } = values.client
    if (!kindOf(values, 'client') || resolver !== 'lookaside') return []
    const isOwn = !['auto', 'none'].includes(serviceConfig || 'none')
    return askedFor({ lbPolicy, maxAttempts, serviceConfig: isOwn }, 'path', 'client.')
  },

  'lookaside-tls': withControlPlane((values) => {
    const { resolver, xdsServer } = values.client
    const asks = kindOf(values, 'client') && resolver === 'lookaside' && !xdsServer
    return when(asks && values.lookaside.tls.secretName)
  }),

  'lookaside-services': withControlPlane((values) => {
    const named = entriesOf<LookasideService>(values.lookaside.services).length > 0
    return when(!hasOwnService(values) && !named && !isSet(values.lookaside.discover.namespaces))
  }),

  'lookaside-backend': withControlPlane(({ lookaside }) =>
    entriesOf<LookasideService>(lookaside.services).flatMap(([name, { backends, failover }]) => {
      const names = backends?.length
        ? backends.map(({ service }) => String(service || 'a backend without service'))
        : [name]
      const wrong = [...names, ...(failover ?? [])].filter((one) => !isBackend(one))
      return wrong.map((backend) => ({ name, backend }))
    }),
  ),

  'lookaside-policy': withControlPlane((values) => {
    const { policy, consistentHash } = values.loadBalancing
    if (!hasOwnService(values)) return []
    if (policy === 'random' || policy === 'passthrough') return [{ policy }]
    const { header, algorithm } = consistentHash
    const which = header ? 'consistentHash by maglev' : 'consistentHash without a header'
    return when(policy === 'consistentHash' && (!header || algorithm === 'maglev'), { policy: which })
  }),

  'lookaside-port': withControlPlane((values) => {
    const { port } = values.lookaside
    return when(ports(values, 'lookaside').get('metrics')?.containerPort === port, { number: port })
  }),

  'lookaside-debounce': withControlPlane(({ lookaside: { debounceMilliseconds: debounce, ...its } }) =>
    when(debounce > its.maximumDebounceMilliseconds, { debounce }),
  ),

  'lookaside-off': (values) => {
    if (kindOf(values, 'lookaside')) return []
    const { services, discover, tls } = values.lookaside
    const asks = { services, 'discover.namespaces': discover.namespaces, 'tls.secretName': tls.secretName }
    return askedFor(asks, 'path', 'lookaside.')
  },

  'lookaside-unsaid': withControlPlane((values) => {
    const { timeout, retries, outlierDetection } = values.loadBalancing
    const asks = { timeout, 'retries.enabled': retries.enabled, 'outlierDetection.enabled': outlierDetection.enabled }
    return hasOwnService(values) ? askedFor(asks, 'path', 'loadBalancing.') : []
  }),
} satisfies RuleChecks

function withControlPlane(check: (values: ChartValues) => ReturnType<RuleCheck>): RuleCheck {
  return (values) => (kindOf(values, 'lookaside') ? check(values) : [])
}

function isBackend(text: string): boolean {
  const label = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?'
  const [, number] = /:([0-9]+)$/.exec(text) ?? []
  const isPort = number === undefined || (Number(number) >= 1 && Number(number) <= 65_535)
  return isPort && new RegExp(`^${label}[.]${label}:${label}$`).test(text)
}
