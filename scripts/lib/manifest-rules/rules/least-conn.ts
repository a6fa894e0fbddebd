import { titleOf } from '../../manifests/manifest.ts'
import { policiesIn } from '../../manifests/rule-policies.ts'
import { fieldPatch } from '../field-patch.ts'
import type { ManifestRule } from '../manifest-rule.ts'

/** An old name for a policy. */
export const leastConn: ManifestRule = {
  id: 'least-conn',
  title: 'LEAST_CONN is an old name of LEAST_REQUEST',
  why: `Istio has deprecated \`LEAST_CONN\` and still takes it for \`LEAST_REQUEST\`: both are the same configuration of Envoy, which counts
requests that are under way, not connections. Calls are spread as before (measured); the name promises something else and will be
refused one day.`,
  cure: 'Write `LEAST_REQUEST`. Nothing changes on the wire.',
  sources: [
    'https://istio.io/latest/docs/reference/config/networking/destination-rule/#LoadBalancerSettings-SimpleLB',
    'https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/load_balancing/load_balancers#weighted-least-request',
  ],
  *check(model) {
    for (const rule of model.ofKind('DestinationRule')) {
      for (const { path, fields } of policiesIn(rule)) {
        if (fields.loadBalancer?.simple !== 'LEAST_CONN') continue
        const place = [...path, 'loadBalancer', 'simple']
        yield {
          object: rule,
          path: place,
          reason: `${titleOf(rule)} says LEAST_CONN, a deprecated name of LEAST_REQUEST, which counts requests and not connections`,
          fix: 'say LEAST_REQUEST',
          patch: [fieldPatch(rule, place, 'LEAST_REQUEST')],
        }
      }
    }
  },
}
