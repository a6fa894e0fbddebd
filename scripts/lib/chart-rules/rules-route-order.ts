import type { Destination, Route } from './chart-values.ts'
import { ordered, virtualService } from './facts.ts'
import { entriesOf, int, isSet, type RuleChecks, type Violation } from './rule-check.ts'

/** Routes and destinations of the VirtualService that never get what they are there for. */
export const routeOrderRules = {
  // Two destinations of a route that are one and the same, by host, subset and port.
  'route-same': (values) => {
    if (!virtualService(values)) return []
    const { destinationRule, virtualService: vs } = values.istio
    return entriesOf<Route>(vs.routes)
      .filter(([, route]) => isSet(route) && route.enabled !== false)
      .flatMap(([route, { destinations }]) => {
        const seen = new Map<string, string>()
        return entriesOf<Destination>(destinations).flatMap(([destination, { host, subset, port }]): Violation[] => {
          const own = !host && destination in (destinationRule.subsets ?? {}) ? destination : ''
          const place = `${host || ''}/${subset || own}/${int(port)}`
          const other = seen.get(place)
          seen.set(place, destination)
          return other === undefined ? [] : [{ route, destination, other }]
        })
      })
  },

  // Routes are tried in order, and one that matches everything is the last that is.
  'route-shadowed': (values) => {
    if (!virtualService(values)) return []
    const { routes } = values.istio.virtualService
    const names = ordered(routes)
    const all = names.findIndex((name) => {
      const { service, method, headers, raw } = routes?.[name] ?? {}
      return !service && !method && !isSet(headers) && !isSet(raw?.match)
    })
    return all < 0 ? [] : names.slice(all + 1).map((route) => ({ route, other: names[all] as string }))
  },
} satisfies RuleChecks
