import type { Manifest } from './manifest.ts'
import type { Service, ServicePort } from './service.ts'
import { listOf, portNumber } from './workload.ts'

/** What shows that a port of a Service speaks gRPC, as `its name is grpc`; undefined when nothing does. */
export function grpcEvidence(service: Service, port: ServicePort, routes: readonly Manifest[]): string | undefined {
  const { name, appProtocol = '', number } = port
  if (port.declared === 'grpc-web') return undefined
  if (/^grpc$/i.test(appProtocol)) return 'its appProtocol is grpc'
  if (isNamedGrpc(name)) return `its name is ${name}`
  return (
    ofPods(service, port) ??
    (routes.some((route) => isBackend(route, service, number)) ? 'a GRPCRoute leads to it' : undefined) ??
    (/h2c$/.test(appProtocol) ? `its appProtocol is ${appProtocol}` : undefined) ??
    (wellKnown.has(number) ? `${number} is gRPC's usual port` : undefined)
  )
}

/** Whether evidence is a convention alone, which programs other than gRPC's follow too. */
export const isGuess = (evidence: string): boolean => /usual port$|h2c$/.test(evidence)

const isNamedGrpc = (name: string): boolean => /(^|-)grpc(-|$)/i.test(name) && !/grpc-web/i.test(name)

/** 50051 of gRPC's own examples, and OTLP's over gRPC. */
const wellKnown = new Set([50051, 4317])

/** What the pods behind it say of the port that it leads to. */
function ofPods({ workloads }: Service, { targetPort }: ServicePort): string | undefined {
  for (const workload of workloads) {
    const number = portNumber(workload, targetPort)
    if (number === undefined) continue
    for (const { content, ports } of workload.containers) {
      const named = ports.find((port) => port.number === number && isNamedGrpc(port.name))
      if (named) return `its pods call that port ${named.name}`
      const probes = [content.readinessProbe, content.livenessProbe, content.startupProbe]
      if (probes.some((probe) => probe?.grpc?.port === number)) return 'a gRPC probe asks it'
      if (probes.some((probe) => isHealthProbe(probe?.exec?.command, number))) return 'grpc_health_probe asks it'
    }
  }
  return undefined
}

const isHealthProbe = (command: unknown, port: number | undefined): boolean =>
  Array.isArray(command) && /grpc[_-]health[_-]probe/.test(command.join(' ')) && command.join(' ').includes(`:${port}`)

const isBackend = ({ metadata, content }: Manifest, service: Service, port: number): boolean =>
  listOf(content.spec?.rules).some((rule) =>
    listOf(rule.backendRefs).some(
      (ref) =>
        (ref.kind ?? 'Service') === 'Service' &&
        ref.name === service.name &&
        (ref.namespace ?? metadata.namespace) === service.namespace &&
        ref.port === port,
    ),
  )
