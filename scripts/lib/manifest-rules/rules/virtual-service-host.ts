import { strayIn } from '../../manifests/istio-host.ts'
import { titleOf } from '../../manifests/manifest.ts'
import { fieldPatch } from '../field-patch.ts'
import type { ManifestRule } from '../manifest-rule.ts'

/** A route for nobody's calls. */
export const virtualServiceHost: ManifestRule = {
  id: 'virtual-service-host',
  title: 'A VirtualService for half a name is passed over',
  why: `Sidecars heed a VirtualService for the Services that its \`hosts\` name. Istio completes a host only when it has no dot, with the
VirtualService's own namespace. \`orders.shop\` is taken for a full name, which no Service has: timeouts, retries and weights are not
applied, even to clients that dial \`orders.shop\` (measured: a fault that fails every call failed none of 180, whether they dialled
\`orders\`, \`orders.shop\` or the full name). Nothing tells.`,
  cure: 'Write the full name, `NAME.NAMESPACE.svc.cluster.local`; or the bare name, in the namespace of the Service.',
  sources: [
    'https://istio.io/latest/docs/reference/config/networking/virtual-service/#VirtualService',
    'https://istio.io/latest/docs/ops/best-practices/traffic-management/',
  ],
  *check(model) {
    for (const route of model.ofKind('VirtualService')) {
      const { hosts, gateways } = route.content.spec ?? {}
      if (!Array.isArray(hosts) || (Array.isArray(gateways) && !gateways.includes('mesh'))) continue
      for (const [i, host] of hosts.entries()) {
        const { isHalf, meant } = strayIn(model, host, route.metadata.namespace) ?? {}
        if (!isHalf || meant === undefined || meant.name !== host.split('.')[0]) continue
        const path = ['spec', 'hosts', i]
        yield {
          object: route,
          path,
          reason: `Istio takes ${host} for a full name, because of its dot, and no Service has it, so nothing of ${titleOf(route)} is applied`,
          fix: `write ${meant.host}`,
          patch: [fieldPatch(route, path, meant.host)],
        }
      }
    }
  },
}
