import type { ChartValues, Port, Route } from './chart-values.ts'
import { entriesOf, int, isSet, type Release } from './rule-check.ts'

/** Facts that several rules ask about. Each has the name of the chart's helper that says the same (`echo.NAME`). */

export type Component = 'server' | 'client' | 'lookaside'

/** What a release runs. */
export function mode({ mode, args }: ChartValues): Component {
  if (mode !== 'auto') return mode
  return args?.includes('-h') ? 'client' : 'server'
}

/** Kind of a component's workload; '' when the release has no such component. */
export function kindOf(values: ChartValues, component: Component): string {
  const main = mode(values)
  if (component === 'server') return main === 'server' ? values.workload.kind : ''
  if (component === 'lookaside') return main === 'lookaside' || values.lookaside.enabled ? 'Deployment' : ''
  return main === 'client' || (main === 'server' && values.client.enabled) ? values.client.kind : ''
}

export function mesh({ istio, linkerd }: ChartValues): 'istio' | 'ambient' | 'linkerd' | '' {
  if (istio.enabled) return istio.mode === 'ambient' ? 'ambient' : 'istio'
  return linkerd.enabled ? 'linkerd' : ''
}

/** The mesh that a component's own pods are part of. */
export function meshOf(values: ChartValues, component: Component): ReturnType<typeof mesh> {
  const its = mesh(values)
  return its !== 'istio' || values.istio.sidecar.inject?.includes(component) ? its : ''
}

/** Whether there is a headless Service. */
export function headless(values: ChartValues): boolean {
  const { headless, workload, client, loadBalancing } = values
  if (mode(values) !== 'server') return false
  if (headless.enabled !== 'auto') return headless.enabled
  if (mesh(values) === '' || workload.kind === 'StatefulSet') return true
  if (client.envoySidecar.enabled || loadBalancing.serviceConfigMap) return true
  return client.enabled && meshOf(values, 'client') === ''
}

/** The ports of a component that are on. What stands beside another has its metrics alone; only a server has one called grpc. */
export function ports(values: ChartValues, component: Component): Map<string, Port> {
  const on = entriesOf<Port>(values.ports).filter(([, port]) => port.enabled !== false)
  if (component === 'server') return new Map(on)
  const xds: [string, Port] = ['grpc-xds', { containerPort: values.lookaside.port, protocol: 'grpc' }]
  if (component === 'lookaside') return new Map([xds, ...on.filter(([name]) => name === 'metrics')])
  const beside = mode(values) === 'server'
  return new Map(on.filter(([name]) => (beside ? name === 'metrics' : name !== 'grpc')))
}

/** The port that speaks gRPC: `grpc`, or else the first that does; '' without one. */
export function grpcPort(values: ChartValues): string {
  const speaking = [...ports(values, 'server')].filter(([, port]) => port.protocol === 'grpc').map(([name]) => name)
  return speaking.includes('grpc') ? 'grpc' : (speaking[0] ?? '')
}

export function isExposed(port: Port, on: 'service' | 'headless'): boolean {
  return 'expose' in port ? Boolean(port.expose?.includes(on)) : true
}

/** Whether a component's pods have to balance by themselves over the release's headless Service. */
export const balancesItself = (values: ChartValues, component: Component): boolean =>
  headless(values) && meshOf(values, component) === ''

/** Whether the client has to balance by itself: over EndpointSlices always, else where the chart's own target asks for it. */
export const clientBalances = (values: ChartValues): boolean =>
  values.client.resolver === 'endpointSlices' || (values.client.resolver === 'dns' && balancesOverNames(values))

const balancesOverNames = (values: ChartValues): boolean =>
  (values.client.target || 'auto') === 'auto' &&
  mode(values) === 'server' &&
  !values.client.envoySidecar.enabled &&
  balancesItself(values, 'client')

/** Whether the client is given a service config. */
export function clientServiceConfig(values: ChartValues): boolean {
  const { serviceConfig, lbPolicy } = values.client
  if (lbPolicy || serviceConfig === 'none') return false
  if (hasOption([...(values.args ?? []), ...(values.client.args ?? [])], 'lb-policy', 'max-attempts')) return false
  return serviceConfig === 'auto' ? clientBalances(values) : Boolean(serviceConfig)
}

/** The policy, where LEAST_CONN is only an old name of leastRequest. */
export const policy = ({ loadBalancing }: ChartValues): string =>
  loadBalancing.policy.replaceAll('LEAST_CONN', 'leastRequest')

/** Whether there is a VirtualService. */
export function virtualService(values: ChartValues): boolean {
  const { timeout, retries } = values.loadBalancing
  const { enabled, routes, fault, mirror } = values.istio.virtualService
  if (!values.istio.enabled || mode(values) !== 'server') return false
  if (enabled !== 'auto') return enabled
  const asks = [routes, timeout, retries.enabled, fault.abort.percent, fault.delay.percent, mirror.percent]
  return asks.some(isSet)
}

/** Whether calls of an ambient mesh pass a waypoint. */
export const waypoint = (values: ChartValues): boolean =>
  mesh(values) === 'ambient' && Boolean(values.istio.ambient.waypoint.name || values.istio.ambient.waypoint.create)

/** Names of the routes that are on, in the order in which they are tried. */
export function ordered(routes: ChartValues['istio']['virtualService']['routes']): string[] {
  return entriesOf<Route>(routes)
    .filter(([, route]) => route.enabled !== false)
    .toSorted(([, one], [, other]) => int(one.order) - int(other.order))
    .map(([name]) => name)
}

/** The name of all objects; undefined while the release has none. */
export function fullname({ nameOverride, fullnameOverride }: ChartValues, release: Release | undefined) {
  const name = cut(nameOverride || 'echo', 63)
  const full = release?.name.includes(name) ? release.name : release && `${release.name}-${name}`
  const chosen = fullnameOverride || full
  return chosen === undefined ? undefined : cut(chosen.replaceAll('.', '-'), 54)
}

/** Whether the release has a Service that a control plane tells of. */
export const hasOwnService = (values: ChartValues): boolean =>
  mode(values) === 'server' && grpcPort(values) !== '' && (values.service.enabled || headless(values))

/** What the client is called with, and the path of those values. */
export function clientArgs(values: ChartValues): { readonly path: string; readonly args: readonly unknown[] } {
  const beside = mode(values) === 'server'
  return beside ? { path: 'client.args', args: values.client.args ?? [] } : { path: 'args', args: values.args ?? [] }
}

/** Whom the user told the client to call; '' where that is left to the chart. */
export const target = ({ client }: ChartValues): string => (client.target === 'auto' ? '' : (client.target ?? ''))

/** Whether one of the options stands among arguments, with its value after a space or an equals sign. */
export const hasOption = (args: readonly unknown[], ...names: readonly string[]): boolean =>
  new RegExp(` --(${names.join('|')})[ =]`).test(` ${args.join(' ')} `)

const cut = (name: string, length: number): string => name.slice(0, length).replace(/-$/, '')
