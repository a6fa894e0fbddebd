import { isMap } from '../values.ts'
import type { Content, Manifest, Path } from './manifest.ts'
import type { Model } from './model.ts'
import { appliesTo } from './selectors.ts'
import type { Service, ServicePort } from './service.ts'
import type { Workload } from './workload.ts'

/** What a DestinationRule says of a port of a Service, and where it says so. */
export interface TrafficPolicy {
  readonly rule: Manifest
  /** Of `fields` in the rule. */
  readonly path: Path
  readonly fields: Content
}

/** The namespace of Istio itself, whose rules are for the whole mesh. */
export const rootNamespace = 'istio-system'

/**
 * The policy that a client's sidecar follows towards a port of a Service; undefined for none. Rules of the client's namespace go
 * before those of the Service's and of the mesh, exact hosts before wildcards, and what is said of a port replaces all the rest.
 * Policies of subsets are left out: which subset is called is for routes to say.
 *
 * @param client undefined: somebody in whose namespace there is no rule
 * @see https://istio.io/latest/docs/ops/best-practices/traffic-management/#cross-namespace-configuration
 */
export function trafficPolicyFor(
  model: Model,
  client: Workload | undefined,
  service: Service,
  { number }: Pick<ServicePort, 'number'>,
): TrafficPolicy | undefined {
  const { exact, wildcards } = rulesOf(model)
  const fitting = wildcards.filter(({ content }) => service.host.endsWith(content.spec.host.slice(1)))
  const rules = [...(exact.get(service) ?? []), ...fitting].filter((rule) => isFor(client, rule))
  const namespaces = [...(client ? [client.namespace] : []), service.namespace, rootNamespace]
  for (const namespace of namespaces) {
    const rule = rules.find(({ metadata, content }) => metadata.namespace === namespace && content.spec.trafficPolicy)
    if (rule) return ofPort(rule, number)
  }
  return undefined
}

/** The policies that clients follow towards a port of a Service, those of each rule once; without clients, that of anybody. */
export function policiesOf(
  model: Model,
  service: Service,
  port: Pick<ServicePort, 'number'>,
  clients: readonly Workload[],
): TrafficPolicy[] {
  const found = clients.length > 0 ? clients : [undefined]
  const policies = found.flatMap((client) => trafficPolicyFor(model, client, service, port) ?? [])
  return [...new Map(policies.map((policy) => [policy.rule, policy])).values()]
}

function ofPort(rule: Manifest, number: number): TrafficPolicy {
  const path = ['spec', 'trafficPolicy']
  const { trafficPolicy } = rule.content.spec
  const settings: Content[] = Array.isArray(trafficPolicy.portLevelSettings) ? trafficPolicy.portLevelSettings : []
  const at = settings.findIndex((each) => isMap(each) && (each as Content).port?.number === number)
  if (at < 0) return { rule, path, fields: trafficPolicy }
  return { rule, path: [...path, 'portLevelSettings', at], fields: settings[at] }
}

/** Whether a rule is shown to the client's namespace, and is for its pods. */
function isFor(client: Workload | undefined, { metadata, content }: Manifest): boolean {
  const { exportTo, workloadSelector } = content.spec
  if (workloadSelector !== undefined) {
    return client?.namespace === metadata.namespace && appliesTo(workloadSelector?.matchLabels, client?.podLabels ?? {})
  }
  if (client === undefined || !Array.isArray(exportTo) || exportTo.length === 0) return true
  return isExportedTo(exportTo, metadata.namespace, client.namespace)
}

/** Whether a list of `exportTo` shows something to a namespace: `*` to all, `.` to its own, `~` to none. */
export const isExportedTo = (exportTo: readonly unknown[], own: string, namespace: string): boolean =>
  exportTo.some((to) => to === '*' || to === namespace || (to === '.' && own === namespace))

interface Rules {
  readonly exact: ReadonlyMap<Service, readonly Manifest[]>
  /** The longest hosts first. */
  readonly wildcards: readonly Manifest[]
}

function rulesOf(model: Model): Rules {
  const known = byModel.get(model)
  if (known) return known
  const all = model.ofKind('DestinationRule').filter(({ content }) => typeof content.spec?.host === 'string')
  const wildcards = all
    .filter(({ content }) => content.spec.host.startsWith('*'))
    .toSorted((one, other) => other.content.spec.host.length - one.content.spec.host.length)
  const exact = new Map<Service, Manifest[]>()
  for (const rule of all) {
    const service = serviceOf(model, rule)
    if (service) exact.set(service, [...(exact.get(service) ?? []), rule])
  }
  const rules = { exact, wildcards }
  byModel.set(model, rules)
  return rules
}

/** Models do not change, and a rule on manifests asks for every port. */
const byModel = new WeakMap<Model, Rules>()

/** Istio takes a host without a dot for a name in the rule's namespace, and one with dots as it stands: `orders.shop` is nobody. */
function serviceOf(model: Model, { content, metadata }: Manifest): Service | undefined {
  const { host } = content.spec
  return !host.includes('.') || host.includes('.svc.') ? model.serviceNamed(host, metadata.namespace) : undefined
}
