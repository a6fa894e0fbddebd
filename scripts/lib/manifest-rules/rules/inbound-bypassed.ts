import { inboundBypass } from '../../manifests/inbound-capture.ts'
import { titleOf } from '../../manifests/manifest.ts'
import type { Model } from '../../manifests/model.ts'
import { mutualTlsOf } from '../../manifests/mutual-tls.ts'
import type { Service, ServicePort } from '../../manifests/service.ts'
import { trafficPolicyFor } from '../../manifests/traffic-policy.ts'
import { portNumber, type Workload } from '../../manifests/workload.ts'
import { tlsModeOf } from '../istio-tls.ts'
import type { ManifestRule, Violation } from '../manifest-rule.ts'
import { podPatch } from '../patches.ts'

/** The mesh encrypts for a sidecar that does not get to see it. */
export const inboundBypassed: ManifestRule = {
  id: 'inbound-bypassed',
  title: "Annotations take calls past the servers' sidecar, and callers encrypt for it",
  proof: { before: 'fails', after: 'succeeds' },
  why: `A sidecar that calls pods which have one too uses the mesh's TLS, and goes by the pods for that, not by the port. With the port in
\`traffic.sidecar.istio.io/excludeInboundPorts\`, or not in \`includeInboundPorts\`, the connection goes past the servers' sidecar, and
the program that waits for plain HTTP/2 gets a TLS handshake. Every call ends UNAVAILABLE; callers without a sidecar are served.`,
  cure: `Let the sidecar have the port. If it has to go past it, say so to the callers: a PeerAuthentication of the pods with
\`portLevelMtls\` \`DISABLE\` for that port, or a DestinationRule with \`tls.mode: DISABLE\` (both measured to work).`,
  sources: [
    'https://istio.io/latest/docs/reference/config/annotations/',
    'https://istio.io/latest/docs/tasks/security/authentication/authn-policy/#auto-mutual-tls',
  ],
  *check(model) {
    for (const service of model.services) {
      if (service.isHeadless) continue
      for (const port of model.grpcPorts(service)) {
        const callers = encryptingCallers(model, service, port)
        if (callers.length === 0) continue
        for (const workload of service.workloads) {
          const number = portNumber(workload, port.targetPort)
          const name = inboundBypass(workload, number)
          if (name === undefined || model.meshOf(workload) !== 'istio') continue
          if (mutualTlsOf(model, workload, number).mode !== 'DISABLE')
            yield violation(workload, name, Number(number), callers)
        }
      }
    }
  },
}

/** Clients whose sidecars use mutual TLS towards a port, as they do when they are told nothing. */
function encryptingCallers(model: Model, service: Service, port: ServicePort): Workload[] {
  const calls = model.callsTo(service).filter((call) => call.port === port)
  return calls
    .map(({ client }) => client)
    .filter((client) => {
      const policy = trafficPolicyFor(model, client, service, port)
      const mode = policy && tlsModeOf(policy)
      return model.meshOf(client) === 'istio' && (mode === undefined || mode === 'ISTIO_MUTUAL')
    })
}

function violation(workload: Workload, name: string, number: number, [caller]: readonly Workload[]): Violation {
  const said = workload.podAnnotations[name] ?? ''
  const ports = said
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
  const isExcluded = name.endsWith('excludeInboundPorts')
  const mended = (isExcluded ? ports.filter((port) => port !== String(number)) : [...ports, number]).join(',')
  return {
    object: workload.manifest,
    path: [...workload.templatePath, 'metadata', 'annotations', name],
    reason: `${name}: ${JSON.stringify(said)} takes calls to port ${number} past the sidecar of ${titleOf(workload.manifest)}, and the sidecar of ${caller && titleOf(caller.manifest)} encrypts for it, so its calls fail`,
    fix: isExcluded ? 'leave the port out' : 'add the port',
    patch: [podPatch(workload, { metadata: { annotations: { [name]: mended || null } } })],
  }
}
