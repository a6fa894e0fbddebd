import { titleOf } from '../../manifests/manifest.ts'
import { isProxy } from '../../manifests/proxies.ts'
import { clusterIpTarget } from '../cluster-ip-target.ts'
import type { ManifestRule } from '../manifest-rule.ts'
import { lastingCalls, policyOf, watchesEndpoints } from '../own-calls.ts'
import { podsOf } from '../pods-of.ts'

/** Linkerd knows Services by their virtual IPs, and a headless one has none. */
export const linkerdHeadless: ManifestRule = {
  id: 'linkerd-headless',
  title: 'Linkerd does not balance calls to a headless Service',
  why: `Linkerd's proxy finds out which Service is called by the address that the client connects to. That of a headless Service is a
pod's own: so the proxy keeps to that pod, encrypts, and balances nothing. A client that has no policy of its own connects to
one address, and all its calls are served by one pod. What was right without a mesh, a headless Service, is in the way with one.`,
  cure: `- have the client call a Service with a virtual IP: then the proxy balances call by call. Costs nothing;
- or leave it to the client after all, with \`round_robin\` over the headless Service: the proxy does not mind.`,
  sources: [
    'https://linkerd.io/2/features/load-balancing/',
    'https://linkerd.io/2/features/service-profiles/',
    'https://github.com/harness/helm-charts/pull/952',
  ],
  *check(model) {
    for (const service of model.services) {
      if (!service.isHeadless || service.maxReplicas < 2) continue
      for (const call of lastingCalls(model, service)) {
        const { client, container, mention } = call
        if (model.meshOf(client) !== 'linkerd' || isProxy(container)) continue
        if (watchesEndpoints(call) || policyOf(call) !== 'pick_first') continue
        const { target, patch } = clusterIpTarget(model, call)
        yield {
          object: mention.object,
          path: mention.path,
          reason: `${titleOf(client.manifest)} calls ${mention.target}, a headless Service, so Linkerd's proxy sees the address of one pod and balances nothing, and as far as one can see the client does not either: one of ${podsOf(service)} serves it`,
          fix: `have it call ${target}, which has a virtual IP, or balance by round_robin in the client`,
          patch,
        }
      }
    }
  },
}
