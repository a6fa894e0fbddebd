import type { Model } from '../../manifests/model.ts'
import { isProxy } from '../../manifests/proxies.ts'
import { headlessTarget } from '../headless-target.ts'
import type { ManifestRule, Violation } from '../manifest-rule.ts'
import { byPlace, type Calls, clientsIn, ownCalls, policyOf, watchesEndpoints } from '../own-calls.ts'
import { podsOf } from '../pods-of.ts'

/** The other half of client-side balancing: a policy that has nothing to choose from. */
export const roundRobinClusterIp: ManifestRule = {
  id: 'round-robin-cluster-ip',
  title: 'A client balances over the one address of a ClusterIP Service',
  proof: { before: 'pinned', after: 'even' },
  why: `A policy such as \`round_robin\` balances over the addresses that the target's name has. The name of a ClusterIP Service has
one: its virtual IP. So the client opens one connection, kube-proxy sends that to one pod, and the policy goes round a circle of one.
Nothing says so: the client's configuration looks right, and no call fails.`,
  cure: `Call a headless Service of the same pods, \`dns:///NAME-headless:PORT\`; its name has the addresses of all ready pods. Have the
servers end connections after a while, or pods that come later are not found. Or give the client's pods a mesh's sidecar: that
balances whatever the policy.`,
  sources: [
    'https://github.com/grpc/grpc/blob/master/doc/load-balancing.md',
    'https://kubernetes.io/docs/concepts/services-networking/service/#headless-services',
    'https://kubernetes.io/blog/2018/11/07/grpc-load-balancing-on-kubernetes-without-tears/',
  ],
  *check(model) {
    for (const service of model.services) {
      if (service.isHeadless || service.workloads.length === 0) continue
      const balanced = ownCalls(model, service).filter(
        (call) => policyOf(call) !== 'pick_first' && !watchesEndpoints(call),
      )
      for (const calls of byPlace(balanced)) yield violation(model, calls)
    }
  },
}

function violation(model: Model, calls: Calls): Violation {
  const [call] = calls
  const { service, mention } = call
  const { target, patch } = headlessTarget(model, call)
  return {
    object: mention.object,
    path: mention.path,
    reason: `${clientsIn(calls)} balances by ${policyOf(call)}, but the name of ${mention.target} has one address, the virtual IP of Service ${service.name}, so all its calls are served by one of ${podsOf(service)}`,
    fix: `have it call ${target}, a headless Service, whose name has the addresses of all pods`,
    patch,
    unsure: service.maxReplicas < 2 || calls.every(({ container }) => isProxy(container)),
  }
}
