import { describe, expect, it } from 'vitest'
import { clusterIpPins } from '../../scripts/lib/manifest-rules/rules/cluster-ip-pins.ts'
import { headlessPickFirst } from '../../scripts/lib/manifest-rules/rules/headless-pick-first.ts'
import { roundRobinBlind } from '../../scripts/lib/manifest-rules/rules/round-robin-blind.ts'
import { roundRobinClusterIp } from '../../scripts/lib/manifest-rules/rules/round-robin-cluster-ip.ts'
import { client, findingsOf, found, headless, mended, servers, service } from '../support/shop.ts'

const target = 'dns:///orders:8080'
const roundRobin = client(['-h', target, '--lb-policy=round_robin'])
const pickFirst = client(['-h', target])
const inMesh = { labels: { 'sidecar.istio.io/inject': 'true' } }
const foreign = (args: readonly string[], parts: object = {}) =>
  client([], { container: { args, image: 'acme/web:1' }, ...parts })
const aged = servers({ container: { args: ['-s', '--max-connection-age-seconds=60'] } })
const argsOf = (object: ReturnType<typeof servers>): string[] => object.spec.template.spec.containers[0].args
const place = 'Job shop/client spec.template.spec.containers[0].args'

describe('headless-pick-first', () => {
  const of = (...objects: object[]) => found(headlessPickFirst, objects)

  it('finds a client of ours that is told no policy, or that one', () => {
    expect(of(headless(), servers(), pickFirst)).toEqual([`error ${place}[1]`])
    const told = client(['-h', target, '--lb-policy=pick_first'])
    expect(of(headless(), servers(), told)).toEqual([`error ${place}[1]`])
  })

  it('is sure of a foreign client only when that is told pick_first, and says it in its place', () => {
    expect(of(headless(), servers(), foreign([target]))).toEqual([`advice ${place}[0]`])
    const told = foreign([`--target=${target}`, '{"loadBalancingConfig":[{"pick_first":{}}]}'])
    expect(of(headless(), servers(), told)).toEqual([`error ${place}[0]`])
    const [, , job] = mended(headlessPickFirst, [headless(), servers(), told])
    expect(argsOf(job)).toEqual([`--target=${target}`, '{"loadBalancingConfig":[{"round_robin":{}}]}'])
  })

  it('says it in a ConfigMap too', () => {
    const data = { 'web.yaml': 'target: dns:///orders:8080\nload_balancing: PICK_FIRST\n' }
    const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web', namespace: 'shop' }, data }
    const told = client([], {
      container: { args: undefined, image: 'acme/web:1', envFrom: [{ configMapRef: { name: 'web' } }] },
    })
    expect(of(headless(), servers(), map, told)).toEqual(['error ConfigMap shop/web data["web.yaml"]'])
    const [, , patched] = mended(headlessPickFirst, [headless(), servers(), map, told])
    expect(patched.data['web.yaml']).toBe('target: dns:///orders:8080\nload_balancing: round_robin\n')
  })

  it('is not sure where one pod serves', () => {
    expect(of(headless(), servers({ spec: { replicas: 1 } }), pickFirst)).toEqual([`advice ${place}[1]`])
  })

  it.each([
    ['a policy that balances', headless(), roundRobin],
    ['another policy that balances', headless(), foreign([target, '{"loadBalancingConfig":[{"least_request":{}}]}'])],
    ['a virtual IP, which is for another rule', service(), pickFirst],
    ['a sidecar', headless(), client(['-h', target], inMesh)],
    ['a control plane', headless(), client(['-h', 'xds:///orders:8080'])],
    [
      'a proxy, which has a policy of its own',
      headless(),
      foreign([target], { container: { image: 'nginx:1.27', args: [target] } }),
    ],
    ['one pod by its own name', headless(), client(['-h', 'orders-0.orders:8080'])],
    [
      'a test of the release',
      headless(),
      client(['-h', target], { metadata: { annotations: { 'helm.sh/hook': 'test' } } }),
    ],
    ['its own peers', headless(), servers({ container: { args: ['-s', target] } })],
  ])('is silent about %s', (_, orders, caller) => {
    expect(of(orders, servers(), caller)).toEqual([])
  })
})

describe('round-robin-cluster-ip', () => {
  const of = (...objects: object[]) => found(roundRobinClusterIp, objects)

  it.each([
    ['round_robin', roundRobin, `error ${place}[1]`],
    ['a service config', foreign([target, '{"loadBalancingConfig":[{"round_robin":{}}]}']), `error ${place}[0]`],
    ['weighted_round_robin', foreign(['orders:8080', 'weighted_round_robin']), `error ${place}[0]`],
  ])('finds a client that balances over a virtual IP by %s', (_, caller, place) => {
    expect(of(service(), servers(), caller)).toEqual([place])
  })

  it('has it call the headless Service, and keeps its policy', () => {
    const [, server, job, twin] = mended(roundRobinClusterIp, [service(), servers(), roundRobin])
    expect(argsOf(job)).toEqual(['-h', 'dns:///orders-headless:8080', '--lb-policy=round_robin'])
    expect(twin.spec.clusterIP).toBe('None')
    expect(argsOf(server)).toContain('--max-connection-age-seconds=30')
  })

  it('is not sure of proxies, which open a connection for each of their threads, and of single pods', () => {
    const proxy = foreign([], {
      container: { image: 'envoyproxy/envoy:v1.31', args: [target, 'lb_policy: ROUND_ROBIN'] },
    })
    expect(of(service(), servers(), proxy)).toEqual([`advice ${place}[0]`])
    expect(of(service(), servers({ spec: { replicas: 1 } }), roundRobin)).toEqual([`advice ${place}[1]`])
  })

  it.each([
    ['a headless Service', headless(), roundRobin],
    ['a client that is told no policy, which is for another rule', service(), pickFirst],
    ['a sidecar', service(), client(['-h', target, '--lb-policy=round_robin'], inMesh)],
    ['a resolver that watches pods', service(), foreign(['k8s:///orders:8080', 'round_robin'])],
    ['the same by its longer name', service(), foreign(['kubernetes:///orders.shop:8080', 'round_robin'])],
    ['a control plane', service(), foreign(['xds:///orders:8080', 'round_robin'])],
    ['a Service of nobody', service({ selector: undefined }), roundRobin],
  ])('is silent about %s', (_, orders, caller) => {
    expect(of(orders, servers(), caller)).toEqual([])
  })
})

describe('round-robin-blind', () => {
  const of = (...objects: object[]) => found(roundRobinBlind, objects)
  const where = 'Deployment shop/orders spec.template.spec.containers'

  it('finds servers whose connections live for ever, once for all their clients', () => {
    const other = client(['-h', target, '--lb-policy=round_robin'], { metadata: { name: 'other' } })
    const without = servers({ container: { args: ['-s'] } })
    expect(of(headless(), without, roundRobin, other)).toEqual([`error ${where}[0].args`])
    const [finding] = findingsOf(roundRobinBlind, [headless(), without, roundRobin, other])
    expect(finding?.message).toContain('Job shop/client (and 1 more) looks dns:///orders:8080 up again only when')
  })

  it('gives them an age', () => {
    const [, server] = mended(roundRobinBlind, [headless(), servers(), roundRobin])
    expect(argsOf(server)).toEqual(['-s', '--max-connection-age-seconds=30'])
  })

  it('is not sure of servers that are not ours, whose code may have one', () => {
    const server = servers({ container: { image: 'acme/orders:1' } })
    expect(of(headless(), server, roundRobin)).toEqual([`advice ${where}`])
    expect(mended(roundRobinBlind, [headless(), server, roundRobin])).toEqual(
      JSON.parse(JSON.stringify([headless(), server, roundRobin])),
    )
  })

  it('is not sure of servers in a mesh', () => {
    expect(of(headless(), servers(inMesh), roundRobin)).toEqual([`advice ${where}[0].args`])
  })

  it('is silent about a single pod that nobody scales', () => {
    expect(of(headless(), servers({ spec: { replicas: 1 } }), roundRobin)).toEqual([])
  })

  it('tells of those alone among several that end none', () => {
    const canary = servers({ metadata: { name: 'orders-canary' } })
    expect(of(headless(), aged, canary, roundRobin)).toEqual([
      'error Deployment shop/orders-canary spec.template.spec.containers[0].args',
    ])
  })

  it.each([
    ['an argument', { args: ['-s', '--max-connection-age-seconds=60'] }],
    ['a variable of ours', { env: [{ name: 'ECHO_MAX_CONNECTION_AGE_SECONDS', value: '60' }] }],
    ['a variable of somebody', { image: 'acme/orders:1', env: [{ name: 'GRPC_MAX_CONN_AGE', value: '5m' }] }],
  ])('is silent about servers that end connections by %s', (_, container) => {
    expect(of(headless(), servers({ container }), roundRobin)).toEqual([])
  })

  it.each([
    ['pick_first, which is for another rule', headless(), pickFirst],
    ['a virtual IP, which is for another rule', service(), roundRobin],
    ['a sidecar', headless(), client(['-h', target, '--lb-policy=round_robin'], inMesh)],
    ['a resolver that watches pods', headless(), foreign(['k8s:///orders:8080', 'round_robin'])],
    [
      'a proxy, which looks names up by the clock',
      headless(),
      foreign([], { container: { image: 'envoyproxy/envoy:v1', args: [target, 'ROUND_ROBIN'] } }),
    ],
  ])('is silent about %s', (_, orders, caller) => {
    expect(of(orders, servers(), caller)).toEqual([])
  })

  it('is silent about a CronJob, whose client is made anew each time', () => {
    const { spec, metadata } = roundRobin
    const cron = { apiVersion: 'batch/v1', kind: 'CronJob', metadata, spec: { jobTemplate: { spec } } }
    expect(of(headless(), servers(), cron)).toEqual([])
  })
})

describe('a target in a ConfigMap that several clients are given', () => {
  const map = (text: string) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'web', namespace: 'shop' },
    data: { target: text },
  })
  const given = (name: string, image = 'acme/web:1') =>
    client([], {
      metadata: { name },
      container: { args: undefined, image, envFrom: [{ configMapRef: { name: 'web' } }] },
    })

  it.each([
    ['cluster-ip-pins', clusterIpPins, service(), 'dns:///orders:8080'],
    ['round-robin-cluster-ip', roundRobinClusterIp, service(), 'dns:///orders:8080 round_robin'],
    ['headless-pick-first', headlessPickFirst, headless(), 'dns:///orders:8080 pick_first'],
  ])('is told of once by %s', (_, rule, orders, text) => {
    const findings = findingsOf(rule, [orders, servers(), map(text), given('a'), given('b'), given('c')])
    expect(findings.map(({ object, severity }) => `${severity} ${object}`)).toEqual(['error ConfigMap shop/web'])
    expect(findings[0]?.message).toContain('Job shop/a (and 2 more)')
  })

  it('is sure when it is of any of them', () => {
    const severities = (...images: string[]) =>
      found(clusterIpPins, [
        service(),
        servers(),
        map('orders:8080'),
        ...images.map((image, i) => given(`c${i}`, image)),
      ])
    expect(severities('nginx:1', 'acme/web:1')).toEqual(['error ConfigMap shop/web data.target'])
    expect(severities('nginx:1', 'haproxy:3')).toEqual(['advice ConfigMap shop/web data.target'])
  })
})

describe('a call that is refused for want of a sidecar', () => {
  it('is no call that a client balances', () => {
    const strict = {
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      metadata: { name: 'default', namespace: 'shop' },
      spec: { mtls: { mode: 'STRICT' } },
    }
    const objects = [service(), servers(inMesh), client(['-h', 'orders:8080'])]
    expect(found(clusterIpPins, objects)).toHaveLength(1)
    expect(found(clusterIpPins, [...objects, strict])).toEqual([])
  })
})
