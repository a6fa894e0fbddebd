import { beforeAll, describe, expect, it } from 'vitest'
import { tool } from '../../scripts/lib/tools.ts'
import { kindsAndNames, render, toolsTimeoutMs } from './helm.ts'

/** What a feature is switched on with, the objects it adds, and what it needs that adds others or none. */
type Switch = readonly [values: object, adds: readonly string[], needs?: object]

const requests = { resources: { requests: { cpu: '100m' } } }
const istio = { istio: { enabled: true } }
const linkerd = { linkerd: { enabled: true } }
const client = { client: { enabled: true } }
const watching = { client: { enabled: true, resolver: 'endpointSlices' } }
const oneDashboard = { enabled: true, bundled: { distribution: false, clients: false } }
const gateway = { gatewayApi: { gateway: { create: true, className: 'eg' } } }
const ambient = { istio: { enabled: true, mode: 'ambient' } }

const switches: Record<string, Switch> = {
  'autoscaling.enabled': [
    { ...requests, autoscaling: { enabled: true } },
    ['HorizontalPodAutoscaler a-echo'],
    requests,
  ],
  'networkPolicy.enabled': [{ networkPolicy: { enabled: true } }, ['NetworkPolicy a-echo']],
  'metrics.serviceMonitor.enabled': [{ metrics: { serviceMonitor: { enabled: true } } }, ['ServiceMonitor a-echo']],
  'metrics.podMonitor.enabled': [{ metrics: { podMonitor: { enabled: true } } }, ['PodMonitor a-echo']],
  'metrics.prometheusRule.enabled': [
    { metrics: { prometheusRule: { enabled: true, groups: { calls: { rules: [{ record: 'a', expr: 'b' }] } } } } },
    ['PrometheusRule a-echo'],
  ],
  'metrics.dashboards.enabled': [
    { metrics: { dashboards: { enabled: true, files: { 'calls.json': '{}' } } } },
    ['calls', 'evenly-clients', 'evenly-distribution', 'evenly-mesh'].map((board) => `ConfigMap a-echo-${board}`),
  ],
  'metrics.dashboards.grafanaOperator.enabled': [
    { metrics: { dashboards: { ...oneDashboard, grafanaOperator: { enabled: true } } } },
    ['GrafanaDashboard a-echo-evenly-mesh'],
    { metrics: { dashboards: oneDashboard } },
  ],
  'config.files': [{ config: { files: { 'app.yaml': '' } } }, ['ConfigMap a-echo-config']],
  'loadBalancing.serviceConfigMap': [
    { loadBalancing: { serviceConfigMap: true } },
    ['ConfigMap a-echo-service-config'],
  ],
  extraObjects: [
    { extraObjects: { more: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'more' } } } },
    ['ConfigMap more'],
  ],
  'client.enabled': [client, ['Deployment a-echo-client', 'ServiceAccount a-echo-client']],
  'client.envoySidecar.enabled': [
    { client: { enabled: true, envoySidecar: { enabled: true } } },
    ['ConfigMap a-echo-client-envoy'],
    client,
  ],
  'client.resolver': [watching, ['Role a-echo-client-endpoints', 'RoleBinding a-echo-client-endpoints'], client],
  'rbac.create': [
    watching,
    ['Role a-echo-client-endpoints', 'RoleBinding a-echo-client-endpoints'],
    { ...watching, rbac: { create: false } },
  ],
  'lookaside.enabled': [
    { lookaside: { enabled: true } },
    [
      'ConfigMap a-echo-lookaside-services',
      'Deployment a-echo-lookaside',
      'PodDisruptionBudget a-echo-lookaside',
      'Role a-echo-lookaside-endpoints',
      'RoleBinding a-echo-lookaside-endpoints',
      'Service a-echo-lookaside',
      'ServiceAccount a-echo-lookaside',
    ],
  ],
  'gatewayApi.gateway.create': [gateway, ['Gateway a-echo']],
  'gatewayApi.grpcRoute.enabled': [
    { gatewayApi: { grpcRoute: { enabled: true, parentRefs: [{ name: 'public' }] } } },
    ['GRPCRoute a-echo'],
  ],
  'gatewayApi.meshRoute.enabled': [
    { ...istio, gatewayApi: { meshRoute: { enabled: true } } },
    ['GRPCRoute a-echo-mesh'],
    istio,
  ],
  'gatewayApi.backendTlsPolicy.enabled': [
    { gatewayApi: { backendTlsPolicy: { enabled: true, hostname: 'a', wellKnownCACertificates: 'System' } } },
    ['BackendTLSPolicy a-echo'],
  ],
  'gatewayApi.envoyGateway.backendTrafficPolicy.enabled': [
    {
      gatewayApi: {
        grpcRoute: { enabled: true, parentRefs: [{ name: 'public' }] },
        envoyGateway: { backendTrafficPolicy: { enabled: true } },
      },
    },
    ['BackendTrafficPolicy a-echo'],
    { gatewayApi: { grpcRoute: { enabled: true, parentRefs: [{ name: 'public' }] } } },
  ],
  'istio.enabled': [istio, ['DestinationRule a-echo'], { headless: { enabled: false } }],
  'istio.virtualService.enabled': [
    { istio: { enabled: true, virtualService: { enabled: true } } },
    ['VirtualService a-echo'],
    istio,
  ],
  'istio.peerAuthentication.mode': [
    { istio: { enabled: true, peerAuthentication: { mode: 'STRICT' } } },
    ['PeerAuthentication a-echo'],
    istio,
  ],
  'istio.authorizationPolicy.enabled': [
    { istio: { enabled: true, authorizationPolicy: { enabled: true } } },
    ['AuthorizationPolicy a-echo'],
    istio,
  ],
  'istio.telemetry.enabled': [
    { istio: { enabled: true, telemetry: { enabled: true, tracing: [{ randomSamplingPercentage: 1 }] } } },
    ['Telemetry a-echo'],
    istio,
  ],
  'istio.perEndpointStats.enabled': [
    { istio: { enabled: true, perEndpointStats: { enabled: true } } },
    ['EnvoyFilter a-echo-per-endpoint-stats'],
    istio,
  ],
  'kiali.mode configMap': [{ kiali: { mode: 'configMap' } }, ['ConfigMap a-echo-kiali']],
  'kiali.mode annotation': [{ kiali: { mode: 'annotation' } }, []],
  'istio.sidecar.scope.enabled': [
    { istio: { enabled: true, sidecar: { scope: { enabled: true } } } },
    ['Sidecar a-echo'],
    istio,
  ],
  'istio.ambient.waypoint.create': [
    { istio: { enabled: true, mode: 'ambient', ambient: { waypoint: { create: true } } } },
    ['Gateway a-echo-waypoint'],
    ambient,
  ],
  'linkerd.enabled': [linkerd, [], { headless: { enabled: false } }],
  'linkerd.server.enabled': [{ linkerd: { enabled: true, server: { enabled: true } } }, ['Server a-echo'], linkerd],
  'linkerd.rateLimit.enabled': [
    { linkerd: { enabled: true, server: { enabled: true }, rateLimit: { enabled: true, total: 1 } } },
    ['HTTPLocalRateLimitPolicy a-echo'],
    { linkerd: { enabled: true, server: { enabled: true } } },
  ],
}

/** What is there by default, and the one object that is missing when it is off. */
const defaults: Record<string, readonly [values: object, takes: string]> = {
  'service.enabled': [{ service: { enabled: false } }, 'Service a-echo'],
  'headless.enabled': [{ headless: { enabled: false } }, 'Service a-echo-headless'],
  'serviceAccount.create': [{ serviceAccount: { create: false } }, 'ServiceAccount a-echo'],
  'podDisruptionBudget.enabled': [{ podDisruptionBudget: { enabled: false } }, 'PodDisruptionBudget a-echo'],
  'tests.enabled': [{ tests: { enabled: false } }, 'Pod a-echo-test'],
}

describe('turned on alone', () => {
  beforeAll(() => tool('helm'), toolsTimeoutMs)

  it.each(Object.entries(switches))('%s adds its own objects and no other', async (_, [values, adds, needs = {}]) => {
    const [without, withIt] = await Promise.all([objects(needs), objects(values)])
    expect(withIt).toEqual([...without, ...adds].sort())
  })
})

describe('turned off alone', () => {
  it.each(Object.entries(defaults))('%s takes its own object away and no other', async (_, [values, takes]) => {
    const [usual, without] = await Promise.all([objects({}), objects(values)])
    expect([...without, takes].sort()).toEqual(usual)
  })
})

async function objects(values: object): Promise<string[]> {
  return kindsAndNames(await render('a', ['--set-json', JSON.stringify(values)]))
}
