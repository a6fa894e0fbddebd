import { type Content, type Manifest, titleOf } from '../../manifests/manifest.ts'
import type { Model } from '../../manifests/model.ts'
import { parentsOf } from '../../manifests/routes.ts'
import { appliesTo } from '../../manifests/selectors.ts'
import type { Service } from '../../manifests/service.ts'
import { waypointOf } from '../../manifests/waypoint.ts'
import { listOf } from '../../manifests/workload.ts'
import type { ManifestRule, Violation } from '../manifest-rule.ts'
import { objectPatch } from '../patches.ts'
import { waypointPatches } from '../waypoint-patches.ts'

/** What only a waypoint could keep. */
export const ambientPolicy: ManifestRule = {
  id: 'ambient-policy',
  title: 'The ambient mesh keeps rules on calls only at a waypoint',
  why: `The node's proxy of the ambient mesh, ztunnel, knows connections and identities, no calls. What a VirtualService, a route with a
Service for its parent, or the traffic policy of a DestinationRule says of calls (weights, retries, timeouts, balancing, ejection)
is kept by the waypoint of the Service, and without one by nobody; nothing tells you. An AuthorizationPolicy is worse: one that
selects pods goes to ztunnel, which cannot see methods, paths or headers, and to be safe makes of it one that denies what it
cannot judge.`,
  cure: `- a waypoint for the Service: a Gateway of class \`istio-waypoint\` and the label \`istio.io/use-waypoint\`. Costs an Envoy and a hop;
- an AuthorizationPolicy on calls goes to the waypoint, by \`targetRefs\` with the Service in place of \`selector\`.`,
  sources: [
    'https://istio.io/latest/docs/ambient/usage/l7-features/',
    'https://istio.io/latest/docs/ambient/usage/l4-policy/',
    'https://kiali.io/docs/features/validations/',
  ],
  *check(model) {
    for (const service of model.services) {
      if (!model.isInMesh(service, 'ambient')) continue
      if (waypointOf(model, service) === undefined && !hasOtherProxies(model, service)) {
        for (const rule of rulesOnCalls(model, service)) yield ofRule(model, service, rule)
      }
      for (const policy of blindPolicies(model, service)) yield ofPolicy(model, service, policy)
    }
  },
}

/** Whether callers are known to have sidecars, which keep the rules themselves. */
const hasOtherProxies = (model: Model, service: Service): boolean =>
  model.callsTo(service).some(({ client }) => model.meshOf(client) === 'istio')

const rulesOnCalls = (model: Model, service: Service): Manifest[] => [
  ...model
    .istioRulesFor(service, 'VirtualService')
    .filter(({ content }) => content.spec?.http !== undefined && (content.spec.gateways ?? ['mesh']).includes('mesh')),
  ...model.istioRulesFor(service, 'DestinationRule').filter(({ content }) => isOnCalls(content.spec?.trafficPolicy)),
  ...['GRPCRoute', 'HTTPRoute'].flatMap((kind) =>
    model
      .ofKind(kind)
      .filter((route) =>
        parentsOf(route).some(
          ({ kind, name, namespace }) => kind === 'Service' && name === service.name && namespace === service.namespace,
        ),
      ),
  ),
]

/** Whether a traffic policy is about calls; of TLS and of connections ztunnel does not take it either, but loses less. */
const isOnCalls = (policy: Content): boolean =>
  policy?.loadBalancer !== undefined ||
  policy?.outlierDetection !== undefined ||
  policy?.connectionPool?.http !== undefined

/** Policies for ztunnel, since they select pods, that ask for what only calls have. */
const blindPolicies = (model: Model, { workloads, namespace }: Service): Manifest[] =>
  model.ofKind('AuthorizationPolicy').filter(({ apiVersion, metadata, content }) => {
    const { selector, targetRefs, targetRef, rules } = content.spec ?? {}
    return (
      apiVersion.startsWith('security.istio.io/') &&
      metadata.namespace === namespace &&
      targetRefs === undefined &&
      targetRef === undefined &&
      listOf(rules).some(asksOfCalls) &&
      workloads.some(
        (workload) => model.meshOf(workload) === 'ambient' && appliesTo(selector?.matchLabels, workload.podLabels),
      )
    )
  })

const asksOfCalls = ({ from, to, when }: Content): boolean =>
  listOf(to).some(({ operation }) =>
    Object.keys(operation ?? {}).some((key) => /^(not)?(methods|paths|hosts)$/i.test(key)),
  ) ||
  listOf(from).some(({ source }) => Object.keys(source ?? {}).some((key) => /requestPrincipals$/i.test(key))) ||
  listOf(when).some(({ key }) => /^request\./.test(String(key)))

const ofRule = (model: Model, service: Service, rule: Manifest): Violation => ({
  object: rule,
  path: ['spec'],
  reason: `${titleOf(rule)} is about calls to ${titleOf(service.manifest)}, which is in the ambient mesh without a waypoint, and ztunnel knows no calls, so nobody keeps it`,
  fix: 'give the Service a waypoint',
  patch: waypointPatches(model, service),
})

function ofPolicy(model: Model, service: Service, policy: Manifest): Violation {
  const waypoint = waypointOf(model, service) === undefined ? waypointPatches(model, service) : []
  const targetRefs = [{ group: '', kind: 'Service', name: service.name }]
  return {
    object: policy,
    path: ['spec', 'selector'],
    reason: `${titleOf(policy)} asks for what only calls have (methods, paths or headers), but one that selects pods is kept by ztunnel, which sees none of these and denies instead`,
    fix: 'give it targetRefs with the Service in place of the selector, and the Service a waypoint',
    patch: [...waypoint, objectPatch(policy, { spec: { selector: null, targetRefs } })],
  }
}
