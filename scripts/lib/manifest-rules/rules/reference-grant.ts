import { type Manifest, titleOf } from '../../manifests/manifest.ts'
import type { Model } from '../../manifests/model.ts'
import { type Backend, backendsOf, parentsOf } from '../../manifests/routes.ts'
import { listOf } from '../../manifests/workload.ts'
import type { ManifestRule } from '../manifest-rule.ts'

/** A route reaches into another namespace only where that one lets it. */
export const referenceGrant: ManifestRule = {
  id: 'reference-grant',
  title: 'A gateway’s route leads into a namespace that has not let it in',
  proof: { before: 'fails', after: 'succeeds' },
  why: `An HTTPRoute or GRPCRoute may name a Service of another namespace, but only an object of *that* namespace, a ReferenceGrant,
makes it hold. Without one the API server takes the route, its status says \`RefNotPermitted\`, and the gateway answers all calls
that it matches with an error of 500 itself.`,
  cure: `- a ReferenceGrant in the namespace of the Service, for routes of that kind from that namespace: whoever owns the Service has to
  want it;
- or the route in the namespace of the Service, attached to a Gateway of another by \`parentRefs\`, which the Gateway's listener has
  to allow.`,
  sources: [
    'https://gateway-api.sigs.k8s.io/reference/api-types/referencegrant/',
    'https://gateway-api.sigs.k8s.io/geps/gep-709/',
  ],
  *check(model) {
    for (const route of [...model.ofKind('HTTPRoute'), ...model.ofKind('GRPCRoute')]) {
      if (!parentsOf(route).some(({ kind }) => kind === 'Gateway')) continue
      const asked = new Set<string>()
      for (const backend of backendsOf(route)) {
        const service = model.serviceNamed(`${backend.name}.${backend.namespace}`, backend.namespace)
        if (service === undefined || isGranted(model, route, backend) || asked.has(service.host)) continue
        asked.add(service.host)
        yield {
          object: route,
          path: [...backend.path, 'namespace'],
          reason: `${titleOf(route)} leads to ${titleOf(service.manifest)}, and no ReferenceGrant of ${backend.namespace} lets it, so its gateway answers with an error in place of calling`,
          fix: `add a ReferenceGrant to ${backend.namespace}`,
          patch: [grantFor(route, backend)],
        }
      }
    }
  },
}

const isGranted = (model: Model, { kind, metadata }: Manifest, { name, namespace }: Backend): boolean =>
  namespace === metadata.namespace ||
  model
    .ofKind('ReferenceGrant')
    .some(
      (grant) =>
        grant.metadata.namespace === namespace &&
        listOf(grant.content.spec?.from).some((from) => from.kind === kind && from.namespace === metadata.namespace) &&
        listOf(grant.content.spec?.to).some((to) => to.kind === 'Service' && (to.name ?? name) === name),
    )

const grantFor = ({ kind, metadata }: Manifest, { name, namespace }: Backend): object => ({
  apiVersion: 'gateway.networking.k8s.io/v1beta1',
  kind: 'ReferenceGrant',
  metadata: { name: `${metadata.namespace}-${metadata.name}`, namespace },
  spec: {
    from: [{ group: 'gateway.networking.k8s.io', kind, namespace: metadata.namespace }],
    to: [{ group: '', kind: 'Service', name }],
  },
})
