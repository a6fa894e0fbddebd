import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { chooseAddresses } from '../../scripts/lab/addresses.ts'
import { judge } from '../../scripts/lib/verdict.ts'
import { endCommands } from '../support/echo-command.ts'
import { FakeKubernetes } from '../support/fake-kubernetes-api.ts'
import { whereThereIs } from '../support/where-there-is.ts'
import { Backends } from './support/backends.ts'
import { ControlPlane } from './support/control-plane.ts'
import { Envoy, noEnvoy } from './support/envoy.ts'
import type { ForeignTally } from './support/foreign-client.ts'
import { callThrough } from './support/proxied-calls.ts'

const four = ['pod-1', 'pod-2', 'pod-3', 'pod-4']

whereThereIs('an Envoy that has all its configuration from the control plane', noEnvoy, () => {
  let kubernetes: FakeKubernetes
  let backends: Backends
  let plane: ControlPlane
  let envoy: Envoy
  let listener: (index: number) => string

  beforeAll(async () => {
    ;[kubernetes, { server: listener }] = await Promise.all([FakeKubernetes.start(), chooseAddresses(4, true)])
    backends = await Backends.start(kubernetes, four)
    for (const service of ['orders', 'live']) backends.list(service, four)
    backends.list('stable', ['pod-1', 'pod-2'])
    backends.list('canary', ['pod-3', 'pod-4'])
    plane = await ControlPlane.start(kubernetes, { config: configFor(listener) })
    envoy = await Envoy.start(plane.address)
    await vi.waitFor(
      async () => expect(await envoy.stats('listener_manager.total_listeners_active')).toEqual(allActive),
      patience,
    )
  })
  afterAll(async () => {
    await envoy?.stop()
    await plane?.stop()
    await endCommands()
    await backends?.stop()
    await kubernetes?.close()
  })

  it('spreads calls in turn over every pod', async () => {
    const tally = await callThrough(listener(0), 400)
    expect(judgeOf(tally, 'round_robin')).toMatchObject({ verdict: 'even', peers: 4, requests: 400 })
  })

  it('calls a slow pod least where the policy is least_request', async () => {
    const request = { behaviour: { onlyPod: 'pod-1', delayMilliseconds: 100 } }
    const tally = await callThrough(listener(1), 1200, { concurrency: 16, request })
    const [slow = 0, ...others] = four.map((pod) => tally.counts[pod] ?? 0)
    expect(tally.failed, JSON.stringify(tally)).toBe(0)
    expect(slow, JSON.stringify(tally)).toBeLessThan(Math.min(...others) / 2)
  })

  it('splits calls between two Services by their weights', async () => {
    const { counts, failed, errors } = await callThrough(listener(2), 2000)
    expect(failed, JSON.stringify(errors)).toBe(0)
    const of = (...pods: string[]) => pods.reduce((sum, pod) => sum + (counts[pod] ?? 0), 0)
    const verdict = judge([of('pod-1', 'pod-2'), of('pod-3', 'pod-4')], { policy: 'weighted', weights: [90, 10] })
    expect(verdict, verdict.reason).toMatchObject({ verdict: 'matches-weights', requests: 2000 })
  })

  it('finds pods that join, leaves those that go, and fails no call meanwhile', async () => {
    for (const listed of [['pod-1', 'pod-2'], ['pod-2', 'pod-3'], four]) {
      backends.list('live', listed)
      await vi.waitFor(async () => {
        const { counts, failed, errors } = await callThrough(listener(3), 60)
        expect(failed, JSON.stringify(errors)).toBe(0)
        expect(Object.keys(counts).sort()).toEqual(listed)
      }, patience)
    }
  })

  it('has refused nothing that it was told', async () => {
    const refused = await envoy.stats('update_rejected$')
    expect(Object.keys(refused).length).toBeGreaterThanOrEqual(3)
    expect(
      Object.values(refused).reduce((sum, value) => sum + value, 0),
      envoy.output(),
    ).toBe(0)
    expect(await plane.metric('lookaside_xds_nacks_total'), plane.output()).toBe(0)
    // What it says of a listener that is for clients of gRPC, and that it passes over.
    expect(envoy.output()).not.toContain('ApiListener')
  })

  it('goes on with what it knows while the control plane is gone, and hears of changes once it is back', async () => {
    await plane.kill()
    expect(judgeOf(await callThrough(listener(3), 400), 'round_robin')).toMatchObject({ verdict: 'even', peers: 4 })
    backends.list('live', ['pod-4'])
    await plane.restart()
    await vi.waitFor(async () => {
      expect((await callThrough(listener(3), 10)).counts).toEqual({ 'pod-4': 10 })
    }, patience)
  })
})

/** Generous: it is no figure. */
const patience = { timeout: 30_000, interval: 100 }

const allActive = { 'listener_manager.total_listeners_active': 4 }

function configFor(listener: (index: number) => string): object {
  const orders = [{ service: 'orders.shop:grpc', weight: 1 }]
  const weighted = [
    { service: 'stable.shop:grpc', weight: 90 },
    { service: 'canary.shop:grpc', weight: 10 },
  ]
  return {
    services: {
      'orders.shop:8080': { backends: orders, envoyListener: listener(0) },
      'least.shop:8080': {
        ...{ policy: { least_request: { choiceCount: 2 } }, backends: orders, envoyListener: listener(1) },
      },
      'canary.shop:8080': { backends: weighted, envoyListener: listener(2) },
      'live.shop:8080': { backends: [{ service: 'live.shop:grpc', weight: 1 }], envoyListener: listener(3) },
      // For clients of gRPC alone: an Envoy has to put up with what is none of its business.
      'unlistened.shop:8080': { backends: orders },
    },
  }
}

function judgeOf(tally: ForeignTally, policy: 'round_robin' | 'random') {
  expect(tally.failed, JSON.stringify(tally.errors)).toBe(0)
  return judge(
    four.map((pod) => tally.counts[pod] ?? 0),
    { policy, names: four },
  )
}
