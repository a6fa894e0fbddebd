import { type Manifest, type Path, titleOf } from '../../manifests/manifest.ts'
import type { Model } from '../../manifests/model.ts'
import { hasPort, withoutPort } from '../../manifests/port-list.ts'
import { appliesTo } from '../../manifests/selectors.ts'
import type { Service, ServicePort } from '../../manifests/service.ts'
import { portNumber, type Workload } from '../../manifests/workload.ts'
import type { ManifestRule, Violation } from '../manifest-rule.ts'
import { objectPatch, podPatch } from '../patches.ts'

/** A port that Linkerd is told not to look into. */
export const linkerdOpaque: ManifestRule = {
  id: 'linkerd-opaque',
  title: 'Linkerd is told not to look into a port that speaks gRPC',
  why: `Linkerd finds out by the first bytes of a connection that it is HTTP/2, and then balances call by call. A port that
\`config.linkerd.io/opaque-ports\` names is taken for opaque TCP: it is encrypted, and it is balanced connection by connection. A
port that a caller's \`skip-outbound-ports\` names does not pass the proxy at all, and kube-proxy balances it, by connection as
well. For gRPC either means one pod for each client. The annotations are made for databases, and one on a namespace is for
everything in it.`,
  cure: `Take the port out of the annotation; a Server's \`proxyProtocol\` is \`gRPC\`, not \`opaque\`. \`skip-inbound-ports\` at the server costs encryption and metrics, not the balance.`,
  sources: [
    'https://linkerd.io/2/features/protocol-detection/',
    'https://linkerd.io/2021/02/23/protocol-detection-and-opaque-ports-in-linkerd/',
    'https://linkerd.io/2/reference/proxy-configuration/',
  ],
  *check(model) {
    for (const service of model.services) {
      for (const port of model.grpcPorts(service)) {
        if (model.isInMesh(service, 'linkerd')) {
          yield* opaque(model, service, port)
          yield* opaqueServers(model, service, port)
        }
        yield* skipped(model, service, port)
      }
    }
  },
}

const opaquePorts = 'config.linkerd.io/opaque-ports'
const skipPorts = 'config.linkerd.io/skip-outbound-ports'

/** The annotation counts at the Service, at the pods, and for either where it has none at the namespace. */
function* opaque(model: Model, service: Service, port: ServicePort): Iterable<Violation> {
  const preset = model.namespace(service.namespace)
  const ofService = service.manifest.metadata.annotations[opaquePorts]
  const found = new Map<Manifest, Violation>()
  const note = (object: Manifest, path: Path, list: string, patch: object) => {
    if (found.has(object)) return
    const reason = `${opaquePorts} of ${titleOf(object)} has Linkerd take port ${port.number} of ${titleOf(service.manifest)}, which speaks gRPC, for opaque TCP and balance its connections, not its calls`
    found.set(object, { object, path, reason, fix: fixOf(list), patch: [patch] })
  }
  if (hasPort(ofService, port.number, port.name))
    note(
      service.manifest,
      annotationPath(),
      ofService,
      metadataPatch(service.manifest, opaquePorts, withoutPort(ofService, port.number, port.name)),
    )
  for (const workload of service.workloads) {
    const number = portNumber(workload, port.targetPort)
    const own = workload.podAnnotations[opaquePorts]
    if (number === undefined || !hasPort(own, number, nameOf(workload, number))) continue
    const rest = withoutPort(own, number, nameOf(workload, number))
    note(
      workload.manifest,
      [...workload.templatePath, ...annotationPath()],
      own,
      annotationPatch(workload, opaquePorts, rest),
    )
  }
  const ofNamespace = preset?.metadata.annotations[opaquePorts]
  if (preset && ofService === undefined && hasPort(ofNamespace, port.number, port.name))
    note(
      preset,
      annotationPath(),
      ofNamespace,
      metadataPatch(preset, opaquePorts, withoutPort(ofNamespace, port.number, port.name)),
    )
  yield* found.values()
}

/** A Server of Linkerd's policy that says what the pods' port speaks. */
function* opaqueServers(model: Model, service: Service, port: ServicePort): Iterable<Violation> {
  for (const server of model.ofKind('Server')) {
    const { podSelector, port: target, proxyProtocol } = server.content.spec ?? {}
    const isForIt = service.workloads.some(
      (workload) =>
        server.metadata.namespace === workload.namespace &&
        appliesTo(podSelector?.matchLabels, workload.podLabels) &&
        portNumber(workload, target) === portNumber(workload, port.targetPort),
    )
    if (proxyProtocol !== 'opaque' || !isForIt) continue
    yield {
      object: server,
      path: ['spec', 'proxyProtocol'],
      reason: `${titleOf(server)} has Linkerd take port ${port.number} of ${titleOf(service.manifest)}, which speaks gRPC, for opaque TCP and balance its connections, not its calls`,
      fix: 'set proxyProtocol to gRPC',
      patch: [objectPatch(server, { spec: { proxyProtocol: 'gRPC' } })],
    }
  }
}

/** A caller in Linkerd whose calls go past its proxy. */
function* skipped(model: Model, service: Service, port: ServicePort): Iterable<Violation> {
  if (service.isHeadless) return
  for (const { client, port: called } of model.callsTo(service)) {
    const list = client.podAnnotations[skipPorts]
    if (called !== port || model.meshOf(client) !== 'linkerd' || !hasPort(list, port.number)) continue
    yield {
      object: client.manifest,
      path: [...client.templatePath, 'metadata', 'annotations', skipPorts],
      reason: `${skipPorts} has calls of ${titleOf(client.manifest)} to port ${port.number} of ${titleOf(service.manifest)}, which speaks gRPC, go past its proxy, so connections are balanced, not calls`,
      fix: fixOf(list),
      patch: [annotationPatch(client, skipPorts, withoutPort(list, port.number))],
    }
  }
}

const fixOf = (list: string): string => `take the port out of ${JSON.stringify(list)}`

const nameOf = ({ containers }: Workload, number: number): string | undefined =>
  containers.flatMap(({ ports }) => ports).find((port) => port.number === number)?.name

const annotationPath = (): Path => ['metadata', 'annotations', opaquePorts]

const annotationPatch = (workload: Workload, key: string, value: string | null): object =>
  podPatch(workload, { metadata: { annotations: { [key]: value } } })

const metadataPatch = (object: Manifest, key: string, value: string | null): object => {
  const { name, namespace } = object.content.metadata
  return objectPatch(object, { metadata: { name, ...(namespace && { namespace }), annotations: { [key]: value } } })
}
