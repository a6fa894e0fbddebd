import type { Call } from '../../manifests/calls.ts'
import type { Model } from '../../manifests/model.ts'
import { isProxy } from '../../manifests/proxies.ts'
import { connectionAges } from '../connection-age.ts'
import { isEcho } from '../echo-options.ts'
import type { ManifestRule, Violation } from '../manifest-rule.ts'
import { byPlace, type Calls, clientsIn, ownCalls, policyOf } from '../own-calls.ts'
import { podsOf } from '../pods-of.ts'
import { withPolicy } from '../with-policy.ts'

/** Half of client-side balancing: all addresses, and gRPC's own policy, which wants one. */
export const headlessPickFirst: ManifestRule = {
  id: 'headless-pick-first',
  title: 'A client knows the addresses of all pods and calls the first',
  proof: { before: 'pinned', after: 'even' },
  why: `A headless Service gives a client the addresses of all pods. What it does with them is up to its balancing policy, and gRPC's
own, \`pick_first\`, tries one after the other until one answers and then sends every call there. So without a policy a headless
Service spreads nothing: it only shows the client what it could have.`,
  cure: `Give the client the policy \`round_robin\`. In code it is part of the service config that a channel is made with,
\`{"loadBalancingConfig": [{"round_robin": {}}]}\`, or the older option \`grpc.lb_policy_name\`; some programs have an option for it
(evenly-echo: \`--lb-policy\`). Have the servers end connections after a while as well, or pods that come later are not found.`,
  sources: [
    'https://github.com/grpc/grpc/blob/master/doc/load-balancing.md',
    'https://github.com/grpc/grpc/blob/master/doc/service_config.md',
    'https://grpc.io/docs/guides/custom-load-balancing/',
  ],
  *check(model) {
    for (const service of model.services) {
      if (!service.isHeadless || service.workloads.length === 0) continue
      for (const calls of byPlace(ownCalls(model, service).filter(picksFirst))) yield violation(model, calls)
    }
  },
}

const picksFirst = (call: Call): boolean =>
  call.mention.scheme !== 'xds' && policyOf(call) === 'pick_first' && !isProxy(call.container)

function violation(model: Model, calls: Calls): Violation {
  const [call] = calls
  const { container, service, mention, policy } = call
  const told =
    policy === undefined
      ? 'nothing here tells it a policy, and the one of gRPC is pick_first'
      : 'is told to pick the first'
  return {
    object: mention.object,
    path: mention.path,
    reason: `${clientsIn(calls)} gets the addresses of all pods from ${mention.target}, but ${told}, so all its calls are served by one of ${podsOf(service)}`,
    fix: `give it the policy round_robin${isEcho(container) ? '' : ', in its code if it has no option for it'}`,
    patch: [...withPolicy(model, call, 'round_robin'), ...connectionAges(model, service)],
    // The code of programs that are not ours may have one.
    unsure: service.maxReplicas < 2 || calls.every((each) => each.policy === undefined && !isEcho(each.container)),
  }
}
