import { describe, expect, it } from 'vitest'
import { beside, exampleWith, foundBy } from './support/example.ts'

type Changes = Parameters<typeof exampleWith> extends [string, ...infer C] ? C : never

const labelled = (labels: string) =>
  ['kind: Service\nmetadata:\n  name: orders', `kind: Service\nmetadata:\n  labels: ${labels}\n  name: orders`] as const
const used = labelled('{istio.io/use-waypoint: waypoint}')
const job = /---\napiVersion: batch[\s\S]*$/
const namespace = /^apiVersion: v1\nkind: Namespace[\s\S]*?---\n/
const waypointFor = (what: string) => `apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway
metadata: {name: waypoint, namespace: shop, labels: {istio.io/waypoint-for: ${what}}}
spec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}\n`

describe('a gRPC service in the ambient mesh without a waypoint', () => {
  const found = (...changes: Changes): string[] =>
    foundBy('ambient-waypoint', exampleWith('ambient-waypoint', ...changes))
  const advice = ['advice Service shop/orders: metadata.labels.istio.io/use-waypoint']

  it('is found, whether its callers are seen or not', () => {
    expect(found()).toEqual(advice)
    expect(found([job, ''])).toEqual(advice)
  })

  it('is found by the label of pods, and by --mesh', () => {
    const byPod = [
      'labels: {app: orders}\n    spec',
      'labels: {app: orders, istio.io/dataplane-mode: ambient}\n    spec',
    ] as const
    expect(found([namespace, ''], [job, ''], byPod)).toEqual(advice)
    expect(foundBy('ambient-waypoint', exampleWith('ambient-waypoint', [namespace, '']), 'ambient')).toEqual(advice)
    expect(found([namespace, ''], [job, ''])).toEqual([])
  })

  it('is found when its waypoint is none, or one for the addresses of pods', () => {
    expect(found(labelled('{istio.io/use-waypoint: none}'))).toEqual(advice)
    expect(foundBy('ambient-waypoint', beside(exampleWith('ambient-waypoint', used), waypointFor('workload')))).toEqual(
      advice,
    )
  })

  it('is left alone with a waypoint of its own or of its namespace', () => {
    expect(found(used)).toEqual([])
    expect(found(['ambient\n', 'ambient\n    istio.io/use-waypoint: waypoint\n'])).toEqual([])
    expect(foundBy('ambient-waypoint', beside(exampleWith('ambient-waypoint', used), waypointFor('all')))).toEqual([])
  })

  it('is left alone with one pod', () => {
    expect(found(['replicas: 3', 'replicas: 1'])).toEqual([])
  })

  it('is left alone when it is headless, or has a headless twin for callers that are not seen', () => {
    expect(found(['spec:\n  selector: {app: orders}', 'spec:\n  clusterIP: None\n  selector: {app: orders}'])).toEqual(
      [],
    )
    const twin = `apiVersion: v1\nkind: Service\nmetadata: {name: orders-headless, namespace: shop}
spec: {clusterIP: None, selector: {app: orders}, ports: [{name: grpc, port: 8080}]}\n`
    expect(foundBy('ambient-waypoint', beside(exampleWith('ambient-waypoint', [job, '']), twin))).toEqual([])
  })

  it('is left alone when its callers have sidecars, or are outside of the mesh', () => {
    const client = (labels: string) => ['labels: {app: client}', `labels: {app: client, ${labels}}`] as const
    expect(found(client('sidecar.istio.io/inject: "true"'))).toEqual([])
    expect(found(client('istio.io/dataplane-mode: none'))).toEqual([])
  })

  it('is left alone when each caller is to have the pod of its node, or watches endpoints', () => {
    const spec = 'spec:\n  selector: {app: orders}'
    expect(found([spec, spec.replace('\n', '\n  internalTrafficPolicy: Local\n')])).toEqual([])
    expect(found(['"orders:8080"', '"kubernetes:///orders:8080"'])).toEqual([])
    expect(found(['"orders:8080"', '"dns:///orders:8080"'])).toEqual(advice)
  })

  it('is left alone when it speaks no gRPC', () => {
    expect(found(['name: grpc\n', 'name: http\n'], ['grpc: {port: 8080}', 'httpGet: {port: 8080}'])).toEqual([])
  })
})

describe('a rule on calls in the ambient mesh without a waypoint', () => {
  const found = (...changes: Changes): string[] => foundBy('ambient-policy', exampleWith('ambient-policy', ...changes))
  const virtualService = /apiVersion: networking\.istio[\s\S]*$/
  const instead = (text: string, ...changes: Changes) => found([virtualService, text], ...changes)
  const destinationRule = (policy: string) => `apiVersion: networking.istio.io/v1\nkind: DestinationRule
metadata: {name: orders, namespace: shop}\nspec: {host: orders, trafficPolicy: {${policy}}}\n`
  const policy = (spec: string) => `apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy
metadata: {name: orders, namespace: shop}\nspec: {${spec}}\n`
  const route = `apiVersion: gateway.networking.k8s.io/v1\nkind: GRPCRoute\nmetadata: {name: orders, namespace: shop}
spec: {parentRefs: [{group: "", kind: Service, name: orders}], rules: [{backendRefs: [{name: orders, port: 8080}]}]}\n`

  it('is found, whatever its kind', () => {
    expect(found()).toEqual(['advice VirtualService shop/orders: spec'])
    expect(instead(destinationRule('loadBalancer: {simple: RANDOM}'))).toEqual([
      'advice DestinationRule shop/orders: spec',
    ])
    expect(instead(destinationRule('outlierDetection: {}'))).toEqual(['advice DestinationRule shop/orders: spec'])
    expect(instead(destinationRule('connectionPool: {http: {maxRetries: 1}}'))).toEqual([
      'advice DestinationRule shop/orders: spec',
    ])
    expect(instead(route)).toEqual(['advice GRPCRoute shop/orders: spec'])
  })

  it.each([
    'selector: {matchLabels: {app: orders}}, rules: [{to: [{operation: {methods: [POST]}}]}]',
    'rules: [{to: [{operation: {notPaths: [/admin]}}]}]',
    'rules: [{from: [{source: {requestPrincipals: ["*"]}}]}]',
    'rules: [{when: [{key: "request.headers[x-user]", values: [a]}]}]',
  ])('is found in an AuthorizationPolicy for ztunnel: %s', (spec) => {
    expect(instead(policy(spec))).toEqual(['advice AuthorizationPolicy shop/orders: spec.selector'])
    expect(instead(policy(spec), used)).toEqual(['advice AuthorizationPolicy shop/orders: spec.selector'])
  })

  it.each([
    'selector: {matchLabels: {app: orders}}, rules: [{from: [{source: {principals: [cluster.local/ns/shop/sa/client]}}]}]',
    'rules: [{to: [{operation: {ports: ["8080"]}}]}]',
    'targetRefs: [{group: "", kind: Service, name: orders}], rules: [{to: [{operation: {methods: [POST]}}]}]',
    'selector: {matchLabels: {app: others}}, rules: [{to: [{operation: {methods: [POST]}}]}]',
  ])('is none that ztunnel keeps, or that is not for it: %s', (spec) => {
    expect(instead(policy(spec))).toEqual([])
  })

  it('is left alone with a waypoint', () => {
    expect(found(used)).toEqual([])
    expect(instead(route, used)).toEqual([])
  })

  it('is left alone outside of the ambient mesh, and where callers have sidecars', () => {
    expect(found([namespace, ''])).toEqual([])
    const client = exampleWith('ambient-waypoint').split('---\n').at(-1) ?? ''
    const sidecar = client.replace('{app: client}', '{app: client, sidecar.istio.io/inject: "true"}')
    expect(foundBy('ambient-policy', beside(exampleWith('ambient-policy'), sidecar))).toEqual([])
    expect(foundBy('ambient-policy', beside(exampleWith('ambient-policy'), client))).toEqual([
      'advice VirtualService shop/orders: spec',
    ])
  })

  it('is left alone when it is for gateways, for another host, or about TLS alone', () => {
    expect(found(['hosts: [orders]', 'hosts: [orders]\n  gateways: [public]'])).toEqual([])
    expect(found(['hosts: [orders]', 'hosts: [others]'])).toEqual([])
    expect(instead(destinationRule('tls: {mode: ISTIO_MUTUAL}'))).toEqual([])
  })
})
