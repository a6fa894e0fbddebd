import type { Call } from '../../manifests/calls.ts'
import { titleOf } from '../../manifests/manifest.ts'
import type { Model } from '../../manifests/model.ts'
import { isDeclared, podPort } from '../../manifests/pod-port.ts'
import type { ManifestRule, Violation } from '../manifest-rule.ts'
import { rewritten } from '../patches.ts'

/** Why a client that goes over from a ClusterIP Service to a headless one finds nobody. */
export const headlessPort: ManifestRule = {
  id: 'headless-port',
  title: 'A client calls pods at a port that only their Service has',
  proof: { before: 'fails', after: 'succeeds' },
  why: `A Service with a virtual IP translates ports: a connection to its \`port\` goes to the \`targetPort\` of a pod. A headless Service has
no address of its own, and nothing translates: its name has the addresses of pods, and the client connects to them at the port that it
was told. Where \`port\` and \`targetPort\` differ, nobody listens there, and every call ends UNAVAILABLE.`,
  cure: `Tell the client the port that the pods listen at. To have no such trap, give a headless Service the same number in \`port\` as in
\`targetPort\`.`,
  sources: [
    'https://kubernetes.io/docs/concepts/services-networking/service/#headless-services',
    'https://github.com/kubernetes/dns/blob/master/docs/specification.md#24---records-for-a-headless-service',
  ],
  *check(model) {
    for (const service of model.services) {
      if (!service.isHeadless) continue
      for (const call of model.callsTo(service)) {
        const number = numberMeant(call)
        if (number !== undefined) yield violation(model, call, number)
      }
    }
  },
}

/** Where the pods listen, if the client is told another port and they do not say that they listen there too. */
function numberMeant({ service, port, mention }: Call): number | undefined {
  const number = podPort(service, port)
  if (number === undefined || mention.port === undefined || number === mention.port) return undefined
  return isDeclared(service, mention.port) ? undefined : number
}

function violation(model: Model, call: Call, number: number): Violation {
  const { client, service, mention } = call
  const right = mention.target.replace(/:\d+$/, `:${number}`)
  return {
    object: mention.object,
    path: mention.path,
    reason: `${titleOf(client.manifest)} calls ${mention.target}, and the pods behind headless Service ${service.name} listen at ${number}, with nothing in between to translate ${mention.port} to that, so every call fails`,
    fix: `have it call ${right}`,
    patch: [rewritten(call, mention, (text) => text.replaceAll(mention.target, right))],
    // Pods need not declare all ports that they listen at. Istio's sidecar does not translate either, as was measured; others were not.
    unsure: !isDeclared(service, number) || /^(ambient|linkerd)$/.test(model.meshOf(client) ?? ''),
  }
}
