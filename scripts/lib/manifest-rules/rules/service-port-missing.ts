import { titleOf } from '../../manifests/manifest.ts'
import { type Mention, mentionsIn, settingsOf } from '../../manifests/mentions.ts'
import type { Model } from '../../manifests/model.ts'
import { podPort } from '../../manifests/pod-port.ts'
import type { Service, ServicePort } from '../../manifests/service.ts'
import type { Container, Workload } from '../../manifests/workload.ts'
import type { ManifestRule, Violation } from '../manifest-rule.ts'
import { rewritten } from '../patches.ts'

/** The mirror image of headless-port. */
export const servicePortMissing: ManifestRule = {
  id: 'service-port-missing',
  title: 'A client calls a Service at a port that only its pods have',
  proof: { before: 'fails', after: 'succeeds' },
  why: `A Service with a virtual IP is reached at the \`port\` of one of its \`ports\`, which may be another number than the \`targetPort\`
that it leads to. At any other number of its address nobody answers, the one that the pods listen at included: connections are refused
or time out, and every call ends UNAVAILABLE or DEADLINE_EXCEEDED.`,
  cure: `Have the client call the Service's \`port\`. Or make the two numbers the same, so that the same target is right with and without
a virtual IP.`,
  sources: [
    'https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports',
    'https://kubernetes.io/docs/tasks/debug/debug-application/debug-service/#is-the-service-defined-correctly',
  ],
  *check(model) {
    for (const client of model.workloads) {
      for (const container of client.containers) {
        const settings = settingsOf(container, client, (name) => model.configMap(name, client.namespace))
        for (const mention of settings.flatMap(mentionsIn)) {
          const meant = portMeant(model, client, mention)
          if (meant) yield violation(client, container, mention, meant)
        }
      }
    }
  },
}

interface Meant {
  readonly service: Service
  readonly port: ServicePort
}

/** The port of gRPC that leads to the number that a client is told, in a Service that has no port of that number itself. */
function portMeant(model: Model, client: Workload, { host, port }: Mention): Meant | undefined {
  const service = port === undefined ? undefined : model.serviceNamed(host, client.namespace)
  if (service === undefined || service.isHeadless || service.ports.some(({ number }) => number === port))
    return undefined
  const meant = model.grpcPorts(service).find((each) => podPort(service, each) === port)
  return meant && { service, port: meant }
}

function violation(client: Workload, container: Container, mention: Mention, { service, port }: Meant): Violation {
  const right = mention.target.replace(/:\d+$/, `:${port.number}`)
  return {
    object: mention.object,
    path: mention.path,
    reason: `${titleOf(client.manifest)} calls ${mention.target}, and Service ${service.name} has no port ${mention.port}: its port ${port.number} leads to that of its pods, so every call fails`,
    fix: `have it call ${right}`,
    patch: [rewritten({ client, container }, mention, (text) => text.replaceAll(mention.target, right))],
  }
}
