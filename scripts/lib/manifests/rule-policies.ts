import { istioService } from './istio-host.ts'
import type { Content, Manifest, Path } from './manifest.ts'
import type { Model } from './model.ts'
import type { Service } from './service.ts'
import { listOf } from './workload.ts'

/** A traffic policy somewhere in a DestinationRule. */
export interface RulePolicy {
  readonly fields: Content
  readonly path: Path
  /** The subset that it is for; undefined: all pods. */
  readonly subset: Content | undefined
}

/** All policies in a DestinationRule: its own, those of its subsets, and those of single ports in either. */
export function policiesIn({ content }: Manifest): RulePolicy[] {
  const own: RulePolicy = { path: ['spec', 'trafficPolicy'], fields: content.spec?.trafficPolicy, subset: undefined }
  const subsets = listOf(content.spec?.subsets).map((subset, i) => ({
    path: ['spec', 'subsets', i, 'trafficPolicy'],
    fields: subset.trafficPolicy,
    subset,
  }))
  return [own, ...subsets].flatMap((policy) => (policy.fields == null ? [] : [policy, ...portPolicies(policy)]))
}

/** Every policy for a Service that speaks gRPC, with its rule. */
export function* grpcPolicies(model: Model): Iterable<RulePolicy & { rule: Manifest; service: Service }> {
  for (const rule of model.ofKind('DestinationRule')) {
    const service = istioService(model, rule.content.spec?.host, rule.metadata.namespace)
    if (service === undefined || model.grpcPorts(service).length === 0) continue
    for (const policy of policiesIn(rule)) yield { ...policy, rule, service }
  }
}

const portPolicies = ({ path, fields, subset }: RulePolicy): RulePolicy[] =>
  listOf(fields.portLevelSettings).map((each, i) => ({
    path: [...path, 'portLevelSettings', i],
    fields: each,
    subset,
  }))
