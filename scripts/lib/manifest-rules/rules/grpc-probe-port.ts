import { type Content, titleOf } from '../../manifests/manifest.ts'
import { isDeclared } from '../../manifests/pod-port.ts'
import { type Probe, probesOf } from '../../manifests/probes.ts'
import { type Container, portNumber, type Workload } from '../../manifests/workload.ts'
import type { ManifestRule, Violation } from '../manifest-rule.ts'
import { containerPatch } from '../patches.ts'

/** The one kind of probe whose port has no name. */
export const grpcProbePort: ManifestRule = {
  id: 'grpc-probe-port',
  title: 'A gRPC probe has no port, or one by name',
  proof: { before: 'refused', after: 'accepted' },
  why: `The \`port\` of a gRPC probe is required, and it is a number. Those of the other kinds of probes may be the name of a port, so a
name is easily taken over when a probe is made a gRPC one; the API server then refuses the whole object. A number that no container
declares is taken, but the probe fails for ever if nobody listens there.`,
  cure: 'Write the number that the named port has.',
  sources: [
    'https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#Probe',
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#define-a-grpc-liveness-probe',
  ],
  *check(model) {
    for (const workload of model.workloads) {
      for (const container of workload.containers) {
        for (const probe of probesOf(container)) {
          if (!probe.content.grpc) continue
          const { port } = probe.content.grpc
          if (!isPort(port)) yield violation(workload, container, probe)
          else if (!isAmong(workload, container, port)) yield ofStranger(workload, container, probe)
        }
      }
    }
  },
}

const isPort = (port: unknown): boolean => Number.isInteger(port) && (port as number) >= 1 && (port as number) <= 65_535

/** Whether a port is declared, as far as a container says at all which port of its is gRPC's. */
const isAmong = (workload: Workload, { ports }: Container, number: number): boolean =>
  grpcPort(ports) === undefined || isDeclared({ workloads: [workload] }, number)

/** The API server takes it, but most likely nobody listens there. */
function ofStranger(workload: Workload, container: Container, { field, content, path }: Probe): Violation {
  const { port } = content.grpc
  const number = grpcPort(container.ports)
  return {
    object: workload.manifest,
    path: [...path, 'grpc', 'port'],
    reason: `the ${field} of container ${container.name} in ${titleOf(workload.manifest)} asks port ${port}, which none of its containers declares; the one that is called gRPC's is ${number}`,
    fix: `ask ${number}, unless the health service listens at a port of its own`,
    patch: [containerPatch(workload, container, { [field]: { grpc: { port: number } } })],
    unsure: true,
  }
}

function violation(workload: Workload, container: Container, { field, content, path }: Probe): Violation {
  const { port } = content.grpc
  const number = numberOf(workload, container, port)
  return {
    object: workload.manifest,
    path: [...path, 'grpc', 'port'],
    reason: `the ${field} of container ${container.name} in ${titleOf(workload.manifest)} ${port === undefined || port === null ? 'says no port' : `says port ${JSON.stringify(port)}`}, and the API server refuses a gRPC probe without the number of one`,
    fix: number === undefined ? 'write the number that the server listens at' : `write ${number}`,
    ...(number !== undefined && {
      patch: [containerPatch(workload, container, { [field]: { grpc: { port: number } } })],
    }),
  }
}

/** The number that was meant: that of the port of this name, or of the only port that may be gRPC's. */
function numberOf(workload: Workload, { ports }: Container, port: Content): number | undefined {
  if (typeof port === 'string') return /^\d+$/.test(port) ? Number(port) : portNumber(workload, port)
  return ports.length === 1 ? ports[0]?.number : grpcPort(ports)
}

/** The number of the only port that is called gRPC's. */
function grpcPort(ports: Container['ports']): number | undefined {
  const [only, other] = ports.filter(({ name }) => /(^|-)grpc(-|$)/.test(name))
  return other === undefined ? only?.number : undefined
}
