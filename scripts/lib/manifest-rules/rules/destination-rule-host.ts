import { destinationsOf } from '../../manifests/destinations.ts'
import { istioService, type Stray, strayIn } from '../../manifests/istio-host.ts'
import { type Manifest, titleOf } from '../../manifests/manifest.ts'
import type { Model } from '../../manifests/model.ts'
import { listOf } from '../../manifests/workload.ts'
import { fieldPatch } from '../field-patch.ts'
import type { ManifestRule, Violation } from '../manifest-rule.ts'

/** A policy for nobody. */
export const destinationRuleHost: ManifestRule = {
  id: 'destination-rule-host',
  title: 'A DestinationRule whose host is no Service is passed over',
  proof: { before: 'fails', after: 'succeeds' },
  why: `Istio applies a DestinationRule to the Service that its \`host\` names, and says nothing when there is none: the balancing policy,
the limits and the outlier detection that somebody wrote are not there, and calls spread as they would without. Where a route needs a
subset of the rule, its calls end UNAVAILABLE (measured: 60 of 60).

Istio completes a host only when it has no dot, with the rule's own namespace: \`orders\` in the namespace \`shop\` is
\`orders.shop.svc.cluster.local\`, \`orders.shop\` is taken as it stands and is nobody.`,
  cure: 'Write the full name, `NAME.NAMESPACE.svc.cluster.local`.',
  sources: [
    'https://istio.io/latest/docs/reference/config/networking/destination-rule/#DestinationRule',
    'https://istio.io/latest/docs/ops/best-practices/traffic-management/',
    'https://kiali.io/docs/features/validations/',
  ],
  *check(model) {
    for (const rule of model.ofKind('DestinationRule')) {
      const stray = strayIn(model, rule.content.spec?.host, rule.metadata.namespace)
      if (stray) yield ofRule(model, rule, stray)
    }
  },
}

function ofRule(model: Model, rule: Manifest, { host, meant, isHalf, others }: Stray): Violation {
  const route = meant && model.ofKind('VirtualService').find((each) => needs(model, each, rule, meant.host))
  const harm = route ? `calls that ${titleOf(route)} sends to its subsets end UNAVAILABLE` : 'nobody follows it'
  const path = ['spec', 'host']
  return {
    object: rule,
    path,
    reason: isHalf
      ? `Istio takes ${host} for a full name, because of its dot, and no Service has it, so ${harm}`
      : `there is no Service ${host} among the manifests, where its namespace has ${others}, so ${harm}`,
    fix: meant ? `write ${meant.host}` : 'name a Service that there is, by its full name',
    ...(meant && { patch: [fieldPatch(rule, path, meant.host)] }),
    unsure: route === undefined,
  }
}

/** Whether a route needs a subset of a rule that was meant for a host, and no rule that is heeded has it. */
const needs = (model: Model, route: Manifest, rule: Manifest, host: string): boolean =>
  destinationsOf(route).some(
    (each) =>
      each.subset !== undefined &&
      hasSubset(rule, each.subset) &&
      istioService(model, each.host, route.metadata.namespace)?.host === host &&
      !model.ofKind('DestinationRule').some((other) => hasSubset(other, each.subset) && isFor(model, other, host)),
  )

const isFor = (model: Model, { content, metadata }: Manifest, host: string): boolean =>
  istioService(model, content.spec?.host, metadata.namespace)?.host === host

const hasSubset = ({ content }: Manifest, subset: string | undefined): boolean =>
  listOf(content.spec?.subsets).some(({ name }) => name === subset)
