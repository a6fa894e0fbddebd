import type { Destination, Route } from './chart-values.ts'
import { mode, virtualService } from './facts.ts'
import { byCodePoint, entriesOf, isSet, type RuleChecks, when } from './rule-check.ts'

/** What the VirtualService's routes lead to. */
export const routeRules = {
  'routes-twice': (values) => {
    const { gateways } = values.istio.virtualService
    const isMesh = !gateways?.length || gateways.includes('mesh')
    const twice = mode(values) === 'server' && values.gatewayApi.meshRoute.enabled && virtualService(values)
    return when(twice && isMesh)
  },

  // A rule of the user's own, under destinationRule.enabled: false, may have any subsets.
  'route-subset': (values) => {
    const { destinationRule, virtualService: vs } = values.istio
    if (!destinationRule.enabled || !virtualService(values)) return []
    const refers = entriesOf<Route>(vs.routes)
      .filter(([, route]) => isSet(route) && route.enabled !== false)
      .flatMap(([name, { destinations }]) =>
        entriesOf<Destination>(destinations).map(
          ([key, to]) => [`istio.virtualService.routes.${name}.destinations.${key}.subset`, to] as const,
        ),
      )
    const all = vs.mirror.percent ? [['istio.virtualService.mirror.subset', vs.mirror] as const, ...refers] : refers
    return all
      .toSorted(([one], [other]) => byCodePoint(one, other))
      .flatMap(([path, { subset, host }]) =>
        subset ? when(!host && !isSet(destinationRule.subsets?.[subset]), { path, subset }) : [],
      )
  },

  'mirror-self': (values) => {
    const { percent, host, subset } = values.istio.virtualService.mirror
    return when(percent && !host && !subset && virtualService(values))
  },
} satisfies RuleChecks
