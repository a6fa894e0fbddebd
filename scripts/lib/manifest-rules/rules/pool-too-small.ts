import { titleOf } from '../../manifests/manifest.ts'
import type { Model } from '../../manifests/model.ts'
import { grpcPolicies, type RulePolicy } from '../../manifests/rule-policies.ts'
import { listOf } from '../../manifests/workload.ts'
import { fieldPatch } from '../field-patch.ts'
import type { ManifestRule, Violation } from '../manifest-rule.ts'

/** Limits that a demonstration of circuit breaking was made with. */
export const poolTooSmall: ManifestRule = {
  id: 'pool-too-small',
  title: 'A connection pool of a few requests refuses all others',
  proof: { before: 'fails', after: 'succeeds' },
  why: `\`http2MaxRequests\` is how many calls a caller's proxy lets be under way to all pods of a Service together; one more ends
UNAVAILABLE at once, and is not retried. Measured with 10 calls at a time: at 1 nine of ten failed, at 2 eight, at 5 five, at 10 none;
with 50 at a time at 40 ten. \`http1MaxPendingRequests\`, in spite of its name, bounds the calls of HTTP/2 that wait for a connection: at 1, 50
calls at once on a fresh proxy lost 117 of 300, at 10 they lost 40; with \`maxRequestsPerConnection: 1\` or
\`maxConcurrentStreams: 1\` beside it, where calls always wait for a connection, 294 and 279 of 300. Both come from Istio's page on
circuit breaking, which sets them to 1 so that it can be seen to break.

\`tcp.maxConnections: 1\` alone does no such harm: Envoy opens one connection to each pod, and HTTP/2 needs no more (measured).`,
  cure: `Leave them out: Istio sets no limit. Or set them above the calls that a healthy Service has under way at its peak, from one
client pod: calls per second × seconds of a call, and some more. Envoy's own default is 1024.`,
  sources: [
    'https://istio.io/latest/docs/tasks/traffic-management/circuit-breaking/',
    'https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/circuit_breaking',
    'https://github.com/istio/istio/issues/49108',
  ],
  *check(model) {
    yield* ofEnvoyGateway(model)
    for (const policy of grpcPolicies(model)) {
      for (const { key, limit, what, unsure } of tooSmall(policy)) {
        const path = [...policy.path, 'connectionPool', 'http', key]
        yield {
          object: policy.rule,
          path,
          reason: `${titleOf(policy.rule)} lets ${limit} ${what}, and ends every other one UNAVAILABLE`,
          fix,
          patch: [fieldPatch(policy.rule, path, 1024)],
          unsure,
        }
      }
    }
  },
}

/** What Envoy Gateway has for the same; nobody measured it there. */
function* ofEnvoyGateway(model: Model): Iterable<Violation> {
  for (const policy of model.ofKind('BackendTrafficPolicy')) {
    const { targetRef, targetRefs = [targetRef], circuitBreaker } = policy.content.spec ?? {}
    if (!listOf(targetRefs).some(({ kind }) => kind === 'GRPCRoute')) continue
    for (const key of ['maxParallelRequests', 'maxPendingRequests']) {
      const limit = circuitBreaker?.[key]
      if (!isSmall(limit)) continue
      const path = ['spec', 'circuitBreaker', key]
      yield {
        object: policy,
        path,
        reason: `${titleOf(policy)} lets ${limit} call${limit === 1 ? '' : 's'} ${key === 'maxPendingRequests' ? 'wait for a connection' : 'be under way at a time'}, and every other one ends UNAVAILABLE`,
        fix,
        patch: [fieldPatch(policy, path, 1024)],
        unsure: true,
      }
    }
  }
}

interface Limit {
  readonly key: string
  readonly limit: number
  readonly what: string
  readonly unsure: boolean
}

/** 0 is no limit. From 10 on it depends on the clients. */
function tooSmall({ fields }: RulePolicy): Limit[] {
  const { http2MaxRequests, http1MaxPendingRequests, ...http } = fields.connectionPool?.http ?? {}
  const requests = {
    key: 'http2MaxRequests',
    limit: http2MaxRequests,
    what: `call${http2MaxRequests === 1 ? '' : 's'} of a client pod be under way at a time`,
    unsure: http2MaxRequests >= certainlySmall,
  }
  const opensAlways = isSmall(http.maxRequestsPerConnection) || isSmall(http.maxConcurrentStreams)
  const pending = {
    key: 'http1MaxPendingRequests',
    limit: http1MaxPendingRequests,
    what: `call${http1MaxPendingRequests === 1 ? '' : 's'} of a client pod wait for a connection`,
    unsure: !opensAlways,
  }
  return [...(isSmall(requests.limit, 50) ? [requests] : []), ...(isSmall(pending.limit) ? [pending] : [])]
}

const fix = 'leave it out, or set it well above the calls that are under way at a peak, such as 1024'

const certainlySmall = 10

const isSmall = (value: unknown, bound = certainlySmall): value is number =>
  typeof value === 'number' && value > 0 && value < bound
