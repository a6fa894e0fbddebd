import { describe, expect, it } from 'vitest'
import { checkManifests } from '../../scripts/lib/manifest-rules/check-manifests.ts'
import { httpRouteGrpc } from '../../scripts/lib/manifest-rules/rules/http-route-grpc.ts'
import { objectsIn } from '../chart/helm.ts'
import { beside, exampleWith, foundBy } from './support/example.ts'

const found = (...changes: Parameters<typeof exampleWith> extends [string, ...infer C] ? C : never): string[] =>
  foundBy('http-route-grpc', exampleWith('http-route-grpc', ...changes))

const error = ['error Service shop/orders: spec.ports[0]']
const advice = ['advice Service shop/orders: spec.ports[0]']
const port = (text: string) => ['- name: http\n      port: 8080', text] as const
const gatewayClass = (name: string, controllerName: string) =>
  `apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nmetadata: {name: ${name}}\nspec: {controllerName: ${controllerName}}\n`
const envoyGateway = gatewayClass('eg', 'gateway.envoyproxy.io/gatewayclass-controller')
const grpcRoute = ['kind: HTTPRoute', 'kind: GRPCRoute'] as const
const behindEnvoyGateway = (...changes: readonly (readonly [string, string])[]) =>
  foundBy(
    'http-route-grpc',
    beside(
      exampleWith('http-route-grpc', ['gatewayClassName: istio', 'gatewayClassName: eg'], ...changes),
      envoyGateway,
    ),
  )

describe('a gateway that has not been told that a port speaks HTTP/2', () => {
  it.each([
    { is: 'called http', text: '- name: http\n      port: 8080' },
    { is: 'called nothing', text: '- port: 8080' },
    { is: 'called tcp', text: '- name: tcp\n      port: 8080' },
  ])('is found when the port is $is, for a GRPCRoute too when it is Istio’s', ({ text }) => {
    expect(found(port(text))).toEqual(error)
    expect(found(port(text), grpcRoute)).toEqual(error)
    expect(behindEnvoyGateway(port(text))).toEqual(error)
    expect(behindEnvoyGateway(port(text), grpcRoute)).toEqual([])
  })

  it('is found at an appProtocol that names something else', () => {
    expect(found(port('- name: grpc\n      appProtocol: http\n      port: 8080'))).toEqual([
      'error Service shop/orders: spec.ports[0].appProtocol',
    ])
  })

  it.each(['grpc', 'kubernetes.io/h2c', 'http2'])('has been told by appProtocol %s', (appProtocol) => {
    const told = port(`- name: http\n      appProtocol: ${appProtocol}\n      port: 8080`)
    expect(found(told)).toEqual([])
    expect(behindEnvoyGateway(told)).toEqual([])
  })

  it.each(['grpc', 'grpc-orders', 'http2'])('has been told by the name %s when it is Istio’s alone', (name) => {
    expect(found(port(`- name: ${name}\n      port: 8080`))).toEqual([])
    expect(behindEnvoyGateway(port(`- name: ${name}\n      port: 8080`))).toEqual(error)
  })

  it('is advice when nobody tells who makes the gateway', () => {
    expect(found(['gatewayClassName: istio', 'gatewayClassName: company'])).toEqual(advice)
    expect(found(['- name: gateway', '- name: gateway\n      namespace: elsewhere'])).toEqual(advice)
    expect(found(['gatewayClassName: istio', 'gatewayClassName: company'], grpcRoute)).toEqual([])
  })

  it('is Envoy Gateway’s when the Gateway takes its parameters from there', () => {
    const parameters = 'infrastructure: {parametersRef: {group: gateway.envoyproxy.io, kind: EnvoyProxy, name: a}}'
    expect(found(['gatewayClassName: istio', `gatewayClassName: company\n  ${parameters}`])).toEqual(error)
  })

  it('is mended by the word of Gateway API, and where the gateway is Istio’s by the one that its sidecars know best', () => {
    const appProtocolFor = (className: string) => {
      const text = exampleWith('http-route-grpc', ['gatewayClassName: istio', `gatewayClassName: ${className}`])
      const [finding] = checkManifests([{ file: 'a.yaml', text }], { rules: [httpRouteGrpc] })
      return objectsIn(finding?.patch ?? '')[0].spec.ports
    }
    expect(appProtocolFor('istio')).toEqual([{ port: 8080, appProtocol: 'grpc' }])
    expect(appProtocolFor('company')).toEqual([{ port: 8080, appProtocol: 'kubernetes.io/h2c' }])
  })
})

describe('a gateway is left alone', () => {
  it('when the port speaks no gRPC', () => {
    expect(
      found([
        'readinessProbe:\n            grpc: {port: 8080}',
        'readinessProbe:\n            tcpSocket: {port: 8080}',
      ]),
    ).toEqual([])
  })

  it('when the route leads to another port, or with a weight of 0', () => {
    expect(found(['- name: orders\n          port: 8080', '- name: orders\n          port: 9464'])).toEqual([])
    expect(
      found(['- name: orders\n          port: 8080', '- name: orders\n          port: 8080\n          weight: 0']),
    ).toEqual([])
  })

  it('when the route is for the mesh, whose sidecars look for themselves', () => {
    expect(found(['- name: gateway', '- name: orders\n      kind: Service\n      group: ""'])).toEqual([])
  })

  it('when TLS settles the protocol', () => {
    const policy = `apiVersion: gateway.networking.k8s.io/v1\nkind: BackendTLSPolicy\nmetadata: {name: orders, namespace: shop}
spec: {targetRefs: [{group: "", kind: Service, name: orders}], validation: {hostname: orders}}\n`
    expect(foundBy('http-route-grpc', beside(exampleWith('http-route-grpc'), policy))).toEqual([])
    expect(found(port('- name: https\n      port: 8080'))).toEqual([])
  })

  it.each(['h2UpgradePolicy: UPGRADE', 'useClientProtocol: true'])('when a DestinationRule says %s', (setting) => {
    const rule = (
      text: string,
    ) => `apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: orders, namespace: shop}
spec: {host: orders, trafficPolicy: {connectionPool: {http: {${text}}}}}\n`
    expect(foundBy('http-route-grpc', beside(exampleWith('http-route-grpc'), rule(setting)))).toEqual([])
    expect(foundBy('http-route-grpc', beside(exampleWith('http-route-grpc'), rule('maxRetries: 1')))).toEqual(error)
  })
})
