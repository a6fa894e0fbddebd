import type { Manifest } from '../../chart/helm.ts'
import { type Finding, found, type MeshConfig } from './mesh-config.ts'

/** Hosts, gateways, weights and subsets. Source: virtualservices/*.go. */
export function virtualServiceFindings(config: MeshConfig): Finding[] {
  const all = config.ofKind('VirtualService')
  return all.flatMap((service) => [
    ...(all.some((other) => other !== service && sameHost(service, other)) ? [found('KIA1106', service)] : []),
    ...gatewayFindings(config, service),
    ...(service.spec.http ?? []).flatMap((route: Manifest) => routeFindings(config, service, route)),
  ])
}

const sameHost = ({ spec: one }: Manifest, { spec: other }: Manifest): boolean =>
  one.hosts.some((host: string) => other.hosts.includes(host)) &&
  gatewaysOf(one).some((name) => gatewaysOf(other).includes(name))

const gatewaysOf = ({ gateways = ['mesh'] }: Manifest): string[] => gateways

/** KIA1102. */
function gatewayFindings(config: MeshConfig, service: Manifest): Finding[] {
  const known = config.ofKind('Gateway').flatMap(({ metadata: { name, namespace } }) => [name, `${namespace}/${name}`])
  return gatewaysOf(service.spec).some((name) => name !== 'mesh' && !known.includes(name))
    ? [found('KIA1102', service)]
    : []
}

function routeFindings(config: MeshConfig, service: Manifest, { route = [], mirrors = [] }: Manifest): Finding[] {
  const targets: Manifest[] = route.map(({ destination }: Manifest) => destination)
  const ids = targets.map(({ host, subset = '' }) => `${host} ${subset}`)
  return [
    ...[...targets, ...mirrors.map(({ destination }: Manifest) => destination)].flatMap((to) =>
      targetFindings(config, service, to),
    ),
    // The weight is taken for 100 whatever it says.
    ...(route.length === 1 && route[0].weight > 0 ? [found('KIA1104', service)] : []),
    ...(new Set(ids).size < ids.length ? [found('KIA1105', service)] : []),
  ]
}

/** KIA1101 for a host that is not there, KIA1107 for a subset that no rule of it has. */
function targetFindings(config: MeshConfig, service: Manifest, { host, subset }: Manifest): Finding[] {
  if (config.isElsewhere(host)) return []
  if (config.serviceOf(host) === undefined) return [found('KIA1101', service)]
  if (subset === undefined) return []
  const rules = config
    .ofKind('DestinationRule')
    .filter(({ spec }) => config.serviceOf(spec.host) === config.serviceOf(host))
  const names = rules.flatMap(({ spec }) => (spec.subsets ?? []).map(({ name }: Manifest) => name))
  return names.includes(subset) ? [] : [found('KIA1107', service)]
}
