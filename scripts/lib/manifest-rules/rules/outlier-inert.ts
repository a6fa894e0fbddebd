import { istioService } from '../../manifests/istio-host.ts'
import { titleOf } from '../../manifests/manifest.ts'
import { policiesIn, type RulePolicy } from '../../manifests/rule-policies.ts'
import { labelsOf, selects } from '../../manifests/selectors.ts'
import type { Service } from '../../manifests/service.ts'
import { fieldPatch } from '../field-patch.ts'
import type { ManifestRule, Violation } from '../manifest-rule.ts'

/** A detection without a consequence. */
export const outlierInert: ManifestRule = {
  id: 'outlier-inert',
  title: 'Outlier detection that may never eject a pod',
  proof: { before: 'fails', after: 'succeeds' },
  why: `Outlier detection takes a pod that keeps failing out of the balancing for a while, but never more of them than
\`maxEjectionPercent\`, which is 10 when left out. Envoy asks before it ejects one: would the ejected be more than that share of all? One
of three is 33 %, so at 10, and at 33, none is ever ejected; at 34 one is (measured with 3 pods: of ten detections none was enforced,
\`outlier_detection.ejections_overflow\` 10). Below ten pods the default is no outlier detection at all. With one more pod that refused every connection
99 of 200 calls failed, and at 50 the five by which it was found out (measured).

\`minHealthPercent\` undoes an ejection in another way: while a smaller share than that is healthy, Envoy calls all pods, the ejected
ones too. One of three ejected leaves 66.7 %: 66 lets it be, 67 does not (measured).`,
  cure: `Set \`maxEjectionPercent\` to the share that the Service can do without, at least 100 divided by the number of pods: 50 leaves one of two
and ejects one of three. Leave \`minHealthPercent\` out, or below what is left after an ejection. One pod alone needs no outlier
detection: ejecting it fails every call.`,
  sources: [
    'https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/outlier',
    'https://istio.io/latest/docs/reference/config/networking/destination-rule/#OutlierDetection',
    'https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/load_balancing/panic_threshold',
  ],
  *check(model) {
    for (const rule of model.ofKind('DestinationRule')) {
      const service = istioService(model, rule.content.spec?.host, rule.metadata.namespace)
      if (service === undefined) continue
      for (const policy of policiesIn(rule)) {
        if (policy.fields.outlierDetection == null) continue
        const [least, most] = podsOf(service, policy)
        const found = most > 0 && (problem(policy, least) ?? problem(policy, most))
        if (!found) continue
        const { key, value, reason } = found
        const path = [...policy.path, 'outlierDetection', key]
        yield {
          object: rule,
          path,
          reason: `${titleOf(rule)} ${reason}`,
          ...(value === undefined
            ? { fix: 'leave outlierDetection out, or run more pods' }
            : { fix: `set ${key} to ${value}`, patch: [fieldPatch(rule, path, value)] }),
          unsure: most < 2 || problem(policy, most) === undefined,
        } satisfies Violation
      }
    }
  },
}

/** Pods that a policy is for, at first and at most. */
function podsOf({ workloads }: Service, { subset }: RulePolicy): readonly [number, number] {
  const labels = labelsOf(subset?.labels)
  const of = workloads.filter(({ podLabels }) => Object.keys(labels).length === 0 || selects(labels, podLabels))
  const sum = (counts: readonly number[]) => counts.reduce((all, count) => all + count, 0)
  return [sum(of.map(({ replicas }) => replicas)), sum(of.map(({ maxReplicas }) => maxReplicas))]
}

interface Problem {
  readonly key: string
  /** That mends it; undefined: none does. */
  readonly value: number | undefined
  readonly reason: string
}

function problem({ fields }: RulePolicy, pods: number): Problem | undefined {
  const { maxEjectionPercent = 10, minHealthPercent = 0 } = fields.outlierDetection
  if (typeof maxEjectionPercent !== 'number' || typeof minHealthPercent !== 'number') return undefined
  const one = 100 / pods
  if (pods < 1) return undefined
  if (one > maxEjectionPercent) {
    const share = `one of ${pods} pods is ${Math.round(one)} %`
    return {
      key: 'maxEjectionPercent',
      value: pods < 2 ? undefined : Math.max(50, Math.ceil(one)),
      reason:
        pods < 2
          ? `lets ${maxEjectionPercent} % of the pods be ejected, and there is one, so none ever is`
          : `lets ${maxEjectionPercent} % of the pods be ejected, and ${share}, so none ever is`,
    }
  }
  const left = 100 - one
  if (pods < 2 || minHealthPercent <= left) return undefined
  return {
    key: 'minHealthPercent',
    value: 0,
    reason: `asks for ${minHealthPercent} % healthy pods, and one ejected of ${pods} leaves ${Math.floor(left)} %, so ejected pods are called all the same`,
  }
}
