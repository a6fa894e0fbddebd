import { isMeshKnown } from '../../manifests/known-mesh.ts'
import { titleOf } from '../../manifests/manifest.ts'
import type { Model } from '../../manifests/model.ts'
import { strictBehind } from '../../manifests/mutual-tls.ts'
import type { ManifestRule, Violation } from '../manifest-rule.ts'
import { byPlace, type Calls, clientsIn } from '../own-calls.ts'
import { withSidecar } from '../with-sidecar.ts'

/** A certificate is asked of somebody who has none. */
export const strictMtlsCaller: ManifestRule = {
  id: 'strict-mtls-caller',
  title: 'Servers take mutual TLS alone, and a caller has no sidecar',
  proof: { before: 'fails', after: 'succeeds' },
  why: `A PeerAuthentication with \`mode: STRICT\` has the servers' sidecars turn away whoever does not show a certificate of the mesh. A
pod without a sidecar has none: its plain connection is reset before gRPC says anything, and the client reports UNAVAILABLE with
\`ECONNRESET\` and tries again for ever. Test pods, Jobs and Prometheus are the usual ones to be forgotten.`,
  cure: `Give the caller a sidecar: the label \`sidecar.istio.io/inject: "true"\` on its pods. A Job ends with it, since sidecars are native.

If it can have none, take its port out of the rule: \`portLevelMtls\` with \`PERMISSIVE\` for the port of the pods, in a
PeerAuthentication with a selector. Anybody in the cluster can then call that port in plain text.`,
  sources: [
    'https://istio.io/latest/docs/reference/config/security/peer_authentication/',
    'https://istio.io/latest/docs/tasks/security/authentication/mtls-migration/',
  ],
  *check(model) {
    const callers = model.calls.filter(({ client }) => !/^(istio|ambient)$/.test(model.meshOf(client) ?? ''))
    const refused = callers.filter(({ service, port }) => strictBehind(model, service, port) !== undefined)
    for (const calls of byPlace(refused)) yield violation(model, calls)
  },
}

function violation(model: Model, calls: Calls): Violation {
  const [{ service, port, mention }] = calls
  const clients = [...new Set(calls.map(({ client }) => client))]
  const policy = strictBehind(model, service, port)?.policy
  return {
    object: mention.object,
    path: mention.path,
    reason: `${clientsIn(calls)} has no sidecar and calls ${mention.target} in plain text, and ${policy ? titleOf(policy) : 'a PeerAuthentication'} has the pods of ${titleOf(service.manifest)} refuse that (STRICT)`,
    fix: 'give its pods a sidecar, with the label sidecar.istio.io/inject: "true"',
    patch: clients.flatMap((client) => withSidecar(model, client)),
    // A namespace that is not to be seen may give it one.
    unsure: !clients.every((client) => isMeshKnown(model, client)),
  }
}
