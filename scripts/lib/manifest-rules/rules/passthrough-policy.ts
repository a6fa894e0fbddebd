import { titleOf } from '../../manifests/manifest.ts'
import { policiesOf } from '../../manifests/traffic-policy.ts'
import { fieldPatch } from '../field-patch.ts'
import type { ManifestRule } from '../manifest-rule.ts'
import { lastingCalls } from '../own-calls.ts'
import { podsOf } from '../pods-of.ts'

/** A balancing policy that is none. */
export const passthroughPolicy: ManifestRule = {
  id: 'passthrough-policy',
  title: 'A DestinationRule has sidecars pass connections on unbalanced',
  proof: { before: 'pinned', after: 'even' },
  why: `\`loadBalancer.simple: PASSTHROUGH\` has a sidecar forward each connection to the address that the program asked for, in place of
one that it picks itself. For a Service that address is a virtual IP, so kube-proxy picks a pod, once for the connection. The sidecar
still counts and encrypts calls, which makes it look as if all was well, but one pod serves them.`,
  cure: `Say \`LEAST_REQUEST\` (what Istio does when it is told nothing) or \`ROUND_ROBIN\`.`,
  sources: [
    'https://istio.io/latest/docs/reference/config/networking/destination-rule/#LoadBalancerSettings-SimpleLB',
    'https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/load_balancing/original_dst',
  ],
  *check(model) {
    if (model.ofKind('DestinationRule').length === 0) return
    for (const service of model.services) {
      if (service.isHeadless || service.workloads.length === 0) continue
      const calls = lastingCalls(model, service)
      const clients = calls.map(({ client }) => client).filter((client) => model.meshOf(client) === 'istio')
      if (calls.length > 0 && clients.length === 0) continue
      const policies = model.grpcPorts(service).flatMap((port) => policiesOf(model, service, port, clients))
      const [policy] = policies.filter(({ fields }) => fields.loadBalancer?.simple === 'PASSTHROUGH')
      if (policy === undefined) continue
      yield {
        object: policy.rule,
        path: [...policy.path, 'loadBalancer', 'simple'],
        reason: `${titleOf(policy.rule)} has sidecars leave calls of ${titleOf(service.manifest)} on the connection that the client opened, and its virtual IP leads that to one of ${podsOf(service)}`,
        fix: 'say LEAST_REQUEST or ROUND_ROBIN in place of PASSTHROUGH',
        patch: [fieldPatch(policy.rule, [...policy.path, 'loadBalancer', 'simple'], 'LEAST_REQUEST')],
        unsure: service.maxReplicas < 2,
      }
    }
  },
}
