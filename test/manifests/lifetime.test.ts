import { describe, expect, it } from 'vitest'
import { drainExceedsGrace } from '../../scripts/lib/manifest-rules/rules/drain-exceeds-grace.ts'
import { replicasBesideAutoscaler } from '../../scripts/lib/manifest-rules/rules/replicas-beside-autoscaler.ts'
import { client, findingsOf, found, mended, servers, service } from '../support/shop.ts'

const podSpec = 'Deployment shop/orders spec.template.spec'
const sleeping = (command: readonly string[]) => ({ lifecycle: { preStop: { exec: { command } } } })
const sleep = (seconds: number) => ({ lifecycle: { preStop: { sleep: { seconds } } } })

describe('drain-exceeds-grace', () => {
  const of = (container: object, grace?: number) =>
    found(drainExceedsGrace, [service(), servers({ container, pod: { terminationGracePeriodSeconds: grace } })])
  const hook = [`error ${podSpec}.containers[0].lifecycle.preStop`]
  const grace = [`error ${podSpec}.terminationGracePeriodSeconds`]

  it.each([
    ['a sleep before our drain of 20 s', sleep(10), 30, hook],
    ['a sleep before our drain, in the 30 s that there are by default', sleep(10), undefined, hook],
    ['a drain that is as long', { args: ['-s', '--drain-seconds=30'] }, 30, grace],
    ['a drain in two words', { args: ['-s', '--drain-seconds', '30'] }, 30, grace],
    ['a drain in the environment', { env: [{ name: 'ECHO_DRAIN_SECONDS', value: '30' }] }, 30, grace],
    ['a wait before the drain', { args: ['-s', '--not-ready-seconds=15'] }, 30, grace],
    ['no grace at all', {}, 0, grace],
    ['a shell that sleeps', sleeping(['sh', '-c', 'sleep 10']), 30, hook],
    ['a program that sleeps', { image: 'acme/orders:1', ...sleeping(['/bin/sleep', '30']) }, 30, hook],
    ['two sleeps', { image: 'acme/orders:1', ...sleeping(['sh', '-c', 'sleep 20 && kill 1 && sleep 10s']) }, 30, hook],
  ])('finds %s', (_, container, seconds, place) => {
    expect(of(container, seconds)).toEqual(place)
  })

  it('gives what it takes, and some more', () => {
    const objects = [service(), servers({ container: sleep(10) })]
    expect(mended(drainExceedsGrace, objects)[1].spec.template.spec.terminationGracePeriodSeconds).toBe(35)
    expect(found(drainExceedsGrace, mended(drainExceedsGrace, objects))).toEqual([])
    const [finding] = findingsOf(drainExceedsGrace, objects)
    expect(finding?.message).toMatch(
      /killed 30 s .* by default, and its preStop hook takes 10 s and its drain may take 20 s/,
    )
  })

  it.each([
    ['a sleep and a drain that leave a second', sleep(9), 30],
    ['our server as it is', {}, undefined],
    ['a longer grace', sleep(30), 60],
    ['a foreign server that sleeps for less, whose drain nobody sees', { image: 'acme/orders:1', ...sleep(25) }, 30],
    ['a hook that does something else', { image: 'acme/orders:1', ...sleeping(['/bin/stop', '--seconds=60']) }, 30],
    ['a word that has sleep in it', { image: 'acme/orders:1', ...sleeping(['sh', '-c', 'nosleep 60']) }, 30],
    ['our client, which drains nothing', { args: ['-h', 'stock:8080', '--drain-seconds=60'] }, 30],
    [
      'a variable that the arguments overrule',
      { args: ['-s', '--drain-seconds=5'], env: [{ name: 'ECHO_DRAIN_SECONDS', value: '60' }] },
      30,
    ],
  ])('is silent about %s', (_, container, seconds) => {
    expect(of(container, seconds)).toEqual([])
  })

  it('is silent about what serves no gRPC', () => {
    const web = service({ ports: [{ name: 'http', port: 80, targetPort: 80 }] })
    const server = servers({ container: { image: 'nginx:1.27', ports: [{ containerPort: 80 }], ...sleep(60) } })
    expect(found(drainExceedsGrace, [web, server])).toEqual([])
    expect(found(drainExceedsGrace, [client(['-h', 'orders:8080'], { container: sleep(60) })])).toEqual([])
  })
})

describe('replicas-beside-autoscaler', () => {
  const of = (...objects: object[]) => found(replicasBesideAutoscaler, objects)
  const autoscaler = (spec: object = {}, kind = 'HorizontalPodAutoscaler') => ({
    apiVersion: 'autoscaling/v2',
    kind,
    metadata: { name: 'orders', namespace: 'shop' },
    spec: { scaleTargetRef: { kind: 'Deployment', name: 'orders' }, maxReplicas: 9, ...spec },
  })
  const place = ['error Deployment shop/orders spec.replicas']

  it('finds replicas beside an autoscaler of Kubernetes or of KEDA, and takes them out', () => {
    expect(of(service(), servers(), autoscaler())).toEqual(place)
    const keda = autoscaler({ scaleTargetRef: { name: 'orders' }, maxReplicas: undefined }, 'ScaledObject')
    expect(of(service(), servers(), keda)).toEqual(place)
    expect(mended(replicasBesideAutoscaler, [service(), servers(), keda])[1].spec).not.toHaveProperty('replicas')
  })

  it('finds them in a client too', () => {
    const caller = servers({
      metadata: { name: 'web' },
      labels: { app: 'web' },
      container: { args: ['-h', 'orders:8080'], ports: [] },
    })
    const scaled = autoscaler({ scaleTargetRef: { kind: 'Deployment', name: 'web' } })
    expect(of(service(), servers(), caller, scaled)).toEqual(['error Deployment shop/web spec.replicas'])
  })

  it.each([
    ['no replicas', servers({ spec: { replicas: undefined } }), autoscaler()],
    ['no autoscaler', servers()],
    ['the autoscaler of another', servers(), autoscaler({ scaleTargetRef: { kind: 'Deployment', name: 'stock' } })],
    [
      'the autoscaler of another kind',
      servers(),
      autoscaler({ scaleTargetRef: { kind: 'StatefulSet', name: 'orders' } }),
    ],
    ['an autoscaler that has no choice', servers(), autoscaler({ minReplicas: 3, maxReplicas: 3 })],
  ])('is silent about %s', (_, ...objects) => {
    expect(of(service(), ...objects)).toEqual([])
  })

  it('is not taken in by an autoscaler whose only number is another one', () => {
    expect(of(service(), servers(), autoscaler({ minReplicas: 4, maxReplicas: 4 }))).toEqual(place)
  })

  it('is silent about what has nothing to do with gRPC', () => {
    const web = service({ ports: [{ name: 'http', port: 80 }] })
    expect(of(web, servers({ container: { ports: [] } }), autoscaler())).toEqual([])
  })
})
