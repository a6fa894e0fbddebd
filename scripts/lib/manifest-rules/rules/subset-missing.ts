import { nearest } from '../../check/nearest.ts'
import { type Destination, destinationsOf } from '../../manifests/destinations.ts'
import { istioService, strayIn } from '../../manifests/istio-host.ts'
import { type Content, type Manifest, titleOf } from '../../manifests/manifest.ts'
import type { Model } from '../../manifests/model.ts'
import type { Service } from '../../manifests/service.ts'
import { listOf } from '../../manifests/workload.ts'
import { fieldPatch } from '../field-patch.ts'
import type { ManifestRule, Violation } from '../manifest-rule.ts'

/** A name that nobody has given. */
export const subsetMissing: ManifestRule = {
  id: 'subset-missing',
  title: 'A route sends calls to a subset that no DestinationRule has',
  proof: { before: 'fails', after: 'succeeds' },
  why: `A subset is a name that a DestinationRule of the same host gives to pods with certain labels. Istio makes a cluster of Envoy's
of each. When a VirtualService names one that no rule has, there is no such cluster and every call that takes the route ends UNAVAILABLE
at the caller's proxy (flag NC, measured: 60 of 60 calls). Nothing refuses the VirtualService; it also happens for a moment when a
route is applied before the rule that it needs, or deleted after it.`,
  cure: 'Add the subset to the DestinationRule of the host, first the rule and then the route; or name one that it has.',
  sources: [
    'https://istio.io/latest/docs/reference/config/networking/destination-rule/#Subset',
    'https://istio.io/latest/docs/ops/common-problems/network-issues/#503-errors-after-setting-destination-rule',
    'https://kiali.io/docs/features/validations/',
  ],
  *check(model) {
    const rulesFor = rulesIn(model)
    for (const route of model.ofKind('VirtualService')) {
      for (const destination of destinationsOf(route)) {
        const { host, subset } = destination
        const service = istioService(model, host, route.metadata.namespace)
        if (service === undefined || subset === undefined) continue
        const rules = rulesFor(service)
        if (rules.some((rule) => namesIn(rule).includes(subset)) || isElsewhere(model, service, subset)) continue
        yield ofDestination(destination, subset, service, rules)
      }
    }
  },
}

const namesIn = ({ content }: Manifest): string[] => listOf(content.spec?.subsets).map(({ name }) => String(name))

/** DestinationRules by the Service that each is for; those of wildcards are for many. */
function rulesIn(model: Model): (service: Service) => Manifest[] {
  const all = model.ofKind('DestinationRule').filter(({ content }) => typeof content.spec?.host === 'string')
  const [wildcards, exact] = [all.filter(isWildcard), all.filter((rule) => !isWildcard(rule))]
  const byService = Map.groupBy(exact, ({ content, metadata }) =>
    istioService(model, content.spec.host, metadata.namespace),
  )
  return (service) => [
    ...(byService.get(service) ?? []),
    ...wildcards.filter(({ content }) => service.host.endsWith(content.spec.host.slice(1))),
  ]
}

const isWildcard = ({ content }: Manifest): boolean => content.spec.host.startsWith('*')

/** Whether a rule has it whose host is wrong, which the rule destination-rule-host tells. */
const isElsewhere = (model: Model, service: Service, subset: string): boolean =>
  model
    .ofKind('DestinationRule')
    .some(
      (rule) =>
        namesIn(rule).includes(subset) &&
        strayIn(model, rule.content.spec?.host, rule.metadata.namespace)?.meant === service,
    )

function ofDestination(
  { route, path, isShared }: Destination,
  subset: string,
  service: Service,
  rules: readonly Manifest[],
): Violation {
  const names = rules.flatMap(namesIn)
  const near = nearest(subset, names)
  const label = labelOf(service, subset)
  const told =
    rules.length === 0
      ? 'no DestinationRule of that host is among the manifests'
      : `its DestinationRules have ${names.length > 0 ? `only ${names.join(', ')}` : 'no subset at all'}`
  const place = [...path, 'subset']
  return {
    object: route,
    path: place,
    reason: `${titleOf(route)} sends calls to subset ${subset} of ${service.name}, and ${told}, so they end UNAVAILABLE`,
    ...(label
      ? {
          fix: `add the subset, of the pods with ${label}: ${subset}`,
          patch: [withSubset(service, rules, subset, label)],
        }
      : near
        ? { fix: `name the subset ${near}`, patch: [fieldPatch(route, place, near)] }
        : {
            fix: 'add the subset to a DestinationRule of the host, or leave it out here',
            ...(!isShared && { patch: [fieldPatch(route, place, null)] }),
          }),
    // A rule that is not here at all may come from somewhere else.
    unsure: rules.length === 0,
  }
}

/** The label by which pods behind a Service have this name, and by which versions are told apart. */
const labelOf = ({ workloads }: Service, subset: string): string | undefined =>
  workloads
    .flatMap(({ podLabels }) => Object.entries(podLabels))
    .find(([key, value]) => value === subset && /(^|\/)version$/.test(key))?.[0]

function withSubset(service: Service, [rule]: readonly Manifest[], name: string, label: string): object {
  const subset = { name, labels: { [label]: name } }
  if (rule) {
    const before: Content[] = listOf(rule.content.spec?.subsets)
    return fieldPatch(rule, ['spec', 'subsets'], [...before, subset])
  }
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { name: service.name, namespace: service.namespace },
    spec: { host: service.host, subsets: [subset] },
  }
}
