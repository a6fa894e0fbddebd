import type { Call } from '../../manifests/calls.ts'
import { titleOf } from '../../manifests/manifest.ts'
import type { Model } from '../../manifests/model.ts'
import { isProxy } from '../../manifests/proxies.ts'
import type { Service } from '../../manifests/service.ts'
import { policiesOf } from '../../manifests/traffic-policy.ts'
import { isMap } from '../../values.ts'
import { clusterIpTarget } from '../cluster-ip-target.ts'
import { isEcho } from '../echo-options.ts'
import type { ManifestRule, Violation } from '../manifest-rule.ts'
import { byPlace, type Calls, clientsIn, lastingCalls, policyOf } from '../own-calls.ts'
import { podsOf } from '../pods-of.ts'

/** Two balancers, each of which leaves it to the other. */
export const headlessMeshPolicy: ManifestRule = {
  id: 'headless-mesh-policy',
  title: 'A sidecar does not balance what is dialled by a headless name',
  proof: { before: 'pinned', after: 'even' },
  why: `Behind the name of a headless Service stand the addresses of its pods, and a client dials one of them. To Istio's sidecar that is
a choice that was made: for headless Services it forwards a connection to the very address it was opened to (ORIGINAL_DST), and a
DestinationRule's \`loadBalancer\` is not even read. A gRPC client without a policy opens one connection, so one pod serves all of
its calls, with a sidecar beside it and mutual TLS working.

With the policy \`round_robin\` in the client it is even (measured, 100 / 100 / 100), and the sidecar only encrypts.`,
  cure: `Dial a Service that has an address of its own; one beside the headless Service, with the same selector, will do. The sidecar
then balances calls, follows the DestinationRule, and sees new pods at once. A StatefulSet keeps its headless Service.

Or have the client balance by itself: the policy \`round_robin\`, and servers that end connections after a while.`,
  sources: [
    'https://istio.io/latest/docs/ops/configuration/traffic-management/traffic-routing/#headless-services',
    'https://github.com/istio/istio/issues/50967',
    'https://github.com/istio/istio.io/issues/15390',
    'https://github.com/istio/istio/blob/master/pilot/pkg/networking/core/cluster.go',
  ],
  *check(model) {
    for (const service of model.services) {
      if (!service.isHeadless || service.workloads.length === 0) continue
      const calls = lastingCalls(model, service).filter((call) => isLeftAlone(model, call))
      for (const each of byPlace(calls)) yield violation(model, each)
      yield* ignoredPolicies(model, service)
    }
  },
}

/** Whether neither the client nor its proxy picks a pod for each call. */
function isLeftAlone(model: Model, call: Call): boolean {
  if (model.meshOf(call.client) !== 'istio' || call.mention.scheme === 'xds' || isProxy(call.container)) return false
  return policyOf(call) === 'pick_first'
}

function violation(model: Model, calls: Calls): Violation {
  const [call] = calls
  const { container, service, mention, policy } = call
  const { target, patch } = clusterIpTarget(model, call)
  return {
    object: mention.object,
    path: mention.path,
    reason: `${clientsIn(calls)} dials ${mention.target}, a headless Service, and its sidecar leaves that with the one address that the connection was opened to, so all its calls are served by one of ${podsOf(service)}`,
    fix: `have it call ${target}, a Service with an address of its own, or give it the policy round_robin`,
    patch,
    // The code of programs that are not ours may have a policy.
    unsure: service.maxReplicas < 2 || (policy === undefined && !isEcho(container)),
  }
}

function* ignoredPolicies(model: Model, service: Service): Generator<Violation> {
  if (!model.isInMesh(service, 'istio')) return
  const clients = model.callsTo(service).map(({ client }) => client)
  const [policy] = model.grpcPorts(service).flatMap((port) => policiesOf(model, service, port, clients))
  if (policy === undefined || !isMap(policy.fields.loadBalancer)) return
  yield {
    object: policy.rule,
    path: [...policy.path, 'loadBalancer'],
    reason: `${titleOf(service.manifest)} is headless, and sidecars balance nothing that is dialled by a headless name, whatever ${titleOf(policy.rule)} says`,
    fix: 'add a Service with an address of its own, and have clients and this rule name that one',
    unsure: true,
  }
}
