import { clientArgs, kindOf, meshOf, mode, target } from './facts.ts'
import { type RuleChecks, when } from './rule-check.ts'

/** How a client finds the pods. */
export const resolverRules = {
  'resolver-client': (values) => when(!kindOf(values, 'client') && values.client.resolver !== 'dns'),

  'xds-server': (values) => {
    const { resolver, xdsServer } = values.client
    if (xdsServer && resolver !== 'lookaside') {
      return [{ problem: `nobody asks it while client.resolver is ${resolver}` }]
    }
    const asks = kindOf(values, 'client') && resolver === 'lookaside' && !xdsServer
    const problem = 'the client asks a control plane for its pods, and there is none'
    return when(asks && !kindOf(values, 'lookaside'), { problem })
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
    return when(!fits, { target: dialled, resolver })
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
