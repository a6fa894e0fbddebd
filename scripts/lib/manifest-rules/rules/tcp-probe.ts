import { type GrpcServer, grpcServersIn } from '../../manifests/grpc-servers.ts'
import { titleOf } from '../../manifests/manifest.ts'
import { type Probe, probesOf } from '../../manifests/probes.ts'
import { isEcho } from '../echo-options.ts'
import type { ManifestRule, Violation } from '../manifest-rule.ts'
import { containerPatch } from '../patches.ts'

/** Probes that ask a server of gRPC something else than whether it serves. */
export const tcpProbe: ManifestRule = {
  id: 'tcp-probe',
  title: 'A probe of another protocol asks a gRPC port',
  proof: { before: 'fails', after: 'succeeds' },
  why: `A \`tcpSocket\` probe is answered by the kernel, which accepts connections for as long as the process exists: a server that hangs,
that still starts, or that says NOT_SERVING on purpose stays ready, its calls run into their deadlines, and nothing restarts it.
An \`httpGet\` probe speaks HTTP/1.1, which a server of gRPC alone does not understand: it never succeeds.`,
  cure: `Use a \`grpc\` probe, which asks the standard health service, \`grpc.health.v1.Health\`; every gRPC library has one to register. It
is built into the kubelet since Kubernetes 1.24, so the image needs no \`grpc_health_probe\`. Its port is a number. A server without
that service has to be given it first: the probe fails with UNIMPLEMENTED.`,
  sources: [
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#define-a-grpc-liveness-probe',
    'https://github.com/grpc/grpc/blob/master/doc/health-checking.md',
    'https://github.com/ai-dynamo/modelexpress/issues/587',
  ],
  *check(model) {
    for (const server of grpcServersIn(model)) {
      const probes = probesOf(server.container)
      const byTcp = probes.filter((probe) => asks(server, probe, 'tcpSocket'))
      // Where readiness is asked in another way, liveness and start by TCP are a choice: a server that hangs gets no calls.
      const decides = probes.every(({ field }) => field !== 'readinessProbe') || byTcp.some(isReadiness)
      const wrong = decides ? byTcp.filter(({ field }) => field !== 'startupProbe') : []
      for (const probe of wrong) yield ofTcp(server, probe, byTcp.some(isReadiness) && !asksGrpc(probes))
      for (const probe of probes.filter((each) => asks(server, each, 'httpGet'))) yield ofHttp(server, probe)
    }
  },
}

const isReadiness = ({ field }: Probe): boolean => field === 'readinessProbe'

const asksGrpc = (probes: readonly Probe[]): boolean =>
  probes.some(({ field, content }) => field === 'livenessProbe' && (content.grpc || content.exec))

/** Whether a probe asks the port of a server, which it may call by number or by name. */
const asks = ({ container, number }: GrpcServer, { content }: Probe, kind: 'tcpSocket' | 'httpGet'): boolean => {
  const port = content[kind]?.port
  return port === number || container.ports.some((each) => each.name === port && each.number === number)
}

const ofTcp = (server: GrpcServer, probe: Probe, isSure: boolean): Violation => ({
  ...violation(server, probe, 'tcpSocket'),
  reason: `${asked(server, probe, 'tcpSocket')} is answered by the kernel, so a server that hangs or says NOT_SERVING ${isReadiness(probe) ? 'stays ready' : 'is not restarted'}`,
  // A pod without a readiness probe is ready anyway, and one whose liveness is asked by gRPC is restarted after all.
  unsure: server.isGuess || !isSure,
})

const ofHttp = (server: GrpcServer, probe: Probe): Violation => ({
  ...violation(server, probe, 'httpGet'),
  reason: `${asked(server, probe, 'httpGet')} speaks HTTP/1.1, which a server of gRPC alone never answers, so ${outcomes[probe.field]}`,
  // Other servers may answer several protocols at one port.
  unsure: !isEcho(server.container),
})

const asked = ({ workload, number, evidence }: GrpcServer, { field }: Probe, kind: string): string =>
  `port ${number} of ${titleOf(workload.manifest)} speaks gRPC (${evidence}), and its ${field} by ${kind}`

const violation = ({ workload, container, number }: GrpcServer, { field, path }: Probe, kind: string) => ({
  object: workload.manifest,
  path: [...path, kind],
  fix: `ask by grpc: {port: ${number}}${isEcho(container) ? '' : ', once the server has the standard health service'}`,
  patch: [containerPatch(workload, container, { [field]: { [kind]: null, grpc: { port: number } } })],
})

const outcomes = {
  startupProbe: 'its pods are killed again and again',
  readinessProbe: 'its pods are never ready',
  livenessProbe: 'its pods are killed again and again',
} as const
