import { titleOf } from '../../manifests/manifest.ts'
import { fieldPatch } from '../field-patch.ts'
import type { ManifestRule } from '../manifest-rule.ts'

/** Preferring near pods takes knowing when they are unwell. */
export const localityInert: ManifestRule = {
  id: 'locality-inert',
  title: 'A failover between localities does nothing without outlier detection',
  why: `Istio ranks pods by locality only where it can tell that near ones are unwell, which is what \`outlierDetection\` is for. With
\`localityLbSetting.failover\` or \`failoverPriority\` and no \`outlierDetection\` in the same policy the setting is passed over without
a word: calls go to all zones alike. Measured with one pod in each of three zones: 107 / 87 / 106 of 300 calls without it, and 300
to the pod in the client's own zone with it.`,
  cure: 'Add `outlierDetection` to the same policy. `distribute`, and `trafficDistribution` at the Service, work without it.',
  sources: [
    'https://istio.io/latest/docs/tasks/traffic-management/locality-load-balancing/failover/',
    'https://istio.io/latest/docs/reference/config/networking/destination-rule/#LocalityLoadBalancerSetting',
  ],
  *check(model) {
    for (const rule of model.ofKind('DestinationRule')) {
      const policy = rule.content.spec?.trafficPolicy
      const setting = policy?.loadBalancer?.localityLbSetting
      if (setting == null || setting.enabled === false || policy.outlierDetection != null) continue
      const [key] = ['failover', 'failoverPriority'].filter(
        (each) => Array.isArray(setting[each]) && setting[each].length > 0,
      )
      if (key === undefined) continue
      yield {
        object: rule,
        path: ['spec', 'trafficPolicy', 'loadBalancer', 'localityLbSetting', key],
        reason: `${titleOf(rule)} sets ${key} and no outlierDetection, and without it sidecars do not rank pods by locality`,
        fix: 'add outlierDetection to the same policy',
        patch: [
          fieldPatch(rule, ['spec', 'trafficPolicy', 'outlierDetection'], {
            consecutiveGatewayErrors: 5,
            consecutive5xxErrors: 0,
            maxEjectionPercent: 50,
          }),
        ],
      }
    }
  },
}
