import { type Manifest, titleOf } from '../../lib/manifests/manifest.ts'
import type { Model } from '../../lib/manifests/model.ts'
import type { Service } from '../../lib/manifests/service.ts'
import { listOf } from '../../lib/manifests/workload.ts'

/** What asks for calls to go unevenly, with its setting: `DestinationRule shop/orders (consistentHash)`; undefined when nothing does. */
export function intendedBy(model: Model, service: Service): string | undefined {
  const told = (object: Manifest, setting: string): string => `${titleOf(object)} (${setting})`
  const { spec } = service.manifest.content
  if (spec?.sessionAffinity === 'ClientIP') return told(service.manifest, 'sessionAffinity')
  if (spec?.trafficDistribution !== undefined) return told(service.manifest, 'trafficDistribution')
  for (const rule of model.istioRulesFor(service, 'DestinationRule')) {
    const { trafficPolicy, subsets } = rule.content.spec ?? {}
    for (const policy of [trafficPolicy, ...listOf(subsets).map((subset) => subset.trafficPolicy)]) {
      if (policy?.loadBalancer?.consistentHash !== undefined) return told(rule, 'consistentHash')
      if (policy?.loadBalancer?.localityLbSetting !== undefined) return told(rule, 'localityLbSetting')
    }
  }
  for (const route of [...model.istioRulesFor(service, 'VirtualService'), ...model.ofKind('GRPCRoute')]) {
    const { http, rules } = route.content.spec ?? {}
    const lists = [
      ...listOf(http).map((each) => listOf(each.route)),
      ...listOf(rules).map((each) => listOf(each.backendRefs)),
    ]
    const isWeighted = lists.some((list) => list.some(({ weight }) => weight !== undefined) && list.length > 1)
    if (isWeighted && JSON.stringify(route.content.spec).includes(service.name)) return told(route, 'weights')
  }
  return undefined
}
