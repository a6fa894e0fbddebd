import { titleOf } from '../../manifests/manifest.ts'
import type { Service, ServicePort } from '../../manifests/service.ts'
import { type ContainerPort, portNumber, type Workload } from '../../manifests/workload.ts'
import type { ManifestRule, Violation } from '../manifest-rule.ts'
import { portPatch } from '../patches.ts'

/** A Service that leads to a port of its pods that they have not. */
export const targetPortMissing: ManifestRule = {
  id: 'target-port-missing',
  title: 'A Service leads to a port that no container has',
  proof: { before: 'fails', after: 'succeeds' },
  why: `A \`targetPort\` that is a name is looked up in each pod, among the names of its containers' ports. A pod that has no port of that
name is no endpoint of the Service's port, ready or not; if none has, every call ends UNAVAILABLE, and no object tells of it. A
\`targetPort\` that is a number needs no declared port, so a number that none of the containers declares is not wrong by itself: it is
told as advice where they all declare others.`,
  cure: `Name a port of the pods in the Service's \`targetPort\`, or give the container's port that name. A number works too, if a program
listens there; a name has the advantage that the number can differ from one version of the program to the next.`,
  sources: [
    'https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports',
    'https://kiali.io/docs/features/validations/#kia0701---deployment-exposing-same-port-as-service-not-found',
  ],
  *check(model) {
    for (const service of model.services) {
      // Clients of a headless Service connect to the pods themselves, at the port that they are told.
      if (service.isHeadless || service.workloads.length === 0) continue
      for (const port of model.grpcPorts(service)) if (isMissing(service, port)) yield violation(service, port)
    }
  },
}

/** Whether no pod has the name, or all say of every container which ports it has, and the number is not among them. */
const isMissing = ({ workloads }: Service, { targetPort }: ServicePort): boolean =>
  typeof targetPort === 'string'
    ? workloads.every((workload) => portNumber(workload, targetPort) === undefined)
    : workloads.every(
        ({ containers }) =>
          containers.every(({ ports }) => ports.length > 0) &&
          !containers.some(({ ports }) => ports.some(({ number }) => number === targetPort)),
      )

function violation(service: Service, port: ServicePort): Violation {
  const { manifest, name, workloads } = service
  const { number, targetPort, path } = port
  const declared = workloads.flatMap(portsOf)
  const likely = likeliest(declared)
  const isNamed = typeof targetPort === 'string'
  const those = workloads.map((workload) => titleOf(workload.manifest)).join(' and ')
  const list = [...new Set(declared.map(textOf))].join(', ')
  return {
    object: manifest,
    path: [...path, 'targetPort'],
    reason: isNamed
      ? `port ${number} of Service ${name} leads to a port called ${targetPort}, and ${those} ${list === '' ? 'names no port' : `has ${list}`}, so it has no endpoints and every call fails`
      : `port ${number} of Service ${name} leads to ${targetPort}, and the containers of ${those} say that they listen at ${list}`,
    fix: likely ? `set targetPort to ${textOf(likely)}` : 'set targetPort to the port that the server listens at',
    ...(likely && { patch: [portPatch(service, port, { targetPort: likely.name || likely.number })] }),
    unsure: !isNamed,
  }
}

const portsOf = ({ containers }: Workload): ContainerPort[] => containers.flatMap(({ ports }) => [...ports])

/** The port that was meant: the only one, or the only one that is called gRPC's. */
function likeliest(declared: readonly ContainerPort[]): ContainerPort | undefined {
  const different = declared.filter((port, i) => declared.findIndex((each) => textOf(each) === textOf(port)) === i)
  const [only, other] = different.length === 1 ? different : different.filter(({ name }) => /(^|-)grpc(-|$)/.test(name))
  return other === undefined ? only : undefined
}

const textOf = ({ name, number }: ContainerPort): string => name || String(number)
