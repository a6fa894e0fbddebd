import { istioService } from '../../manifests/istio-host.ts'
import { type Content, type Manifest, titleOf } from '../../manifests/manifest.ts'
import type { Model } from '../../manifests/model.ts'
import { listOf } from '../../manifests/workload.ts'
import type { ManifestRule, Violation } from '../manifest-rule.ts'
import { objectPatch } from '../patches.ts'

/** Two rules that say something of the same thing. */
export const destinationRuleTwice: ManifestRule = {
  id: 'destination-rule-twice',
  title: 'Of two DestinationRules for one host the later policy is dropped',
  why: `Istio joins DestinationRules of one host and namespace: the older one first, of two that were created in the same second the
first by name. Subsets are collected, the first of a name counts. The \`trafficPolicy\` is taken whole from the first rule that has one:
what another sets is dropped, even a field that the first has nothing to say of (measured: of a rule with a connection pool and a rule
with the policy RANDOM only the first was there in Envoy). Nothing tells you but a counter of istiod.`,
  cure: 'Write one DestinationRule for the host. Rules that have only subsets beside one that has the policy are fine.',
  sources: [
    'https://istio.io/latest/docs/ops/best-practices/traffic-management/#split-virtual-services',
    'https://github.com/istio/istio/blob/master/pilot/pkg/model/destination_rule.go',
    'https://kiali.io/docs/features/validations/',
  ],
  *check(model) {
    const byHost = Map.groupBy(
      model.ofKind('DestinationRule').filter(({ content }) => typeof content.spec?.host === 'string'),
      (rule) => keyOf(model, rule),
    )
    for (const rules of byHost.values()) {
      const [first, ...others] = rules.toSorted((one, other) => (one.metadata.name < other.metadata.name ? -1 : 1))
      for (const rule of others) if (first) yield* ofTwo(first, rule)
    }
  },
}

/** Rules are joined where host, namespace, visibility and selector are the same. */
function keyOf(model: Model, { content, metadata }: Manifest): string {
  const { host, exportTo = [], workloadSelector = null } = content.spec
  const service = istioService(model, host, metadata.namespace)
  return JSON.stringify([metadata.namespace, service?.host ?? host, exportTo, workloadSelector])
}

function* ofTwo(first: Manifest, other: Manifest): Iterable<Violation> {
  const [one, two] = [first.content.spec, other.content.spec]
  const names = listOf(one.subsets).map(({ name }) => name)
  const twice = listOf(two.subsets).filter(({ name }) => names.includes(name))
  const isPolicyTwice = one.trafficPolicy != null && two.trafficPolicy != null
  if (!isPolicyTwice && twice.length === 0) return
  const lost = [...(isPolicyTwice ? ['trafficPolicy'] : []), ...twice.map(({ name }) => `subset ${name}`)].join(' and ')
  yield {
    object: other,
    path: ['spec', isPolicyTwice ? 'trafficPolicy' : 'subsets'],
    reason: `${titleOf(first)} is for the same host and has ${lost} too, and Istio takes the whole of it from the older, or the first by name, so that of ${titleOf(other)} is dropped`,
    fix: `put both into ${first.metadata.name}`,
    patch: [objectPatch(first, { spec: joined(one, two) }), { ...objectPatch(other, {}), $patch: 'delete' }],
  }
}

/** What both say; where they differ, what counts now. */
function joined(one: Content, two: Content): object {
  const subsets = [...listOf(one.subsets), ...listOf(two.subsets)]
  const first = subsets.filter(({ name }, i) => subsets.findIndex((each) => each.name === name) === i)
  return {
    trafficPolicy: { ...two.trafficPolicy, ...one.trafficPolicy },
    ...(first.length > 0 && { subsets: first }),
  }
}
