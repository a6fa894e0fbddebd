import { titleOf } from '../../manifests/manifest.ts'
import { grpcPolicies } from '../../manifests/rule-policies.ts'
import { fieldPatch } from '../field-patch.ts'
import type { ManifestRule } from '../manifest-rule.ts'

/** What HTTP/2 is for, turned off. */
export const connectionPerCall: ManifestRule = {
  id: 'connection-per-call',
  title: 'maxRequestsPerConnection of a few opens a connection for nearly every call',
  why: `It is repeated as the cure for pinned gRPC: end connections, and an L4 balancer chooses again. A sidecar balances calls and has
nothing to choose again; it only has to open a connection, with a TLS handshake inside a mesh, for every so many calls: at 1, 350 connections for 350 calls, where without it 6 carried 250 (measured; no call failed, and none was spread better).
Each costs a round trip or two before the call can go, a port for a minute after it, and where connections cannot be opened as
fast as calls come, calls wait, and are refused if \`http1MaxPendingRequests\` is small: 294 of 300.`,
  cure: `Leave it out. Where something between proxy and pods really balances connections, hundreds are enough; 100 was measured to cost
little and to bring nothing.`,
  sources: [
    'https://istio.io/latest/docs/reference/config/networking/destination-rule/#ConnectionPoolSettings-HTTPSettings',
    'https://github.com/envoyproxy/envoy/issues/8817',
    'https://github.com/envoyproxy/envoy/issues/36712',
  ],
  *check(model) {
    for (const { rule, path, fields } of grpcPolicies(model)) {
      const limit = fields.connectionPool?.http?.maxRequestsPerConnection
      if (typeof limit !== 'number' || limit < 1 || limit >= 10) continue
      const place = [...path, 'connectionPool', 'http', 'maxRequestsPerConnection']
      yield {
        object: rule,
        path: place,
        reason: `${titleOf(rule)} has proxies open a connection for every ${limit === 1 ? 'call' : `${limit} calls`}, and calls are balanced without that`,
        fix: 'leave it out, which 0 says too',
        patch: [fieldPatch(rule, place, 0)],
      }
    }
  },
}
