import type { ChartValues } from './chart-values.ts'
import type { LookasideBalancing, LookasideService } from './client-values.ts'
import { hasOwnService, kindOf } from './facts.ts'
import { entriesOf, type RuleChecks, when } from './rule-check.ts'

/** What the control plane is told of the Services that it serves. */
export const lookasideServiceRules = {
  'lookaside-weights': (values) =>
    servicesOf(values).flatMap(([name, { backends }]) =>
      when(backends?.length && backends.every(({ weight = 1 }) => weight === 0), { name }),
    ),

  'lookaside-listener': (values) => {
    const seen = new Map<string, string>()
    return servicesOf(values).flatMap(([name, { envoyListener: listener }]) => {
      if (!listener) return []
      const other = seen.get(listener)
      seen.set(listener, name)
      return other === undefined ? [] : [{ name, listener, other }]
    })
  },

  'lookaside-zones': (values) =>
    told(values).flatMap(([path, { localities, zoneWeights }]) => {
      const hasWeights = Object.values(zoneWeights ?? {}).some((weight) => weight !== null)
      if (hasWeights === (localities === 'weighted')) return []
      const problem = hasWeights
        ? 'only localities: weighted goes by it'
        : 'localities: weighted goes by it, and it is empty'
      return [{ path, problem }]
    }),

  'lookaside-ring': (values) =>
    told(values).flatMap(([path, { policy }]) => {
      const { minRingSize: minimum = 1024, maxRingSize: maximum = minimum } = policy?.ring_hash_experimental ?? {}
      return when(maximum < minimum, { path, maximum, minimum })
    }),

  'lookaside-header': (values) => {
    const { policy, consistentHash } = values.loadBalancing
    const isOwn = kindOf(values, 'lookaside') && hasOwnService(values) && policy === 'consistentHash'
    const own: [string, string][] = [['loadBalancing.consistentHash.header', (isOwn && consistentHash.header) || '']]
    const others = told(values).map(([path, its]): [string, string] => [
      `${path}.policy.ring_hash_experimental.requestHashHeader`,
      its.policy?.ring_hash_experimental?.requestHashHeader ?? '',
    ])
    const wrong = [...own, ...others].filter(([, header]) => header && !isTextHeader(header))
    return wrong.map(([path, header]) => ({ path, header }))
  },
} satisfies RuleChecks

const isTextHeader = (header: string): boolean => /^[a-z0-9_.-]+$/i.test(header) && !/-bin$/i.test(header)

const servicesOf = (values: ChartValues) =>
  kindOf(values, 'lookaside') ? entriesOf<LookasideService>(values.lookaside.services) : []

/** Services by name and those that are found, by their paths. */
function told(values: ChartValues): [string, LookasideBalancing][] {
  if (!kindOf(values, 'lookaside')) return []
  const { discover } = values.lookaside
  const named = servicesOf(values).map(([name, one]): [string, LookasideBalancing] => [
    `lookaside.services.${name}`,
    one,
  ])
  return discover.namespaces?.length ? [['lookaside.discover', discover], ...named] : named
}
