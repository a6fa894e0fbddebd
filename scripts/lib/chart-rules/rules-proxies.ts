import type { ChartValues, Port } from './chart-values.ts'
import { kindOf, mesh, mode, policy, ports } from './facts.ts'
import { byCodePoint, int, isSet, type RuleChecks, when } from './rule-check.ts'

/** What the meshes' proxies make of ports, and what only Linkerd has. */
export const proxyRules = {
  'linkerd-policy': (values) =>
    when(values.linkerd.enabled && policy(values) !== 'leastRequest', { policy: values.loadBalancing.policy }),

  'rate-limit': ({ linkerd: { enabled, server, rateLimit } }) => {
    if (!enabled || !rateLimit.enabled) return []
    const hasLimit = rateLimit.total || rateLimit.identity || isSet(rateLimit.overrides)
    return [
      ...when(!server.enabled, { problem: 'it limits calls to linkerd.server, which is off' }),
      ...when(!hasLimit, { problem: 'there is no limit' }),
    ]
  },

  // Linkerd takes words that it does not know for opaque TCP, and Istio words that are not HTTP/2's for what they say.
  'app-protocol': (values) => {
    const its = mesh(values)
    if (its === '' || mode(values) !== 'server') return []
    const isLinkerd = its === 'linkerd'
    const known = isLinkerd ? ['kubernetes.io/h2c', 'http'] : ['grpc', 'grpc-web', 'http2', 'kubernetes.io/h2c']
    return grpcPorts(values).flatMap(([port, { appProtocol }]) => {
      const value = appProtocol || 'auto'
      const isWrong = value !== 'auto' && !known.includes(value)
      return when(isWrong, { port, mesh: isLinkerd ? 'Linkerd' : 'Istio', value })
    })
  },

  // Ports that the proxy leaves alone stand there by name or number: the pod's own, or the Service's, which clients dial.
  'proxy-bypassed': (values) =>
    Object.entries(bypassed(values))
      .toSorted(([one], [other]) => byCodePoint(one, other))
      .flatMap(([path, left]) =>
        grpcPorts(values).flatMap(([port, { containerPort, servicePort }]) => {
          const names = [port, String(int(containerPort)), String(int(servicePort))]
          return left.filter((one) => names.includes(String(one))).map(() => ({ path, port }))
        }),
      ),
} satisfies RuleChecks

const grpcPorts = (values: ChartValues): [string, Port][] =>
  [...ports(values, 'server')].filter(([, { protocol }]) => protocol === 'grpc')

/** Lists of ports that the proxy of this release leaves alone, by their path. */
function bypassed(values: ChartValues): Readonly<Record<string, readonly unknown[]>> {
  const { sidecar } = values.istio
  if (mode(values) !== 'server') return {}
  if (mesh(values) === 'linkerd') return { 'linkerd.opaquePorts': values.linkerd.opaquePorts ?? [] }
  if (mesh(values) !== 'istio') return {}
  return {
    'istio.sidecar.excludeInboundPorts': sidecar.excludeInboundPorts === 'auto' ? [] : sidecar.excludeInboundPorts,
    'istio.sidecar.excludeOutboundPorts': kindOf(values, 'client') ? (sidecar.excludeOutboundPorts ?? []) : [],
  }
}
