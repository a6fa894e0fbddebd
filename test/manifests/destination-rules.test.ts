import { describe, expect, it } from 'vitest'
import { beside, exampleWith, foundBy, withoutSidecar } from './support/example.ts'

type Change = readonly [string | RegExp, string]

const finding =
  (id: string) =>
  (...changes: Change[]): string[] =>
    foundBy(id, exampleWith(id, ...changes))
const rule = 'DestinationRule shop/orders'
const policy = `${rule}: spec.trafficPolicy`
const fullHost = 'host: orders.shop.svc.cluster.local\n  trafficPolicy'

describe('a DestinationRule of nobody', () => {
  const found = finding('destination-rule-host')
  const route = /apiVersion: networking.istio.io\/v1\nkind: VirtualService.*?---\n/s
  const to = (host: string): Change => ['host: orders.shop\n', `host: ${host}\n`]

  it('fails routes that need its subsets, and is advice where none does', () => {
    expect(found()).toEqual([`error ${rule}: spec.host`])
    expect(found(to('order'))).toEqual([`error ${rule}: spec.host`])
    expect(found([route, ''])).toEqual([`advice ${rule}: spec.host`])
    expect(found(['subset: v1', 'subset: v2'])).toEqual([`advice ${rule}: spec.host`])
    expect(found(to('stock'))).toEqual([`advice ${rule}: spec.host`])
    const heeded = `apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: other, namespace: shop}\nspec: {host: orders, subsets: [{name: v1}]}\n`
    expect(foundBy('destination-rule-host', beside(exampleWith('destination-rule-host'), heeded))).toEqual([
      `advice ${rule}: spec.host`,
    ])
  })

  it('is none where the host is there, or may be', () => {
    for (const host of ['orders', '"*.local"', 'orders.shop.svc.cluster.local', 'api.example.com', 'stock.elsewhere'])
      expect([host, ...found(to(host))]).toEqual([host])
  })
})

describe('two DestinationRules for one host', () => {
  const found = finding('destination-rule-twice')
  const other = 'DestinationRule shop/orders-balancing'
  const second = 'trafficPolicy:\n    loadBalancer:\n      simple: RANDOM'

  it('lose the policy or the subset of the second', () => {
    expect(found()).toEqual([`advice ${other}: spec.trafficPolicy`])
    expect(found(['host: orders.shop.svc.cluster.local', 'host: orders'])).toEqual([
      `advice ${other}: spec.trafficPolicy`,
    ])
    const both: Change[] = [
      [/trafficPolicy:\n {4}connectionPool:[^-]*/, 'subsets: [{name: v1}]\n'],
      [second, 'subsets: [{name: v2}, {name: v1}]'],
    ]
    expect(found(...both)).toEqual([`advice ${other}: spec.subsets`])
  })

  it('are joined where they do not say the same, or are of different callers', () => {
    expect(found([second, 'subsets: [{name: v1}]'])).toEqual([])
    expect(found(['host: orders.shop.svc.cluster.local', 'host: stock.shop.svc.cluster.local'])).toEqual([])
    const selector = `workloadSelector: {matchLabels: {app: client}}\n  ${second}`
    expect(found([second, selector])).toEqual([])
    expect(found([second, `exportTo: ["."]\n  ${second}`])).toEqual([])
    expect(found(['name: orders-balancing\n  namespace: shop', 'name: o\n  namespace: elsewhere'])).toEqual([])
  })
})

describe('a small connection pool', () => {
  const found = finding('pool-too-small')
  const place = `${policy}.connectionPool.http`
  const pool = (text: string): Change => ['http2MaxRequests: 1', text]

  it('is an error up to ten requests, and advice up to fifty', () => {
    expect(found()).toEqual([`error ${place}.http2MaxRequests`])
    expect(found(pool('http2MaxRequests: 9'))).toEqual([`error ${place}.http2MaxRequests`])
    expect(found(pool('http2MaxRequests: 10'))).toEqual([`advice ${place}.http2MaxRequests`])
    expect(found(pool('http2MaxRequests: 49'))).toEqual([`advice ${place}.http2MaxRequests`])
    for (const value of ['0', '50', '1000', 'null']) expect(found(pool(`http2MaxRequests: ${value}`))).toEqual([])
  })

  it('counts what waits for a connection, which is certain where every call does', () => {
    const pending = `${place}.http1MaxPendingRequests`
    expect(found(pool('http1MaxPendingRequests: 1'))).toEqual([`advice ${pending}`])
    for (const other of ['maxRequestsPerConnection', 'maxConcurrentStreams']) {
      expect(found(pool(`http1MaxPendingRequests: 1\n        ${other}: 1`))).toEqual([`error ${pending}`])
      expect(found(pool(`http1MaxPendingRequests: 1\n        ${other}: 100`))).toEqual([`advice ${pending}`])
    }
    expect(found(pool('http1MaxPendingRequests: 10'))).toEqual([])
  })

  it('stands at ports and subsets too', () => {
    const at = (text: string) => found([/trafficPolicy:\n.*http2MaxRequests: 1\n/s, `${text}\n`])
    const small = '{connectionPool: {http: {http2MaxRequests: 1}}}'
    const path = 'connectionPool.http.http2MaxRequests'
    expect(at(`trafficPolicy: {portLevelSettings: [{port: {number: 8080}, ${small.slice(1, -1)}}]}`)).toEqual([
      `error ${policy}.portLevelSettings[0].${path}`,
    ])
    expect(at(`subsets: [{name: v1, trafficPolicy: ${small}}]`)).toEqual([
      `error ${rule}: spec.subsets[0].trafficPolicy.${path}`,
    ])
  })

  it('may be one of Envoy Gateway, where nobody measured it', () => {
    const limits = (text: string, kind = 'GRPCRoute') =>
      foundBy(
        'pool-too-small',
        `apiVersion: gateway.envoyproxy.io/v1alpha1\nkind: BackendTrafficPolicy\nmetadata: {name: orders, namespace: shop}\nspec: {targetRefs: [{kind: ${kind}, name: orders}], circuitBreaker: {${text}}}\n`,
      )
    const at = 'advice BackendTrafficPolicy shop/orders: spec.circuitBreaker'
    expect(limits('maxParallelRequests: 1, maxPendingRequests: 1')).toEqual([
      `${at}.maxParallelRequests`,
      `${at}.maxPendingRequests`,
    ])
    expect(limits('maxParallelRequests: 100, maxConnections: 1')).toEqual([])
    expect(limits('maxParallelRequests: 1', 'TCPRoute')).toEqual([])
  })

  it('is for another to say where nothing speaks gRPC, or nobody is known', () => {
    expect(
      found(
        ['name: grpc\n      port', 'name: http\n      port'],
        ['- name: grpc', '- name: http'],
        [/grpc: \{port/, 'tcpSocket: {port'],
      ),
    ).toEqual([])
    expect(found(['orders.shop.svc', 'stock.elsewhere.svc'])).toEqual([])
    expect(found([/connectionPool.*http2MaxRequests: 1\n/s, 'connectionPool: {tcp: {maxConnections: 1}}\n'])).toEqual(
      [],
    )
  })
})

describe('connections for a few calls', () => {
  it('are advised against, a hundred are not', () => {
    const found = finding('connection-per-call')
    const path = `${policy}.connectionPool.http.maxRequestsPerConnection`
    expect(found()).toEqual([`advice ${path}`])
    expect(found(['Connection: 1', 'Connection: 9'])).toEqual([`advice ${path}`])
    for (const value of [0, 10, 100]) expect(found(['Connection: 1', `Connection: ${value}`])).toEqual([])
  })
})

describe('streams of a connection', () => {
  const found = finding('streams-extreme')

  it('are advised to be more than a few', () => {
    const path = `${policy}.connectionPool.http.maxConcurrentStreams`
    expect(found()).toEqual([`advice ${path}`])
    for (const value of [0, 10, 500]) expect(found(['Streams: 1', `Streams: ${value}`])).toEqual([])
  })

  it('may be limited by our own server', () => {
    const server = (args: string) => found(['Streams: 1', 'Streams: 100'], ['args: [-s]', `args: [-s, ${args}]`])
    expect(server('--max-concurrent-streams=1')).toEqual([
      'advice Deployment shop/orders: spec.template.spec.containers[0].args',
    ])
    expect(server('--max-concurrent-streams=100')).toEqual([])
  })
})

describe('outlier detection', () => {
  const found = finding('outlier-inert')
  const detection = 'consecutiveGatewayErrors: 5'
  const at = (key: string) => [`error ${policy}.outlierDetection.${key}`]
  const withField = (text: string, replicas = 3) =>
    found([detection, `${detection}\n      ${text}`], ['replicas: 3', `replicas: ${replicas}`])

  it('ejects none where one pod is more than the share', () => {
    expect(found()).toEqual(at('maxEjectionPercent'))
    expect(withField('maxEjectionPercent: 33')).toEqual(at('maxEjectionPercent'))
    expect(withField('maxEjectionPercent: 34')).toEqual([])
    expect(withField('interval: 1s', 9)).toEqual(at('maxEjectionPercent'))
    expect(withField('interval: 1s', 10)).toEqual([])
    expect(withField('maxEjectionPercent: 0', 100)).toEqual(at('maxEjectionPercent'))
    expect(withField('maxEjectionPercent: 50', 2)).toEqual([])
    expect(withField('maxEjectionPercent: 100', 1)).toEqual([])
    expect(withField('maxEjectionPercent: 50', 1)).toEqual([`advice ${policy}.outlierDetection.maxEjectionPercent`])
    expect(withField('maxEjectionPercent: 50', 0)).toEqual([])
  })

  it('is undone where too few are left healthy', () => {
    expect(withField('maxEjectionPercent: 34\n      minHealthPercent: 66')).toEqual([])
    expect(withField('maxEjectionPercent: 34\n      minHealthPercent: 67')).toEqual(at('minHealthPercent'))
    expect(withField('maxEjectionPercent: 50\n      minHealthPercent: 51', 2)).toEqual(at('minHealthPercent'))
  })

  it('depends on how many there may be', () => {
    const scaler = (most: number) =>
      `apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: orders, namespace: shop}\nspec: {scaleTargetRef: {kind: Deployment, name: orders}, minReplicas: 3, maxReplicas: ${most}}\n`
    const scaled = (most: number) => foundBy('outlier-inert', beside(exampleWith('outlier-inert'), scaler(most)))
    expect(scaled(9)).toEqual(at('maxEjectionPercent'))
    expect(scaled(20)).toEqual([`advice ${policy}.outlierDetection.maxEjectionPercent`])
  })

  it('counts the pods of a subset', () => {
    const subset = (labels: string) =>
      found([
        /trafficPolicy:\n.*Errors: 5\n/s,
        `subsets: [{name: v1, labels: {${labels}}, trafficPolicy: {outlierDetection: {interval: 1s}}}]\n`,
      ])
    expect(subset('app: orders')).toHaveLength(1)
    expect(subset('version: v9')).toEqual([])
  })

  it('that is not there says nothing, nor of hosts that are not', () => {
    expect(found([/outlierDetection:.*Errors: 5\n/s, 'loadBalancer: {simple: RANDOM}\n'])).toEqual([])
    expect(found([fullHost, fullHost.replace('orders.', 'stock.')])).toEqual([])
  })
})

describe('outlier detection by answers', () => {
  const found = finding('outlier-business-errors')
  const place = `${policy}.outlierDetection.consecutive5xxErrors`
  const errors = (value: string): Change => ['consecutive5xxErrors: 5', value]

  it('is an error where all pods may go, and advice where some may', () => {
    expect(found()).toEqual([`error ${place}`])
    expect(found(errors('interval: 1s'))).toEqual([`error ${place}`])
    expect(found(errors('consecutiveGatewayErrors: 5'))).toEqual([`error ${place}`])
    expect(found(['Percent: 100', 'Percent: 50'])).toEqual([`advice ${place}`])
  })

  it('is none where answers do not count, or hardly, or nothing is ejected', () => {
    expect(found(errors('consecutive5xxErrors: 0'))).toEqual([])
    expect(found(errors('consecutive5xxErrors: 100'))).toEqual([])
    expect(found(['Percent: 100', 'Percent: 33'])).toEqual([])
    expect(found(['orders.shop.svc', 'stock.shop.svc'])).toEqual([])
  })
})

describe('retries of client and proxy', () => {
  const found = finding('retries-multiply')
  const place = 'Job shop/client: spec.template.spec.containers[0].args[2]'
  const option = '--max-attempts=4'
  const virtualService = (retries: string) => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: orders, namespace: shop}
spec: {hosts: [orders], http: [{route: [{destination: {host: orders}}]${retries}}]}
`
  const beside4 = (other: string) => foundBy('retries-multiply', beside(exampleWith('retries-multiply'), other))

  it('multiply, for Istio retries unless it is told not to', () => {
    expect(found()).toEqual([`advice ${place}`])
    expect(beside4(virtualService(', retries: {attempts: 3}'))).toEqual([`advice ${place}`])
    expect(beside4(virtualService(''))).toEqual([`advice ${place}`])
    expect(beside4(virtualService(', retries: {attempts: 0}'))).toEqual([])
  })

  it('are seen in service configs too', () => {
    const config = `'--service-config={"methodConfig":[{"name":[{}],"retryPolicy":{"maxAttempts":3}}]}'`
    expect(found([option, config])).toEqual([`advice ${place}`])
    expect(found([option, '--max-attempts, "4"'])).toEqual([`advice ${place}`])
  })

  it('are one where only one retries', () => {
    expect(found([option, '--max-attempts=1'])).toEqual([])
    expect(found([`, ${option}`, ''])).toEqual([])
    expect(found(withoutSidecar('client'))).toEqual([])
  })

  it('multiply in Linkerd where its annotation asks for them', () => {
    const linkerd = (annotation: string) =>
      foundBy(
        'retries-multiply',
        exampleWith('retries-multiply', withoutSidecar('client'), [
          'name: orders\n  namespace: shop\nspec:\n  selector: {app',
          `name: orders\n  namespace: shop\n  annotations: {${annotation}}\nspec:\n  selector: {app`,
        ]),
        'linkerd',
      )
    expect(linkerd('retry.linkerd.io/grpc: unavailable')).toEqual([`advice ${place}`])
    expect(linkerd('team: shop')).toEqual([])
  })
})
