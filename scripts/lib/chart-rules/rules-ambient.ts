import type { ChartValues } from './chart-values.ts'
import { mesh, mode, waypoint } from './facts.ts'
import { isSet, type RuleChecks, when } from './rule-check.ts'

/** Ambient without a waypoint knows connections alone. */
export const ambientRules = {
  'ambient-waypoint': (values) => {
    const need = hasNoWaypoint(values) ? needsWaypoint(values) : undefined
    return need === undefined ? [] : [{ need }]
  },

  'ambient-pins': (values) => when(hasNoWaypoint(values)),

  'ambient-stats': (values) => when(mesh(values) === 'ambient' && values.istio.perEndpointStats.enabled),
} satisfies RuleChecks

const hasNoWaypoint = (values: ChartValues): boolean =>
  mode(values) === 'server' && mesh(values) === 'ambient' && !waypoint(values)

/** The first of the values that only a proxy of calls can carry out. */
function needsWaypoint({ loadBalancing, istio, gatewayApi }: ChartValues): string | undefined {
  const { routes, fault, mirror, enabled } = istio.virtualService
  const { locality, connectionPool: pool } = loadBalancing
  const limits = [pool.maxRequests, pool.maxPendingRequests, pool.maxConcurrentStreams, pool.maxRequestsPerConnection]
  const { allowFrom, rules } = istio.authorizationPolicy
  const asks = {
    'istio.virtualService.routes': routes,
    'istio.virtualService.fault': fault.abort.percent || fault.delay.percent,
    'istio.virtualService.mirror': mirror.percent,
    'istio.virtualService.enabled': enabled === true,
    'loadBalancing.timeout': loadBalancing.timeout,
    'loadBalancing.retries': loadBalancing.retries.enabled,
    'loadBalancing.outlierDetection': loadBalancing.outlierDetection.enabled,
    'loadBalancing.consistentHash': loadBalancing.policy === 'consistentHash',
    'loadBalancing.warmup': loadBalancing.warmup.duration,
    'loadBalancing.locality': locality.mode === 'failover' || locality.mode === 'distribute',
    'loadBalancing.connectionPool': limits.some(Boolean),
    'gatewayApi.meshRoute': gatewayApi.meshRoute.enabled,
    'istio.authorizationPolicy.allowFrom':
      istio.authorizationPolicy.enabled && Object.values(allowFrom ?? {}).some((caller) => isSet(caller?.methods)),
    'istio.authorizationPolicy.rules':
      istio.authorizationPolicy.enabled && rulesOfCalls.test(JSON.stringify(rules ?? [])),
  }
  return Object.entries(asks).find(([, asked]) => isSet(asked))?.[0]
}

/** Keys of an AuthorizationPolicy's rules that speak of calls, not of connections. */
const rulesOfCalls = /"(not)?([Pp]aths|[Mm]ethods|[Hh]osts|[Rr]equestPrincipals)":|"request[.]/
