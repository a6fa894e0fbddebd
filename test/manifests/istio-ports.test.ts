import { describe, expect, it } from 'vitest'
import { beside, exampleWith, foundBy, withoutSidecar } from './support/example.ts'

const allPorts = ['port-protocol', 'port-http', 'port-undeclared']
const inPorts = (text: string) => allPorts.flatMap((id) => foundBy(id, text).map((found) => `${id} ${found}`))
const named = (name: string, appProtocol?: string) =>
  exampleWith('port-protocol', [
    'name: tcp-orders',
    `name: ${name}${appProtocol === undefined ? '' : `\n      appProtocol: ${appProtocol}`}`,
  ])
const at = (field: string) => `Service shop/orders: spec.ports[0].${field}`

describe('the protocol that a gRPC port is declared to have under Istio', () => {
  it.each([
    ['tcp', undefined, `port-protocol error ${at('name')}`],
    ['tcp-grpc', undefined, `port-protocol error ${at('name')}`],
    ['TCP-grpc', undefined, `port-protocol error ${at('name')}`],
    ['grpc', 'tcp', `port-protocol error ${at('appProtocol')}`],
    ['grpc', 'tcp-orders', `port-protocol error ${at('appProtocol')}`],
    ['redis', undefined, `port-protocol error ${at('name')}`],
    ['tls-grpc', undefined, `port-protocol advice ${at('name')}`],
    ['https', undefined, `port-protocol advice ${at('name')}`],
    ['http', undefined, `port-http error ${at('name')}`],
    ['http-orders', undefined, `port-http error ${at('name')}`],
    ['grpc', 'http', `port-http error ${at('appProtocol')}`],
    ['main', undefined, `port-undeclared advice ${at('name')}`],
    ['grpcorders', undefined, `port-undeclared advice ${at('name')}`],
    ['main', 'orders.example/own', `port-undeclared advice ${at('appProtocol')}`],
  ])('%s with the appProtocol %s: %s', (name, appProtocol, found) => {
    expect(inPorts(named(name, appProtocol))).toEqual([found])
  })

  it.each([
    ['grpc', undefined],
    ['grpc-orders', undefined],
    ['GRPC', undefined],
    ['http2', undefined],
    ['http2-orders', undefined],
    ['grpc-web', undefined],
    ['tcp', 'grpc'],
    ['http', 'kubernetes.io/h2c'],
    ['http', 'http2'],
  ])('%s with the appProtocol %s is right', (name, appProtocol) => {
    expect(inPorts(named(name, appProtocol))).toEqual([])
  })

  it('means something as soon as there is a sidecar at either end', () => {
    for (const app of ['orders', 'client'] as const) {
      expect(inPorts(exampleWith('port-http', withoutSidecar(app)))).toEqual([`port-http error ${at('name')}`])
    }
    expect(inPorts(exampleWith('port-http', withoutSidecar('orders'), withoutSidecar('client')))).toEqual([])
    const past = [
      '    spec:\n',
      '      annotations: {traffic.sidecar.istio.io/excludeInboundPorts: "8080"}\n    spec:\n',
    ] as const
    expect(inPorts(exampleWith('port-http', past))).toHaveLength(1)
    expect(inPorts(exampleWith('port-http', past, withoutSidecar('client')))).toEqual([])
  })

  it('is looked at in namespaces that the user says are in Istio, and not in those of Linkerd', () => {
    const text = exampleWith('port-http', withoutSidecar('orders'), withoutSidecar('client'))
    expect(foundBy('port-http', text, 'istio')).toHaveLength(1)
    expect(foundBy('port-http', text, 'linkerd')).toEqual([])
  })

  it('does not matter for a port that nothing shows to speak gRPC', () => {
    const plain = ['grpc: {port: 8080}', 'httpGet: {port: 8080}'] as const
    const text = exampleWith('port-http', ['- name: grpc\n', '- name: http\n'], plain)
    expect(inPorts(text)).toEqual([])
  })

  it('is balanced by the client itself behind a headless Service, but HTTP/1.1 fails there too', () => {
    const headless = ['spec:\n  selector', 'spec:\n  clusterIP: None\n  selector'] as const
    expect(inPorts(exampleWith('port-protocol', headless))).toEqual([])
    expect(inPorts(exampleWith('port-http', headless))).toEqual([`port-http error ${at('name')}`])
  })

  it('does not matter where a DestinationRule has sidecars speak HTTP/2 all the same', () => {
    const rule = (http: string) => `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: orders, namespace: shop}
spec: {host: orders, trafficPolicy: {connectionPool: {http: ${http}}}}
`
    const withRule = (http: string, ...changes: (readonly [string, string])[]) =>
      foundBy('port-http', beside(exampleWith('port-http', ...changes), rule(http)))
    expect(withRule('{useClientProtocol: true}')).toEqual([])
    expect(withRule('{useClientProtocol: false}')).toHaveLength(1)
    expect(withRule('{h2UpgradePolicy: UPGRADE}')).toHaveLength(1)
    expect(withRule('{h2UpgradePolicy: UPGRADE}', withoutSidecar('orders'))).toEqual([])
    expect(withRule('{h2UpgradePolicy: DO_NOT_UPGRADE}', withoutSidecar('orders'))).toHaveLength(1)
  })

  it('is advice where one pod is all, and where the name may mean a gateway from HTTP', () => {
    const one = exampleWith('port-protocol', ['replicas: 3', 'replicas: 1'])
    expect(inPorts(one)).toEqual([`port-protocol advice ${at('name')}`])
    expect(inPorts(named('http-grpc-gateway'))).toEqual([`port-http advice ${at('name')}`])
  })
})
