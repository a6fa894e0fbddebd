import { describe, expect, it } from 'vitest'
import { echoNumber, isEcho, isEchoServer, withOption } from '../../scripts/lib/manifest-rules/echo-options.ts'
import { secondsIn } from '../../scripts/lib/manifests/duration.ts'
import { grpcServersIn } from '../../scripts/lib/manifests/grpc-servers.ts'
import { Model } from '../../scripts/lib/manifests/model.ts'
import { nearMiss } from '../../scripts/lib/manifests/near-miss.ts'
import { podPort } from '../../scripts/lib/manifests/pod-port.ts'
import { isProxy } from '../../scripts/lib/manifests/proxies.ts'
import { readManifests } from '../../scripts/lib/manifests/read-manifests.ts'
import type { Container } from '../../scripts/lib/manifests/workload.ts'
import { headless, servers, service } from '../support/shop.ts'

const container = (content: object): Container => ({ name: 'a', path: [], ports: [], content })
const modelOf = (...objects: object[]) =>
  new Model(readManifests(objects.map((object, i) => ({ file: `${i}.json`, text: JSON.stringify(object) }))))

describe('a duration', () => {
  it.each([
    ['20', 20],
    ['20s', 20],
    ['1m30s', 90],
    ['1.5h', 5400],
    ['500ms', 0.5],
    ['infinity', undefined],
    ['5 s', undefined],
    ['$SECONDS', undefined],
    ['', undefined],
  ])('%j is %s seconds', (text, seconds) => {
    expect(secondsIn(text)).toBe(seconds)
  })
})

describe('an image of a proxy', () => {
  it.each([
    'envoyproxy/envoy:v1.31',
    'docker.io/istio/proxyv2:1.31',
    'nginx',
    'nginxinc/nginx-unprivileged@sha256:1',
    'haproxytech/haproxy-alpine:3',
  ])('is %s', (image) => {
    expect(isProxy(container({ image }))).toBe(true)
  })

  it.each(['acme/orders:envoy-1', 'ghcr.io/envoyed/orders', 'localhost:5000/web', undefined])('is not %s', (image) => {
    expect(isProxy(container({ image }))).toBe(false)
  })
})

describe('our own program', () => {
  const image = 'ghcr.io/evenly-grpc/evenly-echo:0.2.0'

  it('is known by its image, wherever that is kept', () => {
    const all = [image, 'evenly-echo', 'registry:5000/x/evenly-echo@sha256:1'].map((image) =>
      isEcho(container({ image })),
    )
    expect(all).toEqual([true, true, true])
    expect(isEcho(container({ image: 'acme/not-evenly-echo:1' }))).toBe(false)
  })

  it('is a server but with a target', () => {
    expect(isEchoServer(container({ image }))).toBe(true)
    expect(isEchoServer(container({ image, args: ['-h', 'orders:8080'] }))).toBe(false)
    expect(isEchoServer(container({ image, args: ['--host=orders:8080'] }))).toBe(false)
    expect(isEchoServer(container({ image: 'acme/orders' }))).toBe(false)
  })

  it('has its options from arguments, then the environment, then by default', () => {
    const env = [{ name: 'ECHO_DRAIN_SECONDS', value: '7' }]
    expect(echoNumber(container({ env, args: ['-s', '--drain-seconds=5'] }), 'drain-seconds')).toBe(5)
    expect(echoNumber(container({ env, args: ['-s', '--drain-seconds', '6'] }), 'drain-seconds')).toBe(6)
    expect(echoNumber(container({ env }), 'drain-seconds')).toBe(7)
    expect(echoNumber(container({}), 'drain-seconds')).toBe(20)
  })

  it.each([
    [['-s'], ['-s', '--drain-seconds=9']],
    [
      ['--drain-seconds=5', '-s'],
      ['--drain-seconds=9', '-s'],
    ],
    [
      ['--drain-seconds', '5', '-s'],
      ['--drain-seconds=9', '-s'],
    ],
  ])('is given an option where it stands: %j', (args, expected) => {
    expect(withOption(args, 'drain-seconds', 9)).toEqual(expected)
  })
})

describe('a near miss', () => {
  it.each([
    [{ app: 'orders', tier: 'api' }, { app: 'orders' }, 'tier'],
    [{ app: 'orders', version: 'v1' }, { app: 'orders', version: 'stable' }, 'version'],
    [{ app: 'order' }, { app: 'orders' }, 'app'],
    [{ app: 'orders' }, { app: 'orders' }, undefined],
    [{ app: 'orders' }, {}, undefined],
    [{ app: 'payments', tier: 'api' }, { app: 'orders', tier: 'api' }, undefined],
    [{ app: 'orders', a: '1', b: '2' }, { app: 'orders' }, undefined],
    [{ app: 'orders', 'vault-active': 'true' }, { app: 'orders' }, undefined],
  ])('of %j with %j is %s', (selector, labels, label) => {
    expect(nearMiss(selector, labels)).toBe(label)
  })
})

describe('servers of gRPC', () => {
  const inShort = (...objects: object[]) =>
    grpcServersIn(modelOf(...objects)).map(({ workload, number, isGuess }) => `${workload.name} ${number} ${isGuess}`)

  it('are those behind Services, each port once', () => {
    expect(inShort(service(), headless({}, { name: 'twin' }), servers())).toEqual(['orders 8080 false'])
  })

  it('are known by convention alone, or by more', () => {
    const usual = service({ ports: [{ name: 'a', port: 50051 }] })
    expect(inShort(usual, servers({ container: { ports: [{ containerPort: 50051 }] } }))).toEqual(['orders 50051 true'])
    const said = servers({ container: { ports: [{ name: 'grpc', containerPort: 50051 }] } })
    expect(inShort(usual, said)).toEqual(['orders 50051 false'])
  })

  it('are not guessed among several containers', () => {
    const sidecar = [{ name: 'proxy', restartPolicy: 'Always' }]
    expect(inShort(service(), servers({ container: { ports: [] }, pod: { initContainers: sidecar } }))).toEqual([])
  })
})

describe('the port of pods', () => {
  it.each([
    ['a number', 9090, [servers()], 9090],
    ['a name', 'grpc', [servers()], 8080],
    ['a name that nobody has', 'api', [servers()], undefined],
    [
      'a name in which they differ',
      'grpc',
      [servers(), servers({ metadata: { name: 'b' }, container: { ports: [{ name: 'grpc', containerPort: 1 }] } })],
      undefined,
    ],
  ])('by %s', (_, targetPort, workloads, number) => {
    const [orders] = modelOf(service(), ...workloads).services
    expect(orders && podPort(orders, { targetPort })).toBe(number)
  })
})
