import type { Call } from '../../manifests/calls.ts'
import { titleOf } from '../../manifests/manifest.ts'
import type { Model } from '../../manifests/model.ts'
import { isProxy } from '../../manifests/proxies.ts'
import type { Workload } from '../../manifests/workload.ts'
import { connectionAges } from '../connection-age.ts'
import { isEchoServer } from '../echo-options.ts'
import type { ManifestRule, Violation } from '../manifest-rule.ts'
import { ownCalls, policyOf, watchesEndpoints } from '../own-calls.ts'

/** Why pods that an autoscaler adds stay idle. */
export const roundRobinBlind: ManifestRule = {
  id: 'round-robin-blind',
  title: 'A client that balances never learns of pods that come later',
  proof: { before: 'starved', after: 'shared' },
  why: `gRPC looks a name up when it has lost a connection, and at no other time. A client that balances over the addresses of a headless
Service therefore keeps to the pods that were there when it began: as long as their connections live, pods that an autoscaler or a
rollout adds get none of its calls, while the old ones stay as busy as they were.`,
  cure: `- in the servers: end connections after a while, as gRPC's option for the maximum connection age does (Go:
  \`keepalive.ServerParameters{MaxConnectionAge: …}\`, Java: \`maxConnectionAge\`, Node and C++: \`grpc.max_connection_age_ms\`;
  evenly-echo: \`--max-connection-age-seconds\`). Clients reconnect, and look the name up again. A minute or a few will do, with a
  grace that is longer than the longest call;
- in the client: a resolver that watches EndpointSlices (\`kubernetes:///\`, \`xds:///\`). Finds pods at once, and needs leave to read
  them;
- beside the client: a sidecar of a mesh.`,
  sources: [
    'https://github.com/grpc/grpc/issues/12295',
    'https://github.com/grpc/proposal/blob/master/A9-server-side-conn-mgt.md',
    'https://grpc.io/docs/guides/custom-name-resolution/',
  ],
  *check(model) {
    for (const service of model.services) {
      if (!service.isHeadless) continue
      const calls = ownCalls(model, service).filter(isBlind)
      // One pod that nobody scales has no later ones.
      const several = service.workloads.filter(({ maxReplicas }) => maxReplicas > 1)
      const endless = several.filter((workload) => !model.limitsConnectionAge(workload))
      for (const workload of calls.length > 0 ? endless : []) yield violation(model, workload, calls)
    }
  },
}

/** A CronJob's client is made anew each time. */
const isBlind = (call: Call): boolean =>
  call.client.manifest.kind !== 'CronJob' &&
  policyOf(call) !== 'pick_first' &&
  !watchesEndpoints(call) &&
  !isProxy(call.container)

function violation(model: Model, workload: Workload, calls: readonly Call[]): Violation {
  const [{ client, mention, service }] = calls as [Call]
  const ours = workload.containers.find(isEchoServer)
  const others = calls.length > 1 ? ` (and ${calls.length - 1} more)` : ''
  return {
    object: workload.manifest,
    path: ours ? [...ours.path, 'args'] : [...workload.templatePath, 'spec', 'containers'],
    reason: `${titleOf(client.manifest)}${others} looks ${mention.target} up again only when a connection ends, and ${ours ? '' : 'as far as can be seen here '}${titleOf(workload.manifest)} ends none, so pods that come later get none of its calls`,
    fix: `have the servers end connections after a while (${ours ? '--max-connection-age-seconds' : 'by a maximum connection age, in their code if they have no option for it'})`,
    patch: connectionAges(model, service),
    // The age may be in the code of programs that are not ours, and it may be a proxy that clients are connected to.
    unsure: !ours || model.meshOf(workload) !== undefined,
  }
}
