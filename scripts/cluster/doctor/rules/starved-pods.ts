import type { LivePod } from '../live-pod.ts'
import type { LiveRule } from '../live-rule.ts'
import { windowText } from '../window-text.ts'

/** New pods that nobody has found. */
export const starvedPods: LiveRule = {
  id: 'starved-pods',
  title: 'Pods that came later get no calls',
  severity: 'error',
  why: `A gRPC client that balances by itself looks its target's name up when it connects, and again only when a connection ends. Pods
that are added while all connections hold are not found: the old ones serve all calls, whatever an autoscaler adds. It is seen
here when every pod that serves ran before any pod without calls was made.`,
  cure: `Have the servers end connections after a while (\`MAX_CONNECTION_AGE\`, with a grace for running calls), have clients watch
endpoints (xDS, a Kubernetes resolver), or put a proxy that does (a mesh) before them. For the moment, a restart of the callers
spreads them anew.`,
  sources: [
    'https://github.com/grpc/grpc/issues/12295',
    'https://github.com/grpc/proposal/blob/master/A9-server-side-conn-mgt.md',
  ],
  *check({ traffic, pods, service }) {
    if (traffic === undefined || !/^(pinned|skewed)$/.test(traffic.verdict.verdict)) return
    const ready = pods.filter(({ name }) => name in traffic.counts)
    const idle = ready.filter(({ name }) => traffic.counts[name] === 0)
    const busy = ready.filter(({ name }) => (traffic.counts[name] ?? 0) > 0)
    if (idle.length === 0 || busy.length === 0 || !isLater(idle, busy)) return
    const names = idle.map(({ name }) => name).join(', ')
    const [workload] = service.workloads
    yield {
      object: workload?.manifest ?? service.manifest,
      path: [],
      reason: `${idle.length} of its ${ready.length} ready pods (${names}) were added after the others ran and got none of ${windowText(traffic)}: callers keep to the connections they have`,
      fix: 'have its servers end connections after a while (max connection age), and restart the callers to spread them now',
    }
  },
}

const isLater = (idle: readonly LivePod[], busy: readonly LivePod[]): boolean =>
  Math.min(...idle.map(({ startedAt }) => startedAt)) >= Math.max(...busy.map(({ runsSince = Infinity }) => runsSince))
