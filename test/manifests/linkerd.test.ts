import { describe, expect, it } from 'vitest'
import { checkManifests } from '../../scripts/lib/manifest-rules/check-manifests.ts'
import { linkerdOpaque } from '../../scripts/lib/manifest-rules/rules/linkerd-opaque.ts'
import { objectsIn } from '../chart/helm.ts'
import { beside, exampleWith, foundBy } from './support/example.ts'

type Changes = Parameters<typeof exampleWith> extends [string, ...infer C] ? C : never
const opaque = 'config.linkerd.io/opaque-ports'

describe('a gRPC port that Linkerd is told not to look into', () => {
  const found = (...changes: Changes): string[] => foundBy('linkerd-opaque', exampleWith('linkerd-opaque', ...changes))
  const set = (value: string) => [`${opaque}: "8080"`, `${opaque}: "${value}"`] as const
  const unset = [`  annotations:\n    ${opaque}: "8080"\n`, ''] as const
  const pods = (app: string, annotation: string) =>
    [`labels: {app: ${app}}\n    spec`, `labels: {app: ${app}}\n      annotations: {${annotation}}\n    spec`] as const
  const ofService = [`advice Service shop/orders: metadata.annotations.${opaque}`]
  const ofPods = [`advice Deployment shop/orders: spec.template.metadata.annotations.${opaque}`]
  const skipped = ['advice Job shop/client: spec.template.metadata.annotations.config.linkerd.io/skip-outbound-ports']

  it.each(['8080', '3306, 8080', '8000-9000', '25,8080-8080,587', 'grpc'])(
    'is found at the Service in "%s"',
    (value) => {
      expect(found(set(value))).toEqual(ofService)
    },
  )

  it.each(['3306', '8000-8079', '80', '18080', 'http', ''])('is not in "%s"', (value) => {
    expect(found(set(value))).toEqual([])
  })

  it('is found at the pods, by the number that they listen at', () => {
    expect(found(unset, pods('orders', `${opaque}: "8080"`))).toEqual(ofPods)
    const other = ['port: 8080\n---', 'port: 80\n      targetPort: 8080\n---'] as const
    expect(found(unset, other, pods('orders', `${opaque}: "8080"`))).toEqual(ofPods)
    expect(found(unset, other, pods('orders', `${opaque}: "80"`))).toEqual([])
  })

  it('is found at the namespace, unless the Service says otherwise', () => {
    const everywhere = ['linkerd.io/inject: enabled', `linkerd.io/inject: enabled\n    ${opaque}: "8080"`] as const
    expect(found(unset, everywhere)).toEqual([`advice Namespace shop: metadata.annotations.${opaque}`])
    expect(found(set('3306'), everywhere)).toEqual([])
  })

  it('is found at a caller whose calls go past its proxy', () => {
    const skip = (value: string) => pods('client', `config.linkerd.io/skip-outbound-ports: "${value}"`)
    expect(found(unset, skip('8080'))).toEqual(skipped)
    expect(found(unset, skip('3306'))).toEqual([])
    expect(found(unset, skip('8080'), ['linkerd.io/inject: enabled', 'linkerd.io/inject: disabled'])).toEqual([])
  })

  it('is found at a Server for its pods', () => {
    const server = (spec: string) =>
      beside(
        exampleWith('linkerd-opaque', unset),
        `apiVersion: policy.linkerd.io/v1beta3\nkind: Server\nmetadata: {name: grpc, namespace: shop}\nspec: {${spec}}\n`,
      )
    const ofOrders = 'podSelector: {matchLabels: {app: orders}}'
    const foundIn = (spec: string) => foundBy('linkerd-opaque', server(spec))
    expect(foundIn(`${ofOrders}, port: 8080, proxyProtocol: opaque`)).toEqual([
      'advice Server shop/grpc: spec.proxyProtocol',
    ])
    expect(foundIn(`${ofOrders}, port: 8080, proxyProtocol: gRPC`)).toEqual([])
    expect(foundIn(`${ofOrders}, port: 9464, proxyProtocol: opaque`)).toEqual([])
    expect(foundIn('podSelector: {matchLabels: {app: db}}, port: 8080, proxyProtocol: opaque')).toEqual([])
  })

  it('is left alone outside of Linkerd, and when it speaks no gRPC', () => {
    expect(found(['linkerd.io/inject: enabled', 'linkerd.io/inject: disabled'])).toEqual([])
    expect(
      found(
        ['name: grpc\n', 'name: db\n'],
        ['grpc: {port: 8080}', 'tcpSocket: {port: 8080}'],
        ['[-h, "orders:8080"]', '[]'],
      ),
    ).toEqual([])
    expect(found(unset, pods('orders', 'config.linkerd.io/skip-inbound-ports: "8080"'))).toEqual([])
  })

  it.each([
    ['8080', null],
    ['3306,8080', '3306'],
    ['8000-9000', '8000-8079,8081-9000'],
    ['8080-8081', '8081'],
    ['8079-8080,25', '8079,25'],
    ['grpc,http', 'http'],
  ])('is taken out of "%s", which leaves %s', (value, rest) => {
    const text = exampleWith('linkerd-opaque', set(value))
    const [finding] = checkManifests([{ file: 'a.yaml', text }], { rules: [linkerdOpaque] })
    expect(objectsIn(finding?.patch ?? '')[0].metadata.annotations).toEqual({ [opaque]: rest })
  })
})

describe('a headless Service that is called from within Linkerd', () => {
  const found = (...changes: Changes): string[] =>
    foundBy('linkerd-headless', exampleWith('linkerd-headless', ...changes))
  const target = '"dns:///orders-headless:8080"'

  it('is found when its caller has no policy, or asks for gRPC’s own', () => {
    const advice = ['advice Job shop/client: spec.template.spec.containers[0].args[1]']
    expect(found()).toEqual(advice)
    expect(found([target, '"orders-headless:8080"'])).toEqual(advice)
    expect(found([target, `${target}, --lb-policy=pick_first`])).toEqual(advice)
  })

  it('is left alone when its caller balances, or is not in Linkerd', () => {
    expect(found([target, `${target}, --lb-policy=round_robin`])).toEqual([])
    expect(found([target, '"xds:///orders-headless:8080"'])).toEqual([])
    expect(found(['linkerd.io/inject: enabled', 'linkerd.io/inject: disabled'])).toEqual([])
  })

  it('is left alone when it has one pod, or an address', () => {
    expect(found(['replicas: 3', 'replicas: 1'])).toEqual([])
    expect(found(['  clusterIP: None\n', ''])).toEqual([])
  })
})

describe('a ServiceProfile', () => {
  const found = (...changes: Changes): string[] =>
    foundBy('linkerd-service-profile', exampleWith('linkerd-service-profile', ...changes))
  const advice = ['advice ServiceProfile shop/orders.shop.svc.cluster.local: metadata.name']
  const annotation = '  annotations:\n    retry.linkerd.io/grpc: unavailable\n'

  it.each([
    'timeout.linkerd.io/request: 1s',
    'balancer.linkerd.io/failure-accrual: consecutive',
    'balancer.alpha.linkerd.io/load-biaser-penalty: 1s',
  ])('is found beside %s', (line) => {
    expect(found(['retry.linkerd.io/grpc: unavailable', line])).toEqual(advice)
  })

  it('is found beside a route whose parent is its Service', () => {
    const route = (
      name: string,
    ) => `apiVersion: gateway.networking.k8s.io/v1\nkind: GRPCRoute\nmetadata: {name: orders, namespace: shop}
spec: {parentRefs: [{group: "", kind: Service, name: ${name}}], rules: []}\n`
    const bare = exampleWith('linkerd-service-profile', [annotation, ''])
    expect(foundBy('linkerd-service-profile', beside(bare, route('orders')))).toEqual(advice)
    expect(foundBy('linkerd-service-profile', beside(bare, route('others')))).toEqual([])
  })

  it('is found in the namespace of a caller too', () => {
    const elsewhere = [
      'name: orders.shop.svc.cluster.local\n  namespace: shop',
      'name: orders.shop.svc.cluster.local\n  namespace: elsewhere',
    ] as const
    expect(found(elsewhere)).toEqual(['advice ServiceProfile elsewhere/orders.shop.svc.cluster.local: metadata.name'])
  })

  it('is found under a name that no proxy looks up, whatever stands beside it', () => {
    const short = ['name: orders.shop.svc.cluster.local', 'name: orders'] as const
    expect(found([annotation, ''], short)).toEqual(['advice ServiceProfile shop/orders: metadata.name'])
    expect(found([annotation, ''], ['name: orders.shop.svc.cluster.local', 'name: orders.shop'])).toHaveLength(1)
    expect(found([annotation, ''], ['orders.shop.svc.cluster.local', 'orders.shop.svc.k8s.example'])).toEqual([])
    expect(found([annotation, ''], ['name: orders.shop.svc.cluster.local', 'name: api.example'])).toEqual([])
  })

  it('is left alone when it switches nothing off', () => {
    expect(found([annotation, ''])).toEqual([])
    expect(found(['retry.linkerd.io/grpc: unavailable', 'config.linkerd.io/opaque-ports: "3306"'])).toEqual([])
    expect(found(['name: orders.shop.svc', 'name: others.shop.svc'])).toEqual([])
  })
})
