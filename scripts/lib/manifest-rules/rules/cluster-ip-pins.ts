import type { Call } from '../../manifests/calls.ts'
import { isGuess } from '../../manifests/grpc-evidence.ts'
import { isBareWord } from '../../manifests/mentions.ts'
import type { Model } from '../../manifests/model.ts'
import { isProxy } from '../../manifests/proxies.ts'
import type { Service, ServicePort } from '../../manifests/service.ts'
import type { Workload } from '../../manifests/workload.ts'
import { connectionAges } from '../connection-age.ts'
import { headlessTarget } from '../headless-target.ts'
import { isReached } from '../is-reached.ts'
import { keepsToNode } from '../keeps-to-node.ts'
import type { ManifestRule, Violation } from '../manifest-rule.ts'
import {
  byPlace,
  type Calls,
  clientsIn,
  isForStreams,
  lastingCalls,
  ownCalls,
  policyOf,
  watchesEndpoints,
} from '../own-calls.ts'
import { headlessTwin } from '../patches.ts'
import { podsOf } from '../pods-of.ts'
import { meshRouteFor } from './mesh-route-no-proxy.ts'

/** The pinning problem itself: one virtual IP, one connection, one pod. */
export const clusterIpPins: ManifestRule = {
  id: 'cluster-ip-pins',
  title: 'A ClusterIP Service balances connections, and gRPC has one',
  proof: { before: 'pinned', after: 'even' },
  why: `A Service with a virtual IP is balanced by kube-proxy, which looks at a connection once, when it is opened, and sends it to
one pod. A gRPC client opens one HTTP/2 connection and sends all its calls over it for as long as it lives. So each client is
served by one pod, whatever \`replicas\` says, and a pod that comes later is not called before some connection breaks.`,
  cure: `Balance calls, not connections, at any one of these places:

- in the client: a headless Service (\`clusterIP: None\`), a target \`dns:///NAME-headless:PORT\` and the policy \`round_robin\`. Costs
  nothing, needs the client's code or options, and servers that end connections after a while, so that new pods are found;
- beside the client: a sidecar of a mesh (Istio, Linkerd), or an Envoy of your own. Works for any client; costs a proxy a pod;
- between them: a gateway or an ambient waypoint that knows HTTP/2. Costs one more hop.`,
  sources: [
    'https://kubernetes.io/blog/2018/11/07/grpc-load-balancing-on-kubernetes-without-tears/',
    'https://kubernetes.io/docs/reference/networking/virtual-ips/',
    'https://github.com/grpc/grpc/blob/master/doc/load-balancing.md',
  ],
  *check(model) {
    for (const service of model.services) {
      if (service.isHeadless || service.workloads.length === 0 || keepsToNode(service)) continue
      for (const calls of byPlace(ownCalls(model, service).filter(isPinned))) yield ofCalls(model, calls)
      const [port] = model.grpcPorts(service).filter((one) => !isForStreams(one))
      if (port && lastingCalls(model, service).length === 0 && nobodyBalances(model, service)) {
        yield ofService(model, service, port)
      }
    }
  },
}

/** Whoever asked for a policy has the rule round-robin-cluster-ip. */
const isPinned = (call: Call): boolean => !watchesEndpoints(call) && policyOf(call) === 'pick_first'

/** Whether callers that are not to be seen have no way to balance either: no pod in a mesh, no headless twin, no route to it. */
const nobodyBalances = (model: Model, service: Service): boolean =>
  service.workloads.every((workload) => model.meshOf(workload) === undefined && !isForXds(workload)) &&
  !model.twinsOf(service).some(({ isHeadless }) => isHeadless) &&
  !isReached(model, service)

/** Whether servers have Istio's agent for proxyless gRPC, and so clients that balance by xds:///. */
const isForXds = ({ podAnnotations }: Workload): boolean =>
  /\bgrpc-/.test(podAnnotations['inject.istio.io/templates'] ?? '')

function ofCalls(model: Model, calls: Calls): Violation {
  const [call] = calls
  const { client, service, mention } = call
  const { target, patch } = headlessTarget(model, call)
  const served = calls.length > 1 || client.maxReplicas > 1 ? 'each of its pods is served by' : 'all are served by'
  return {
    object: mention.object,
    path: mention.path,
    reason: `${clientsIn(calls)} calls ${mention.target} through one virtual IP over one connection, and no proxy of its own looks at calls, so ${served} one of ${podsOf(service)}`,
    ...(isForMesh(model, service)
      ? { fix: 'give its pods a sidecar of the mesh that the servers or their routes are made for' }
      : {
          fix: `have it call ${target}, a headless Service, with the policy round_robin, or give its pods a mesh's sidecar`,
          patch,
        }),
    unsure:
      service.maxReplicas < 2 || calls.every(({ container, mention }) => isProxy(container) || isBareWord(mention)),
  }
}

/** Whether its servers are in a mesh, or a route is made for one: a headless name would go around either. */
const isForMesh = (model: Model, service: Service): boolean =>
  service.workloads.some((workload) => model.meshOf(workload) !== undefined) ||
  meshRouteFor(model, service) !== undefined

function ofService(model: Model, service: Service, port: ServicePort): Violation {
  const evidence = model.speaksGrpc(service, port) ?? ''
  const { type = 'ClusterIP' } = service.manifest.content.spec ?? {}
  return {
    object: service.manifest,
    path: ['spec', 'type'],
    reason: `port ${port.number} speaks gRPC (${evidence}), and behind one virtual IP each client keeps to one of ${podsOf(service)}, for nothing here balances calls`,
    fix: 'add a headless Service for clients that balance by round_robin, or put clients or servers into a mesh (--mesh says that they are)',
    patch: [headlessTwin(service), ...connectionAges(model, service)],
    // A balancer outside the cluster may look at calls.
    unsure: service.maxReplicas < 2 || isGuess(evidence) || type !== 'ClusterIP',
  }
}
