import type { ChartValues, Destination, Route } from './chart-values.ts'
import { clientArgs, target } from './facts.ts'
import { int, type Violation } from './rule-check.ts'

/** Values to lay over those that break a rule, the best first. They are only proposed: whoever takes one tries it first. */
export type RulePatch = (values: ChartValues, words: Violation) => readonly object[]

/** What mends a mistake where the table's `mends` fits its own example alone; none where only the user knows a name. */
export const rulePatches: Readonly<Record<string, RulePatch>> = {
  'client-target': none,
  'lookaside-services': none,
  'lookaside-backend': none,
  'lookaside-weights': none,
  'lookaside-listener': none,
  'lookaside-zones': none,
  'lookaside-ring': none,
  'lookaside-header': none,
  'envoy-upstream': none,
  'locality-distribute': none,
  'route-same': none,
  'mirror-self': none,
  'route-subset': none,
  'authorization-caller': none,
  'authorization-empty': none,
  'gateway-class': none,
  'route-parent': none,
  'tracing-off': none,

  'client-headless': (values, { path, suffix }) => {
    const own = (text: string): string => text.replace(/^dns:\/\/\//, '').replace(`${suffix}`, '')
    if (path === 'client.target') return [{ client: { target: own(target(values)) } }]
    const { args } = clientArgs(values)
    return [
      at(
        `${path}`,
        args.map((arg, i) => (args[i - 1] === '-h' ? own(String(arg)) : arg)),
      ),
    ]
  },
  'resolver-target': (_, { resolver }) => [{ client: { resolver } }, { client: { target: 'auto' } }],
  'resolver-mesh': () => [{ client: { resolver: 'dns' } }],
  'xds-server': () => [{ lookaside: { enabled: true } }],
  'xds-server-unasked': () => [{ client: { xdsServer: '' } }],
  'xds-server-port': none,
  'lookaside-client': () => [{ client: { lbPolicy: '', serviceConfig: 'auto', maxAttempts: 0 } }],
  'lookaside-port': (values, { number }) => [{ lookaside: { port: freeNumber(int(number), portNumbers(values)) } }],
  'lookaside-debounce': (_, { debounce }) => [{ lookaside: { maximumDebounceMilliseconds: debounce } }],
  'lookaside-unsaid': (_, { path }) => [at(`${path}`, `${path}`.endsWith('enabled') ? false : '')],
  'envoy-args': (values, { path }) => {
    const { args } = clientArgs(values)
    return [
      at(
        `${path}`,
        args.filter((arg, i) => arg !== '-h' && args[i - 1] !== '-h'),
      ),
    ]
  },
  'envoy-mesh': () => [{ client: { envoySidecar: { enabled: false } } }],
  'envoy-port': (values, { key, number }) => [
    { client: { envoySidecar: { [`${key}`]: freeNumber(int(number), portNumbers(values)) } } },
  ],

  'port-number': (_, { port }) => [{ ports: { [`${port}`]: { enabled: false } } }],
  'port-twice': (values, { path, number }) => {
    const [, key = ''] = /\.([^.]+)$/.exec(`${path}`) ?? []
    const taken = Object.values(values.ports ?? {}).map((port) => int(port?.[key as 'containerPort']))
    return [at(`${path}`, freeNumber(int(number), [...taken, ...portNumbers(values)]))]
  },
  'probe-port': (_, { probe, ports }) => [
    ...['', ...`${ports}`.split(', ')].map((port) => ({ probes: { [`${probe}`]: { port } } })),
    { probes: { [`${probe}`]: { enabled: false } } },
  ],
  'selector-label': (_, { path, label }) => [at(`${path}`, { [`${label}`]: null })],
  'node-port': (_, { port }) => [{ ports: { [`${port}`]: { nodePort: null } } }, { service: { type: 'NodePort' } }],
  'service-ports': (_, { service }) => [{ [`${service}`]: { enabled: false } }],
  'shutdown-budget': (_, { needed }) => [{ shutdown: { terminationGracePeriodSeconds: int(needed) + 5 } }],
  name: ({ fullnameOverride }) => [{ fullnameOverride: `${fullnameOverride}`.replace(/^[^a-z]+/, '') }],

  passthrough: () => [{ loadBalancing: { policy: 'leastRequest' } }],
  'hash-key': (_, { count }) => {
    const unset = { header: '', cookie: { name: '' }, sourceIp: false }
    if (count === 'none') return [{ loadBalancing: { consistentHash: { sourceIp: true } } }]
    const { header: _header, ...others } = unset
    const { cookie: _cookie, ...butCookie } = unset
    return [others, butCookie].map((consistentHash) => ({ loadBalancing: { consistentHash } }))
  },
  'locality-istio': () => [{ loadBalancing: { locality: { mode: 'trafficDistribution' } } }],
  'zone-aware': () => [
    { istio: { minVersion: '1.31' } },
    { istio: { mode: 'sidecar', minVersion: '1.31' } },
    { loadBalancing: { locality: { mode: 'trafficDistribution' } } },
  ],

  'app-protocol': (_, { port }) => [{ ports: { [`${port}`]: { appProtocol: 'auto' } } }],
  'proxy-bypassed': (values, { path, port }) => {
    const { containerPort, servicePort } = values.ports?.[`${port}`] ?? {}
    const names = [`${port}`, String(int(containerPort)), String(int(servicePort))]
    const given = valueAt(values, `${path}`)
    return [
      at(
        `${path}`,
        ((given ?? []) as readonly unknown[]).filter((one) => !names.includes(String(one))),
      ),
    ]
  },
  'ambient-stats': () => [{ istio: { perEndpointStats: { enabled: false } } }],
  'route-shadowed': (values, { route, other }) => {
    const routes = values.istio.virtualService.routes
    return [
      at('istio.virtualService.routes', { [`${route}`]: { order: int(routes?.[`${other}`]?.order) - 1 } }),
      at('istio.virtualService.routes', { [`${other}`]: { order: int(routes?.[`${route}`]?.order) + 1 } }),
    ]
  },
  'sidecar-policy': ({ istio }) => [{ istio: { sidecar: { inject: ['server', ...(istio.sidecar.inject ?? [])] } } }],
  'route-weights': (values, { path }) => {
    const route: Route = valueAt(values, `${path}`) ?? {}
    const of = route.destinations ? 'destinations' : 'backends'
    const targets = Object.keys((route[of] ?? {}) as Readonly<Record<string, Destination>>)
    const even = targets.map((name) => [name, { weight: Math.floor(100 / targets.length) }])
    return [at(`${path}`, { [of]: Object.fromEntries(even) })]
  },
  'policy-off': (_, words) => [at(`${words.switch}`, true)],
  'gateway-policy': () => [{ gatewayApi: { envoyGateway: { backendTrafficPolicy: { enabled: false } } } }],

  'autoscaling-range': (_, { min }) => [{ autoscaling: { maxReplicas: min } }],
  'autoscaling-metric': () => [
    { autoscaling: { targetCPUUtilizationPercentage: 80 } },
    { autoscaling: { targetCPUUtilizationPercentage: 80 }, resources: { requests: { cpu: '100m' } } },
  ],
  'autoscaling-requests': (_, { resource }) => [
    { resources: { requests: { [`${resource}`]: resource === 'cpu' ? '100m' : '128Mi' } } },
  ],
  'budget-zero': () => [
    { podDisruptionBudget: { maxUnavailable: 1 } },
    { podDisruptionBudget: { minAvailable: '', maxUnavailable: 1 } },
  ],
  'monitor-port': (_, { monitor, ports }) =>
    ['metrics', ...`${ports}`.split(', ')].map((port) => ({ metrics: { [`${monitor}`]: { port } } })),
  'monitors-twice': () => [{ metrics: { podMonitor: { enabled: false } } }],
  'tracing-endpoint': (_, { endpoint }) => [
    { tracing: { endpoint: `http://${`${endpoint}`.replace(/^[a-z]*:?\/+/, '')}` } },
  ],
  'tracing-egress': (_, { endpoint }) => {
    const [, port] = /:(\d+)(\/|$)/.exec(`${endpoint}`) ?? []
    return [{ networkPolicy: { egress: { to: { traces: { ports: [{ port: int(port ?? 4318) }] } } } } }]
  },
}

function none(): readonly object[] {
  return []
}

/** What stands at `a.b`; undefined where nothing does, which a name with a dot may cause. */
const valueAt = (values: object, path: string): object | undefined =>
  path.split('.').reduce<object | undefined>((map, key) => (map as Readonly<Record<string, object>>)?.[key], values)

/** `a.b` as maps: none of the paths that come here leads through a name with a dot. */
const at = (path: string, value: unknown): object =>
  path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as object

/** Those of a client's pod, where the most meet. */
function portNumbers({ ports, client: { envoySidecar } }: ChartValues): number[] {
  const { port, adminPort, statsPort } = envoySidecar
  return [...Object.values(ports ?? {}).map((one) => int(one?.containerPort)), port, adminPort, statsPort]
}

function freeNumber(taken: number, others: readonly number[]): number {
  let number = taken
  while (number === taken || others.includes(number)) number++
  return number
}
