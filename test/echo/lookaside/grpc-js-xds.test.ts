import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { chooseAddresses } from '../../../scripts/lab/addresses.ts'
import { hostAndPort } from '../../../scripts/lib/address.ts'
import { judge } from '../../../scripts/lib/verdict.ts'
import { type EchoPod, startPod } from '../../support/echo-pod.ts'
import { type RunningPlane, startPlane, startReplica } from './running-plane.ts'
import { type Pod, putSlice } from './slices.ts'
import { waitFor } from './wait-for.ts'
import { callsPerPod, openXdsClient } from './xds-client.ts'

const orders = 'orders.shop:80'
let pods: EchoPod[]
beforeAll(async () => {
  const addresses = await chooseAddresses(6)
  pods = await Promise.all([0, 1, 2, 3, 4, 5].map((i) => startPod(`pod-${i}`, addresses.server(i))))
})
afterAll(() => Promise.all(pods.map((pod) => pod.stop())))

const opened: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close()
})

const pod = (index: number, more: Partial<Pod> = {}): Pod => {
  const { host: address, port } = hostAndPort(pods[index]?.address ?? '')
  return { address, port, ...more }
}

/** Clients dial the number of a port; the slices of pods have it by name. */
const stable = { backends: [{ service: 'orders.shop:grpc' }] }

async function served(service: object, slices: Readonly<Record<string, readonly Pod[]>>): Promise<RunningPlane> {
  const running = await startPlane({ services: { [orders]: { ...stable, ...service } } }, (fake) => {
    for (const [name, list] of Object.entries(slices)) putSlice(fake, name, list)
  })
  opened.push(running)
  return running
}

function dial({ address: server }: { address: string }, zone = '') {
  const client = openXdsClient(orders, { server, zone })
  opened.push(client)
  return client
}

/** Calls until so many pods have answered, as all connections are ready then. */
async function warmUp(client: ReturnType<typeof dial>, peers: number): Promise<void> {
  const seen = new Set<string>()
  await waitFor(async () => {
    for (const name of Object.keys(await callsPerPod(client, 2 * peers))) seen.add(name)
    return seen.size >= peers
  }, `${peers} pods`)
}

const noneRefused = (running: RunningPlane) => expect(running.said.filter((one) => one.includes('refuses'))).toEqual([])

describe('a client of grpc-js-xds', () => {
  it('spreads its calls evenly by round_robin', async () => {
    const running = await served({}, { orders: [pod(0), pod(1), pod(2)] })
    const client = dial(running)
    await warmUp(client, 3)
    const counts = await callsPerPod(client, 300)
    expect(Object.values(counts).sort()).toEqual([100, 100, 100])
    noneRefused(running)
  })

  it('runs our least_request: a slow pod gets the fewest calls', async () => {
    const policy = { least_request: { choiceCount: 3 } }
    const running = await served({ policy }, { orders: [pod(0), pod(1), pod(2), pod(3)] })
    const client = dial(running)
    await warmUp(client, 4)
    const slow = { atOnce: 8, delayMilliseconds: 100, slowPeer: 'pod-0' }
    const { 'pod-0': fewest = 0, ...others } = await callsPerPod(client, 400, slow)
    expect(Object.keys(others).sort()).toEqual(['pod-1', 'pod-2', 'pod-3'])
    expect(fewest).toBeLessThan(Math.min(...Object.values(others)) / 2)
    noneRefused(running)
  })

  it.each(['evenly_weighted_round_robin', 'pick_first'])('accepts %s', async (name) => {
    const running = await served({ policy: { [name]: {} } }, { orders: [pod(0)] })
    expect(await callsPerPod(dial(running), 3)).toEqual({ 'pod-0': 3 })
    noneRefused(running)
  })

  it('keeps the calls of one header value on one pod by a ring hash', async () => {
    const policy = { ring_hash_experimental: { requestHashHeader: 'x-user' } }
    const running = await served({ policy }, { orders: [pod(0), pod(1), pod(2)] })
    const client = dial(running)
    const users = new Map<string, string[]>()
    for (const user of ['ann', 'ben', 'cid', 'dan', 'eve', 'fay', 'gus', 'hal', 'ida', 'jim']) {
      users.set(user, Object.keys(await callsPerPod(client, 10, { headers: { 'x-user': user } })))
    }
    expect([...users.values()].every((seen) => seen.length === 1)).toBe(true)
    expect(new Set([...users.values()].flat()).size).toBeGreaterThan(1)
    noneRefused(running)
  })

  it('splits calls between a Service and its canary by weight', async () => {
    const backends = [
      { service: 'orders.shop:grpc', weight: 90 },
      { service: 'orders-canary.shop:grpc', weight: 10 },
    ]
    const running = await served({ backends }, { orders: [pod(0)], 'orders-canary': [pod(1)] })
    const client = dial(running)
    await warmUp(client, 2)
    const { 'pod-0': stable = 0, 'pod-1': canary = 0 } = await callsPerPod(client, 1000, { atOnce: 20 })
    const verdict = judge([stable, canary], { policy: 'weighted', weights: [90, 10] })
    expect(verdict.verdict).toBe('matches-weights')
    noneRefused(running)
  })

  it('goes to the further Service when the first has no endpoint, and back', async () => {
    const running = await served({ failover: ['backup.shop:grpc'] }, { orders: [pod(0)], backup: [pod(1)] })
    const client = dial(running)
    expect(await callsPerPod(client, 10)).toEqual({ 'pod-0': 10 })
    putSlice(running.fake, 'orders', [])
    await waitFor(async () => (await callsPerPod(client, 1))['pod-1'] === 1, 'the backup')
    expect(await callsPerPod(client, 10)).toEqual({ 'pod-1': 10 })
    putSlice(running.fake, 'orders', [pod(0)])
    await waitFor(async () => (await callsPerPod(client, 1))['pod-0'] === 1, 'the first again')
    noneRefused(running)
  })

  it('takes a pod that two Services have', async () => {
    const running = await served({ failover: ['all.shop:grpc'] }, { orders: [pod(0)], all: [pod(0), pod(1)] })
    expect(await callsPerPod(dial(running), 10)).toEqual({ 'pod-0': 10 })
    noneRefused(running)
  })

  it('stays in its own zone while that has a pod', async () => {
    const spread = [pod(0, { zone: 'a' }), pod(1, { zone: 'b' }), pod(2, { zone: 'b' })]
    const running = await served({ localities: 'zoneFirst' }, { orders: spread })
    const inA = dial(running, 'a')
    expect(await callsPerPod(inA, 20)).toEqual({ 'pod-0': 20 })
    const inB = dial(running, 'b')
    await warmUp(inB, 2)
    expect(Object.keys(await callsPerPod(inB, 20)).sort()).toEqual(['pod-1', 'pod-2'])
    putSlice(running.fake, 'orders', spread.slice(1))
    await waitFor(async () => (await callsPerPod(inA, 1))['pod-0'] === undefined, 'the other zone')
    noneRefused(running)
  })

  it('goes by the weights of zones', async () => {
    const spread = [pod(0, { zone: 'a' }), pod(1, { zone: 'b' })]
    const zones = { localities: 'weighted', zoneWeights: { a: 3, b: 1 } }
    const running = await served(zones, { orders: spread })
    const client = dial(running)
    await warmUp(client, 2)
    const { 'pod-0': a = 0, 'pod-1': b = 0 } = await callsPerPod(client, 600, { atOnce: 10 })
    expect(judge([a, b], { policy: 'weighted', weights: [3, 1] }).verdict).toBe('matches-weights')
  })

  it('loses no call while pods come and go, and the policy and the canary change', async () => {
    const running = await served({}, { orders: [pod(0), pod(1)], 'orders-canary': [pod(5)] })
    const client = dial(running)
    await warmUp(client, 2)
    const counts: Record<string, number> = {}
    let going = true
    const load = Array.from({ length: 8 }, async () => {
      while (going) {
        for (const [name, n] of Object.entries(await callsPerPod(client, 1))) counts[name] = (counts[name] ?? 0) + n
      }
    })
    const step = (name: string) => waitFor(() => (counts[name] ?? 0) > 20, `calls on ${name}`)
    await step('pod-1')
    putSlice(running.fake, 'orders', [pod(1), pod(2), pod(3)])
    await step('pod-3')
    running.configure({ services: { [orders]: { ...stable, policy: { least_request: {} } } } })
    putSlice(running.fake, 'orders', [pod(3), pod(4)])
    await step('pod-4')
    const backends = [
      { service: 'orders.shop:grpc', weight: 50 },
      { service: 'orders-canary.shop:grpc', weight: 50 },
    ]
    running.configure({ services: { [orders]: { backends } } })
    await step('pod-5')
    const before = counts['pod-5'] ?? 0
    running.configure({ services: { [orders]: { backends: [{ service: 'orders-canary.shop:grpc' }] } } })
    await waitFor(() => (counts['pod-5'] ?? 0) > before + 200, 'the canary alone')
    running.configure({ services: { [orders]: stable } })
    const [last] = [counts['pod-4'] ?? 0]
    await waitFor(() => (counts['pod-4'] ?? 0) > last + 50, 'the first again')
    going = false
    await Promise.all(load)
    expect(Object.keys(counts).sort()).toEqual(['pod-0', 'pod-1', 'pod-2', 'pod-3', 'pod-4', 'pod-5'])
    noneRefused(running)
  })

  it('goes on at once when its target is taken out of the config: its calls fail, and come back with it', async () => {
    const running = await served({}, { orders: [pod(0)] })
    const client = dial(running)
    expect(await callsPerPod(client, 3)).toEqual({ 'pod-0': 3 })
    running.configure({ services: {} })
    await waitFor(async () => (await callsPerPod(client, 1))['pod-0'] === undefined, 'the calls to fail')
    running.configure({ services: { [orders]: stable } })
    await waitFor(async () => (await callsPerPod(client, 1))['pod-0'] === 1, 'the calls to succeed')
  })
})

describe('two replicas', () => {
  it('tell the same, and when one is gone clients lose no call and hear of changes from the other', async () => {
    const running = await served({}, { orders: [pod(0), pod(1)] })
    const second = await startReplica(running.fake, { services: { [orders]: stable } })
    opened.push(second)
    const told = () => [running, second].map(({ plane }) => JSON.stringify({ ...plane.describe(''), clients: [] }))
    await waitFor(() => running.plane.whyNotReady === undefined && second.plane.whyNotReady === undefined, 'both')
    expect(told()[0]).toBe(told()[1])
    const client = dial({ address: `ipv4:${running.address},${second.address}` })
    await warmUp(client, 2)
    const counts: Record<string, number> = {}
    let going = true
    const load = Array.from({ length: 4 }, async () => {
      while (going) {
        for (const [name, n] of Object.entries(await callsPerPod(client, 1))) counts[name] = (counts[name] ?? 0) + n
      }
    })
    await running.plane.close(2)
    await waitFor(async () => (await second.metric('lookaside_xds_clients')) === 1, 'the client at the other replica')
    putSlice(running.fake, 'orders', [pod(2)])
    await waitFor(() => (counts['pod-2'] ?? 0) > 20, 'calls on the new pod')
    going = false
    await Promise.all(load)
    expect(Object.keys(counts).sort()).toEqual(['pod-0', 'pod-1', 'pod-2'])
  })
})
