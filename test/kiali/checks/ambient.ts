import type { Manifest } from '../../chart/helm.ts'
import { type Finding, found, type MeshConfig } from './mesh-config.ts'

/**
 * What needs a waypoint where there is none, or is not attached to it. Source: ambient_policy_checker.go and
 * ambient/l7_classification.go. The namespace itself is taken for one that no label sends through a waypoint.
 */
export function ambientFindings(config: MeshConfig): Finding[] {
  if (!config.ambient) return []
  const hosts = [
    ...config
      .ofKind('DestinationRule')
      .filter(isOfCalls)
      .map((rule) => [rule, [rule.spec.host], '02', '10', '11', '12'] as const),
    ...config
      .ofKind('VirtualService')
      .filter(isInMesh)
      .map((each) => [each, each.spec.hosts, '11', '09', '13', '14'] as const),
  ]
  const policies = [
    ...config
      .ofKind('AuthorizationPolicy')
      .filter(asksOfCalls)
      .map((policy) => [policy, 'KIA0109', 'KIA0110'] as const),
    ...config
      .ofKind('Telemetry')
      .filter(tellsOfCalls)
      .map((telemetry) => [telemetry, 'KIA1112', 'KIA1117'] as const),
  ]
  return [
    ...hosts.flatMap(([object, names, group, none, notEnrolled, elsewhere]) =>
      hostFindings(config, object, names, { none, notEnrolled, elsewhere }, group),
    ),
    ...policies.flatMap(([object, none, noTarget]) => policyFindings(object, none, noTarget)),
  ]
}

/** By the Service that a rule is about: whether it is sent through a waypoint, and is in the namespace of the rule. */
function hostFindings(
  config: MeshConfig,
  object: Manifest,
  hosts: readonly string[],
  codes: Readonly<Record<'none' | 'notEnrolled' | 'elsewhere', string>>,
  group: string,
): Finding[] {
  const code = (which: keyof typeof codes) => found(`KIA${group}${codes[which]}`, object)
  return hosts.flatMap((host) => {
    const service = config.serviceOf(host)
    if (service === undefined) return [code(config.isElsewhere(host) ? 'elsewhere' : 'none')]
    const waypoint = service.metadata.labels['istio.io/use-waypoint'] ?? 'none'
    return waypoint === 'none' ? [code('notEnrolled')] : []
  })
}

/** Kiali looks at the namespace, and at pods where the policy selects any, never at the Service that it is attached to. */
const policyFindings = (object: Manifest, none: string, noTarget: string): Finding[] => [
  ...(object.spec.targetRefs === undefined ? [found(noTarget, object)] : []),
  found(none, object),
]

function isOfCalls({ spec: { trafficPolicy, subsets = [] } }: Manifest): boolean {
  const policies = [trafficPolicy, ...subsets.map((subset: Manifest) => subset.trafficPolicy)].filter(Boolean)
  return policies.some(({ loadBalancer, connectionPool, outlierDetection }) => {
    const { httpHeaderName, httpCookie } = loadBalancer?.consistentHash ?? {}
    return Boolean(httpHeaderName ?? httpCookie ?? connectionPool?.http ?? outlierDetection)
  })
}

const isInMesh = ({ spec: { gateways = ['mesh'], http = [] } }: Manifest): boolean =>
  http.length > 0 && gateways.includes('mesh')

const asksOfCalls = ({ spec: { rules = [] } }: Manifest): boolean =>
  /"(not)?([Pp]aths|[Mm]ethods|[Hh]osts|[Rr]equestPrincipals)":|"request\.(headers|auth)/.test(JSON.stringify(rules))

const tellsOfCalls = ({ spec: { tracing, accessLogging, metrics = [] } }: Manifest): boolean =>
  tracing !== undefined ||
  accessLogging !== undefined ||
  metrics.some(({ overrides = [] }: Manifest) => overrides.length > 0)
