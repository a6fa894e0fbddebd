import { type Running, runEcho } from './echo-command.ts'
import type { OtlpReceiver, ReceivedSpan } from './otlp-receiver.ts'

/** A real server process whose spans go to a receiver. */
export interface TracedServer {
  readonly process: Running
  /** `address:port`. */
  readonly address: string
  /** URL of its admin port. */
  readonly admin: string
}

/** What tells a process to send its spans there, soon after they end. */
export function tracingTo({ endpoint }: Pick<OtlpReceiver, 'endpoint'>): NodeJS.ProcessEnv {
  return { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_BSP_SCHEDULE_DELAY: '100' }
}

/** Starts `echo -s` as a pod of this name, `pod-a`, on `node-a` in `zone-a`. */
export async function startTracedServer(name: string, env: NodeJS.ProcessEnv, run = runEcho): Promise<TracedServer> {
  const place = { POD_NAME: name, NODE_NAME: name.replace('pod', 'node'), POD_ZONE: name.replace('pod', 'zone') }
  const process = run(['-s', '--listen', '127.0.0.1:0', '--admin-listen', '127.0.0.1:0'], { ...place, ...env })
  const [, address = '', admin = ''] = await process.printed(/serves gRPC on (\S+), admin on (\S+)\n/)
  return { process, address, admin }
}

/** Starts `echo -h`, which calls all of them in turn. */
export function runTracedClient(
  servers: readonly Pick<TracedServer, 'address'>[],
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  run = runEcho,
): Running {
  const target = `ipv4:${servers.map(({ address }) => address).join(',')}`
  const how = ['--lb-policy', 'round_robin', '--client-id', 'caller', '--admin-listen', '127.0.0.1:0']
  return run(['-h', target, ...how, ...args], env)
}

/** The tree of one trace as text, two spaces a level: the name of each span, and what `described` says of it. */
export function traceTree(spans: readonly ReceivedSpan[], described: (span: ReceivedSpan) => string): string {
  const below = (parent: string, indent: string): string[] =>
    spans
      .filter(({ parentSpanId }) => parentSpanId === parent)
      .toSorted((one, other) => Number(one.start - other.start))
      .flatMap((span) => [`${indent}${span.name} ${described(span)}`, ...below(span.spanId, `${indent}  `)])
  return below('', '').join('\n')
}

/** How docs/tracing.md shows a span: status, milliseconds, and who. */
export function shown({ kind, attributes: a, resource, start, end }: ReceivedSpan): string {
  const milliseconds = (Number(end - start) / 1e6).toFixed(1)
  const pod = a['grpc_lb.peer_pod'] ?? 'no pod has answered'
  const peer = `${a['network.peer.address']}:${a['network.peer.port']}`
  const attempt = `attempt ${a['grpc_lb.attempt']}, pick ${a['grpc_lb.pick']} of ${a['grpc_lb.policy']}: ${peer}, ${pod}`
  const call = `${a['grpc_lb.attempts']} attempts: ${pod}`
  const server = `on ${resource['k8s.pod.name']}, ${resource['k8s.node.name']}, ${resource['cloud.availability_zone']}`
  const who = kind === 'SERVER' ? server : a['grpc_lb.pick'] === undefined ? call : attempt
  return `| ${a['rpc.status_code']} | ${milliseconds} ms | ${who}`
}

/** The spans by their traces. */
export function byTrace(spans: readonly ReceivedSpan[]): ReceivedSpan[][] {
  return Object.values(Object.groupBy(spans, ({ traceId }) => traceId)).map((trace) => trace ?? [])
}
