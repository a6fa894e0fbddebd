import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { checkManifests } from '../../scripts/lib/manifest-rules/check-manifests.ts'
import { beside, exampleWith, foundBy } from './support/example.ts'

type Change = readonly [string | RegExp, string]

const service = (name: string, namespace = 'shop', port = 8080) => `apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: ${namespace}}
spec: {selector: {app: ${name}}, ports: [{name: grpc, port: ${port}}]}
`
const grpcRoute = (backends: string) => `apiVersion: gateway.networking.k8s.io/v1
kind: GRPCRoute
metadata: {name: orders, namespace: shop}
spec: {parentRefs: [{group: "", kind: Service, name: orders}], rules: [{backendRefs: ${backends}}]}
`

describe('a route to a host that is not there', () => {
  const found = (...changes: Change[]) => foundBy('route-host', exampleWith('route-host', ...changes))
  const place = 'VirtualService shop/orders: spec.http[0].route[0].destination'
  const to = (host: string): Change => ['host: orders.shop\n', `host: ${host}\n`]

  it('is an error where it is a half name, or nearly that of a Service', () => {
    expect(found()).toEqual([`error ${place}.host`])
    for (const host of ['orders.shop.svc', 'order', 'oders.shop.svc.cluster.local', 'stock.shop']) {
      expect([host, ...found(to(host))]).toEqual([host, `error ${place}.host`])
    }
  })

  it('is mended where it stands, beside all that stood there', () => {
    const shared: Change = [
      'host: orders.shop\n',
      'host: orders.shop\n          weight: 9\n        - destination: {host: stock}\n',
    ]
    const [finding] = checkManifests([{ file: 'a.yaml', text: exampleWith('route-host', shared) }])
    expect(parse(finding?.patch ?? '').spec.http).toEqual([
      {
        route: [
          { destination: { host: 'orders.shop.svc.cluster.local' }, weight: 9 },
          { destination: { host: 'stock' } },
        ],
      },
    ])
  })

  it('may be deployed by somebody else when it is called quite differently, or is another version', () => {
    expect(found(to('stock'))).toEqual([`advice ${place}.host`])
    const versions = foundBy('route-host', beside(exampleWith('route-host', to('orders-v2')), service('orders-v1')))
    expect(versions).toEqual([`advice ${place}.host`])
    const beta = '[{name: orders, port: 8080, weight: 9}, {name: orderz, port: 8080, weight: 1}]'
    const route = beside(exampleWith('route-host', to('orders')), grpcRoute(beta))
    expect(foundBy('route-host', route)).toEqual(['advice GRPCRoute shop/orders: spec.rules[0].backendRefs[1].name'])
  })

  it('is none where it is somebody, or may be', () => {
    const known = [
      'orders',
      'orders.shop.svc.cluster.local',
      'orders.shop.svc.other.domain',
      '"*"',
      '"*.shop.svc.cluster.local"',
    ]
    const strange = [
      'api.example.com',
      'api.shop.example.com',
      'orders.shop.example',
      'stock.elsewhere',
      'stock.elsewhere.svc.cluster.local',
      '10.1.2.3',
    ]
    for (const host of [...known, ...strange]) expect([host, ...found(to(host))]).toEqual([host])
    const idle = 'host: orders\n          weight: 100\n        - destination: {host: order}\n          weight: 0\n'
    expect(found(['host: orders.shop\n', idle])).toEqual([])
  })

  it('is none for a ServiceEntry, or a Service that is a name', () => {
    const entry = (hosts: string) =>
      `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: {name: e, namespace: shop}\nspec: {hosts: [${hosts}]}\n`
    const text = exampleWith('route-host', to('order.shop.svc.cluster.local'))
    expect(foundBy('route-host', beside(text, entry('order.shop.svc.cluster.local')))).toEqual([])
    expect(foundBy('route-host', beside(text, entry('"*.svc.cluster.local"')))).toEqual([])
    expect(foundBy('route-host', beside(text, entry('other.shop.svc.cluster.local')))).toHaveLength(1)
    const external =
      'apiVersion: v1\nkind: Service\nmetadata: {name: order, namespace: shop}\nspec: {type: ExternalName, externalName: a.b}\n'
    expect(foundBy('route-host', beside(text, external))).toEqual([])
  })

  it('may be one in a namespace of which there are Services', () => {
    const text = exampleWith('route-host', to('stok.elsewhere.svc.cluster.local'))
    expect(foundBy('route-host', beside(text, service('stock', 'elsewhere')))).toEqual([`error ${place}.host`])
  })

  it('may be a port', () => {
    const port = (number: number) =>
      found(['host: orders.shop\n', `host: orders\n            port: {number: ${number}}\n`])
    expect(port(80)).toEqual([`error ${place}.port.number`])
    expect(port(8080)).toEqual([])
    const text = exampleWith('route-host', to('orders'))
    const backend = (ref: string) => foundBy('route-host', beside(text, grpcRoute(`[${ref}]`)))
    const ref = 'GRPCRoute shop/orders: spec.rules[0].backendRefs[0]'
    expect(backend('{name: orders, port: 80}')).toEqual([`error ${ref}.port`])
    expect(backend('{name: order, port: 8080}')).toEqual([`error ${ref}.name`])
    expect(backend('{name: orders, port: 8080}')).toEqual([])
    expect(backend('{name: order, kind: ServiceImport, group: multicluster.x-k8s.io, port: 8080}')).toEqual([])
    expect(backend('{name: order, namespace: elsewhere, port: 8080}')).toEqual([])
  })
})

describe('a route to a subset', () => {
  const found = (...changes: Change[]) => foundBy('subset-missing', exampleWith('subset-missing', ...changes))
  const place = 'VirtualService shop/orders: spec.http[0].route[0].destination.subset'
  const rule = (host: string, subset: string, namespace = 'shop') =>
    `apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: rule, namespace: ${namespace}}\nspec: {host: ${host}, subsets: [{name: ${subset}, labels: {version: v1}}]}\n`
  const withRule = (...rest: Parameters<typeof rule>) =>
    foundBy('subset-missing', beside(exampleWith('subset-missing'), rule(...rest)))

  it('that no rule has is an error, and advice where there may be a rule elsewhere', () => {
    expect(found()).toEqual([`error ${place}`])
    expect(found([/apiVersion: networking.istio.io\/v1\nkind: DestinationRule.*?---\n/s, ''])).toEqual([
      `advice ${place}`,
    ])
    expect(withRule('orders', 'v2')).toEqual([`error ${place}`])
    expect(withRule('stock', 'v1')).toEqual([`error ${place}`])
    expect(withRule('orders', 'v1', 'elsewhere')).toEqual([`error ${place}`])
  })

  it('that some rule has is none, however it names the host', () => {
    for (const host of ['orders', 'orders.shop.svc.cluster.local', '"*.shop.svc.cluster.local"', '"*"'])
      expect([host, ...withRule(host, 'v1')]).toEqual([host])
    expect(withRule('orders.shop.svc.cluster.local', 'v1', 'istio-system')).toEqual([])
  })

  it('is for another rule to tell when the host is wrong', () => {
    expect(withRule('orders.shop', 'v1')).toEqual([])
    expect(found(['host: orders.shop.svc.cluster.local', 'host: order'])).toEqual([])
    expect(found(['            subset: v1\n', ''])).toEqual([])
    expect(found(['            subset: v1\n', '            subset: ""\n'])).toEqual([])
  })
})

describe('a subset of nobody', () => {
  const found = (...changes: Change[]) => foundBy('subset-labels', exampleWith('subset-labels', ...changes))
  const place = 'DestinationRule shop/orders: spec.subsets[0].labels'
  const route = /apiVersion: networking.istio.io\/v1\nkind: VirtualService.*?---\n/s
  const labels = (text: string): Change => ['labels: {version: v1}', `labels: {${text}}`]

  it('fails calls that are sent to it, and is advice where none is', () => {
    expect(found()).toEqual([`error ${place}`])
    expect(found([route, ''])).toEqual([`advice ${place}`])
    expect(found(['subset: v1', 'subset: v2'])).toEqual([`advice ${place}`])
    expect(found(['labels: {app: orders}', 'labels: {app: orders, version: v2}'])).toEqual([`error ${place}`])
  })

  it('may be deployed by others where every pod here is of another subset', () => {
    const other = ['subsets:\n', 'subsets:\n    - name: v0\n      labels: {app: orders}\n'] as const
    expect(found(other)).toEqual(['advice DestinationRule shop/orders: spec.subsets[1].labels'])
  })

  it('is none with pods, without labels, or with labels that pods get later', () => {
    expect(found(['labels: {app: orders}', 'labels: {app: orders, version: v1}'])).toEqual([])
    expect(found(labels(''))).toEqual([])
    expect(found(labels('rollouts-pod-template-hash: abc'))).toEqual([])
    expect(found(labels('topology.istio.io/subzone: a'))).toEqual([])
    expect(found(labels('statefulset.kubernetes.io/pod-name: orders-0'))).toEqual([])
    expect(found(['kind: Deployment', 'kind: Something'])).toEqual([])
    expect(found(['host: orders.shop.svc.cluster.local\n  subsets', 'host: orders.shop\n  subsets'])).toEqual([])
  })
})

describe('two routes for one host', () => {
  const found = (...changes: Change[]) => foundBy('route-ignored', exampleWith('route-ignored', ...changes))
  const other = 'VirtualService shop/orders-other: spec.hosts'
  const host = 'hosts: [orders.shop.svc.cluster.local]'

  it('fail the calls of the second where the first does not take them', () => {
    expect(found()).toEqual([`error ${other}`])
    expect(found([host, 'hosts: [orders]'])).toEqual([`error ${other}`])
    expect(found([/ {4}- match:\n.*\n {6}timeout: 1s\n {6}route/, '    - route'])).toEqual([`advice ${other}`])
  })

  it('are not two in one sidecar when host, namespace, gateway or visibility differ', () => {
    expect(found([host, 'hosts: [stock]'])).toEqual([])
    expect(found([host, 'hosts: [orders.shop]'])).toEqual([])
    expect(found([host, `${host}\n  gateways: [public]`])).toEqual([])
    expect(found([host, `${host}\n  gateways: [public, mesh]`])).toHaveLength(1)
    expect(found([host, `${host}\n  exportTo: ["."]`])).toEqual([])
    expect(found(['name: orders-health\n  namespace: shop', 'name: orders-health\n  namespace: elsewhere'])).toEqual([])
    expect(found(['http:', 'tls:'])).toEqual([])
    expect(found([host, 'hosts: [orders, orders.shop.svc.cluster.local]'])).toEqual([`error ${other}`])
  })

  it('may be of two kinds', () => {
    const one = exampleWith('route-ignored', ['http:', 'tls:'])
    expect(foundBy('route-ignored', beside(one, grpcRoute('[{name: orders, port: 8080}]')))).toEqual([
      `advice ${other}`,
    ])
    const gateway = grpcRoute('[{name: orders, port: 8080}]').replace('group: "", kind: Service, ', '')
    expect(foundBy('route-ignored', beside(one, gateway))).toEqual([])
  })
})

describe('a route for a host that is half a name', () => {
  const found = (...changes: Change[]) =>
    foundBy('virtual-service-host', exampleWith('virtual-service-host', ...changes))
  const hosts = (text: string): Change => ['hosts: [orders.shop]', `hosts: [${text}]`]

  it('is passed over', () => {
    expect(found()).toEqual(['advice VirtualService shop/orders: spec.hosts[0]'])
    expect(found(hosts('orders, orders.shop.svc'))).toEqual(['advice VirtualService shop/orders: spec.hosts[1]'])
  })

  it('is heeded under other names, and may be of a gateway', () => {
    for (const host of [
      'orders',
      'orders.shop.svc.cluster.local',
      '"*"',
      'orders.example.com',
      'www.shop',
      'orders.elsewhere',
    ])
      expect([host, ...found(hosts(host))]).toEqual([host])
    expect(found(['http:', 'gateways: [public]\n  http:'])).toEqual([])
  })
})
