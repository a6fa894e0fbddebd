import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { judge } from '../../scripts/lib/verdict.ts'
import { endCommands } from '../support/echo-command.ts'
import { FakeKubernetes } from '../support/fake-kubernetes-api.ts'
import { whereThereIs } from '../support/where-there-is.ts'
import { Backends, type Listed } from './support/backends.ts'
import { bootstrapFor } from './support/bootstrap.ts'
import { ControlPlane } from './support/control-plane.ts'
import { connected, judgeOf, sumOf, until } from './support/foreign-calls.ts'
import { buildForeignClient, ForeignClient, noForeignClient } from './support/foreign-client.ts'
import { slowPod } from './support/slow-pod.ts'

const four = ['pod-1', 'pod-2', 'pod-3', 'pod-4']
const zoned: Listed[] = [
  { pod: 'pod-1', zone: 'zone-a' },
  { pod: 'pod-2', zone: 'zone-a' },
  { pod: 'pod-3', zone: 'zone-b' },
  { pod: 'pod-4', zone: 'zone-b' },
]
const scattered: Listed[] = four.map((pod) => ({ pod, zone: `zone-of-${pod}` }))

const config = {
  services: {
    'orders.shop:8080': { backends: behind('orders') },
    'zoned.shop:8080': { backends: behind('zoned') },
    'least.shop:8080': { policy: { least_request: { choiceCount: 2 } }, backends: behind('scattered') },
    'ring.shop:8080': {
      policy: { ring_hash_experimental: { requestHashHeader: 'x-user' } },
      backends: behind('orders'),
    },
    'canary.shop:8080': {
      backends: [
        { service: 'stable.shop:grpc', weight: 90 },
        { service: 'canary.shop:grpc', weight: 10 },
      ],
    },
    'near.shop:8080': { backends: behind('zoned'), localities: 'zoneFirst' },
    'heavy.shop:8080': {
      ...{ backends: behind('zoned'), localities: 'weighted', zoneWeights: { 'zone-a': 3, 'zone-b': 1 } },
    },
    'failing.shop:8080': { backends: behind('failing'), failover: ['backup.shop:grpc'] },
    'live.shop:8080': { backends: behind('live') },
  },
}

function behind(service: string): object[] {
  return [{ service: `${service}.shop:grpc`, weight: 1 }]
}

whereThereIs('a client of grpc-go on the control plane', noForeignClient, () => {
  let kubernetes: FakeKubernetes
  let backends: Backends
  let plane: ControlPlane
  let program: Awaited<ReturnType<typeof buildForeignClient>>
  const clients: ForeignClient[] = []

  beforeAll(async () => {
    ;[program, kubernetes] = await Promise.all([buildForeignClient(), FakeKubernetes.start()])
    backends = await Backends.start(kubernetes, four)
    for (const service of ['orders', 'live']) backends.list(service, four)
    backends.list('zoned', zoned)
    backends.list('scattered', scattered)
    backends.list('stable', ['pod-1', 'pod-2'])
    backends.list('canary', ['pod-3', 'pod-4'])
    backends.list('failing', ['pod-1', 'pod-2'])
    backends.list('backup', ['pod-3'])
    plane = await ControlPlane.start(kubernetes, { config })
  }, 600_000)
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.stop()
  })
  afterAll(async () => {
    await plane?.stop()
    await endCommands()
    await backends?.stop()
    await kubernetes?.close()
    await program?.remove()
  })

  function dial(service: string, zone = ''): ForeignClient {
    const client = new ForeignClient(
      program.folder,
      `xds:///${service}.shop:8080`,
      bootstrapFor(plane.address, { zone }),
    )
    clients.push(client)
    return client
  }

  it('spreads its calls in turn over every pod', async () => {
    const client = dial('orders')
    await connected(client, four)
    const tally = await client.call({ calls: 400 })
    expect(judgeOf(four, tally, 'round_robin')).toMatchObject({ verdict: 'even', peers: 4, requests: 400 })
  })

  it('calls a slow pod least where the policy is least_request, though each pod is alone in its zone', async () => {
    const client = dial('least')
    await connected(client, four)
    const tally = await client.call({ calls: 1200, concurrency: 16, request: slowPod('pod-1', 100) })
    const [slow = 0, ...others] = four.map((pod) => tally.counts[pod] ?? 0)
    expect(tally.failed, JSON.stringify(tally)).toBe(0)
    expect(slow, JSON.stringify(tally)).toBeLessThan(Math.min(...others) / 2)
  })

  it('calls one pod per key where the policy hashes a header, and all pods over many keys', async () => {
    const client = dial('ring')
    const tally = await client.call({ calls: 1000, keyHeader: 'x-user', keys: 200 })
    expect(tally.failed, JSON.stringify(tally.errors)).toBe(0)
    const scattered = Object.entries(tally.keys ?? {}).filter(([, peers]) => Object.keys(peers).length !== 1)
    expect(scattered).toEqual([])
    expect(Object.keys(tally.counts).sort()).toEqual(four)
  })

  it('splits its calls between two Services by their weights', async () => {
    const client = dial('canary')
    await connected(client, ['pod-1'])
    const tally = await client.call({ calls: 2000 })
    const counts = [sumOf(tally, ['pod-1', 'pod-2']), sumOf(tally, ['pod-3', 'pod-4'])]
    const verdict = judge(counts, { policy: 'weighted', weights: [90, 10] })
    expect(verdict, verdict.reason).toMatchObject({ verdict: 'matches-weights', requests: 2000 })
  })

  it('calls the pods of all zones in turn, as if there were no zones, where localities are none', async () => {
    const client = dial('zoned', 'zone-a')
    await connected(client, four)
    const tally = await client.call({ calls: 400 })
    expect(judgeOf(four, tally, 'round_robin')).toMatchObject({ verdict: 'even', peers: 4 })
  })

  it('calls the pods of its own zone alone where that comes first, and those of others once none is left', async () => {
    const client = dial('near', 'zone-b')
    const near = await client.call({ calls: 200 })
    expect(Object.keys(near.counts).sort()).toEqual(['pod-3', 'pod-4'])
    backends.list('zoned', zoned.slice(0, 2))
    await until(client, ({ counts }) => Object.keys(counts).sort().join() === 'pod-1,pod-2')
    backends.list('zoned', zoned)
    await until(client, ({ counts }) => Object.keys(counts).sort().join() === 'pod-3,pod-4')
  })

  it('calls the zones by their weights', async () => {
    const client = dial('heavy')
    await connected(client, four)
    const tally = await client.call({ calls: 2000 })
    const counts = [sumOf(tally, ['pod-1', 'pod-2']), sumOf(tally, ['pod-3', 'pod-4'])]
    const verdict = judge(counts, { policy: 'weighted', weights: [3, 1] })
    expect(verdict, verdict.reason).toMatchObject({ verdict: 'matches-weights' })
  })

  it('goes over to the Service of the next priority while its own has no ready pod, and back', async () => {
    const client = dial('failing')
    expect(Object.keys((await client.call({ calls: 100 })).counts).sort()).toEqual(['pod-1', 'pod-2'])
    backends.list('failing', [
      { pod: 'pod-1', ready: false },
      { pod: 'pod-2', ready: false },
    ])
    await until(client, ({ counts }) => Object.keys(counts).join() === 'pod-3')
    backends.list('failing', ['pod-1', 'pod-2'])
    await until(client, ({ counts }) => Object.keys(counts).sort().join() === 'pod-1,pod-2')
  })

  it('finds pods that join, leaves those that go, and fails no call meanwhile', async () => {
    backends.list('live', ['pod-1', 'pod-2'])
    const client = dial('live')
    await until(client, ({ counts }) => Object.keys(counts).sort().join() === 'pod-1,pod-2')
    backends.list('live', ['pod-2', 'pod-3'])
    await until(client, ({ counts }) => Object.keys(counts).sort().join() === 'pod-2,pod-3')
    backends.list('live', four)
    await until(client, ({ counts }) => Object.keys(counts).sort().join() === four.join())
  })

  it('has refused nothing that it was told', async () => {
    expect(await plane.metric('lookaside_xds_nacks_total'), plane.output()).toBe(0)
  })

  it('goes on with what it knows while the control plane is gone, and hears of changes once it is back', async () => {
    backends.list('live', ['pod-1', 'pod-2'])
    const client = dial('live')
    await until(client, ({ counts }) => Object.keys(counts).sort().join() === 'pod-1,pod-2')
    await plane.kill()
    const alone = await client.call({ calls: 200, pauseMs: 5 })
    expect(judgeOf(['pod-1', 'pod-2'], alone, 'round_robin')).toMatchObject({ verdict: 'even', requests: 200 })
    backends.list('live', ['pod-3', 'pod-4'])
    await plane.restart()
    await until(client, ({ counts }) => Object.keys(counts).sort().join() === 'pod-3,pod-4')
  })
})
