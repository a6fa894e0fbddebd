import type { ChartValues, Route } from './chart-values.ts'
import { mode, virtualService } from './facts.ts'
import { entriesOf, int, isSet, type RuleChecks, type Violation, when } from './rule-check.ts'

/** How routes share calls out. */
export const routeWeightRules = {
  // A weight that is not there is 0 to Istio, which gives a single destination all calls; to the Gateway API it is 1.
  'route-weights': (values) => {
    const { grpcRoute, meshRoute } = values.gatewayApi
    const isServer = mode(values) === 'server'
    return [
      ...(virtualService(values) ? weightless(values.istio.virtualService.routes, ofIstio) : []),
      ...(isServer && grpcRoute.enabled ? weightless(grpcRoute.rules, ofGateway('grpcRoute')) : []),
      ...(isServer && meshRoute.enabled ? weightless(meshRoute.rules, ofGateway('meshRoute')) : []),
    ]
  },
} satisfies RuleChecks

interface Kind {
  readonly path: string
  readonly of: 'destinations' | 'backends'
  /** The weight of a target without one, and how many targets there must be for weights to matter. */
  readonly unset: number
  readonly least: number
}

const ofIstio: Kind = { path: 'istio.virtualService.routes', of: 'destinations', unset: 0, least: 2 }
const ofGateway = (kind: string): Kind => ({ path: `gatewayApi.${kind}.rules`, of: 'backends', unset: 1, least: 1 })

function weightless(
  routes: ChartValues['istio']['virtualService']['routes'],
  { path, of, unset, least }: Kind,
): readonly Violation[] {
  return entriesOf<Route>(routes)
    .filter(([, route]) => isSet(route) && route.enabled !== false)
    .flatMap(([name, route]) => {
      const weights = entriesOf(route[of]).map(([, to]) => ('weight' in to ? int(to.weight) : unset))
      const sum = weights.reduce((total, weight) => total + weight, 0)
      return when(weights.length >= least && sum === 0, { path: `${path}.${name}` })
    })
}
