import type { ChartValues } from './chart-values.ts'
import { clientArgs, kindOf, meshOf, mode, target } from './facts.ts'
import { type RuleChecks, when } from './rule-check.ts'

/** How a client finds the pods. */
export const resolverRules = {
  'resolver-client': (values) => when(!kindOf(values, 'client') && values.client.resolver !== 'dns'),

  'xds-server': (values) => {
    const { resolver, xdsServer } = values.client
    const asks = kindOf(values, 'client') && resolver === 'lookaside' && !xdsServer
    return when(asks && !kindOf(values, 'lookaside'))
  },

  'xds-server-unasked': ({ client: { resolver, xdsServer } }) =>
    when(xdsServer && resolver !== 'lookaside', { resolver }),

  // Of a template nobody but Helm knows what it renders.
  'xds-server-port': ({ client: { xdsServer } }) => {
    const server = xdsServer || ''
    return when(server && !server.includes('{{') && !/:[0-9]{1,5}$/.test(server), { server })
  },

  // Of a target that begins with a template nobody but Helm knows what it renders.
  'resolver-target': (values) => {
    const { args } = clientArgs(values)
    const at = args.lastIndexOf('-h')
    const dialled = at < 0 ? target(values) : String(args[at + 1] ?? '')
    const ownProgram = mode(values) === 'client' && values.command?.length
    const told = kindOf(values, 'client') && (at >= 0 || dialled) && !dialled.startsWith('{{')
    if (!told || ownProgram || values.client.envoySidecar.enabled) return []
    const resolver = resolverOf(dialled)
    // An xDS client may be started with what somebody else gives it, as Istio's agent does.
    const fits = resolver === values.client.resolver || (resolver === 'lookaside' && values.client.resolver === 'dns')
    return when(!fits, { target: dialled, resolver, wanted: asFor(values.client.resolver, dialled) })
  },

  // Ambient passes connections on to the pod that they are for, so a client that knows the pods is of use there.
  'resolver-mesh': (values) =>
    when(
      kindOf(values, 'client') &&
        values.client.resolver !== 'dns' &&
        ['istio', 'linkerd'].includes(meshOf(values, 'client')),
    ),

  'dns-interval': (values) => {
    const { resolver, dnsMinIntervalSeconds } = values.client
    return when(kindOf(values, 'client') && dnsMinIntervalSeconds && resolver !== 'dns', { resolver })
  },

  'envoy-resolver': (values) =>
    when(kindOf(values, 'client') && values.client.resolver !== 'dns' && values.client.envoySidecar.enabled),
} satisfies RuleChecks

function resolverOf(target: string): string {
  if (target.startsWith('k8s:')) return 'endpointSlices'
  return target.startsWith('xds:') ? 'lookaside' : 'dns'
}

/** The target as a resolver takes it. */
function asFor(resolver: ChartValues['client']['resolver'], target: string): string {
  const scheme = { dns: 'dns', endpointSlices: 'k8s', lookaside: 'xds' }[resolver]
  const [, service = 'SERVICE.NAMESPACE:PORT'] =
    /^(?:[a-z0-9]+:\/*)?([a-z0-9-]+[.][a-z0-9-]+:[0-9]+)$/.exec(target) ?? []
  return `${scheme}:///${service}`
}
