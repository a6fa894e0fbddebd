import { destinationsOf } from '../../manifests/destinations.ts'
import { istioService } from '../../manifests/istio-host.ts'
import { type Content, type Manifest, type StringMap, titleOf } from '../../manifests/manifest.ts'
import type { Model } from '../../manifests/model.ts'
import { labelsOf, selects } from '../../manifests/selectors.ts'
import type { Service } from '../../manifests/service.ts'
import { listOf } from '../../manifests/workload.ts'
import { fieldPatch } from '../field-patch.ts'
import type { ManifestRule, Violation } from '../manifest-rule.ts'
import { podPatch } from '../patches.ts'

/** A subset of nobody. */
export const subsetLabels: ManifestRule = {
  id: 'subset-labels',
  title: 'A subset asks for labels that no pod behind the Service has',
  proof: { before: 'fails', after: 'succeeds' },
  why: `A subset of a DestinationRule is the pods behind the Service that have all of its labels too: labels of pods, which stand in the
workload's template and not in its own metadata. Without such a pod the subset is there and is empty, and every call that is sent to it
ends UNAVAILABLE, "no healthy upstream" (flag UH, measured: 60 of 60 calls). Nothing refuses either.`,
  cure: `Give the pods the label in \`spec.template.metadata.labels\`, and leave it out of the Service's selector, which has to take all
subsets; or have the subset ask for a label that they have.`,
  sources: [
    'https://istio.io/latest/docs/reference/config/networking/destination-rule/#Subset',
    'https://github.com/istio/istio/issues/27621',
    'https://kiali.io/docs/features/validations/',
  ],
  *check(model) {
    for (const rule of model.ofKind('DestinationRule')) {
      const service = istioService(model, rule.content.spec?.host, rule.metadata.namespace)
      if (service === undefined || service.workloads.length === 0) continue
      const subsets = listOf(rule.content.spec?.subsets)
      for (const [i, subset] of subsets.entries()) {
        const labels = labelsOf(subset.labels)
        if (Object.keys(labels).some(isGivenLater) || service.workloads.some((each) => has(each, labels))) continue
        yield ofSubset(model, rule, service, subsets, i)
      }
    }
  },
}

const has = ({ podLabels }: { podLabels: StringMap }, labels: StringMap): boolean =>
  Object.keys(labels).length === 0 || selects(labels, podLabels)

/** By controllers, to pods that run, and by Istio to their addresses. */
const isGivenLater = (key: string): boolean =>
  /hash$|^(statefulset|apps|batch|topology)\.(kubernetes|istio)\.io\//.test(key)

function ofSubset(model: Model, rule: Manifest, service: Service, subsets: readonly Content[], i: number): Violation {
  const { name, labels } = subsets[i]
  const route = routeTo(model, service, String(name))
  const others = subsets.filter((each) => each !== subsets[i]).map((each) => labelsOf(each.labels))
  const unclaimed = service.workloads.filter((workload) => !others.some((each) => has(workload, each)))
  const wanted = Object.entries(labelsOf(labels))
  const text = wanted.map((entry) => entry.join(': ')).join(', ')
  return {
    object: rule,
    path: ['spec', 'subsets', i, 'labels'],
    reason: `no pod behind ${service.name} is labelled ${text}, so subset ${name} has none${route ? ` and calls that ${titleOf(route)} sends to it end UNAVAILABLE` : ''}`,
    fix: `label the pods in their template, or have the subset ask for a label that they have`,
    ...patchOf(rule, i, unclaimed, wanted),
    // The pods of one more version may be somebody else's to deploy.
    unsure: route === undefined || unclaimed.length === 0,
  }
}

/** The one workload that is in no other subset gets the label, or where it has another value the subset asks for that. */
function patchOf(
  rule: Manifest,
  i: number,
  [workload, another]: Service['workloads'],
  [[key, value] = ['', ''], second]: readonly (readonly [string, string])[],
): { patch?: object[] } {
  if (workload === undefined || another || second) return {}
  const is = workload.podLabels[key]
  if (is === undefined) return { patch: [podPatch(workload, { metadata: { labels: { [key]: value } } })] }
  return { patch: [fieldPatch(rule, ['spec', 'subsets', i, 'labels'], { [key]: is })] }
}

const routeTo = (model: Model, service: Service, subset: string): Manifest | undefined =>
  model
    .ofKind('VirtualService')
    .find((route) =>
      destinationsOf(route).some(
        (each) => each.subset === subset && istioService(model, each.host, route.metadata.namespace) === service,
      ),
    )
