import { titleOf } from '../../manifests/manifest.ts'
import type { Model } from '../../manifests/model.ts'
import { grpcPolicies } from '../../manifests/rule-policies.ts'
import { argsOf, echoNumber, isEchoServer, withOption } from '../echo-options.ts'
import { fieldPatch } from '../field-patch.ts'
import type { ManifestRule, Violation } from '../manifest-rule.ts'
import { containerPatch } from '../patches.ts'

/** Calls one after the other. */
export const streamsExtreme: ManifestRule = {
  id: 'streams-extreme',
  title: 'maxConcurrentStreams of a few has calls wait for each other',
  why: `HTTP/2 carries many calls over one connection at a time. Told of a few streams, a proxy opens a connection more for every few
calls, and where connections are limited too, calls queue. None fails by that alone (600 calls, 50 at a time, measured), but with a small
\`http1MaxPendingRequests\` nearly all do: 279 of 300. A client without a proxy has one connection and no second: calls
wait until others have ended, and a server-streaming call that lasts keeps its place for as long. Linkerd, Istio and gRPC itself set
no such limit or one of a hundred and more.`,
  cure: 'Leave it out, or set it to a hundred at least. To bound the work of a server, bound the requests and not the streams of a connection.',
  sources: [
    'https://grpc.io/docs/guides/performance/',
    'https://istio.io/latest/docs/reference/config/networking/destination-rule/#ConnectionPoolSettings-HTTPSettings',
    'https://www.rfc-editor.org/rfc/rfc9113#section-5.1.2',
  ],
  *check(model) {
    for (const { rule, path, fields } of grpcPolicies(model)) {
      const limit = fields.connectionPool?.http?.maxConcurrentStreams
      if (typeof limit !== 'number' || limit < 1 || limit >= few) continue
      const place = [...path, 'connectionPool', 'http', 'maxConcurrentStreams']
      yield {
        object: rule,
        path: place,
        reason: `${titleOf(rule)} lets a connection carry ${limit} call${limit === 1 ? '' : 's'} at a time, so others wait or open one of their own`,
        fix,
        patch: [fieldPatch(rule, place, 100)],
      }
    }
    yield* ofServers(model)
  },
}

const few = 10

const fix = 'leave it out, or allow a hundred at least'

/** Our own servers, whose options we know. */
function* ofServers(model: Model): Iterable<Violation> {
  for (const workload of model.workloads) {
    for (const container of workload.containers.filter(isEchoServer)) {
      const limit = echoNumber(container, 'max-concurrent-streams')
      if (!(limit >= 1 && limit < few)) continue
      yield {
        object: workload.manifest,
        path: [...container.path, 'args'],
        reason: `${titleOf(workload.manifest)} takes ${limit} call${limit === 1 ? '' : 's'} at a time on a connection, and a client without a proxy has one, so its calls wait for each other`,
        fix,
        patch: [
          containerPatch(workload, container, { args: withOption(argsOf(container), 'max-concurrent-streams', 100) }),
        ],
      }
    }
  }
}
