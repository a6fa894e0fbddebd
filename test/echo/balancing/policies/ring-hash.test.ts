import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { credentials, experimental as grpc, Metadata, status } from '@grpc/grpc-js'
import { register as registerXds } from '@grpc/grpc-js-xds'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { registerRingHash } from '../../../../services/echo/src/balancing/policies/ring-hash.ts'
import { loadXxh64 } from '../../../../services/echo/src/balancing/policies/xxh64.ts'
import { EchoClient } from '../../../../services/echo/src/wire.ts'
import { type EchoPod, startPod } from '../../../support/echo-pod.ts'
import { EndpointList } from './endpoint-list.ts'

registerRingHash()
const hash = await loadXxh64()
const waits = { timeout: 30_000, interval: 10 }
const byUser = { ring_hash_experimental: { requestHashHeader: 'x-user' } }
const users = Array.from({ length: 600 }, (_, index) => `user-${index}`)
const few = users.slice(0, 150)
const cleanups: (() => unknown)[] = []
let list: EndpointList
beforeEach(() => {
  list = new EndpointList()
})
afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean()
})

async function start(args: readonly string[], ...names: string[]): Promise<EchoPod[]> {
  const pods = await Promise.all(names.map((name, index) => startPod(name, `127.0.0.${21 + index}:0`, args)))
  cleanups.push(() => Promise.all(pods.map((pod) => pod.stop())))
  return pods
}

const addresses = (pods: readonly { readonly address: string }[]) => pods.map(({ address }) => address)

type Caller = InstanceType<typeof EchoClient>

/** A client whose connections are all there. */
async function connected(policy: object = byUser): Promise<Caller> {
  const client = open(policy)
  await vi.waitFor(async () => expect(new Set(await ownersOf(client, few)).size).toBe(3), waits)
  return client
}

function open(policy: object): Caller {
  const client = new EchoClient(list.target, credentials.createInsecure(), {
    'grpc.service_config': JSON.stringify({ loadBalancingConfig: [policy] }),
    'grpc.use_local_subchannel_pool': 1,
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 200,
  })
  cleanups.push(() => client.close())
  return client
}

/** Who serves a call with these headers; the details of the status when nobody does. */
function servedBy(client: Caller, headers: readonly (readonly [string, string])[] = []): Promise<string> {
  const metadata = new Metadata()
  for (const [name, value] of headers) metadata.add(name, value)
  return new Promise((resolve) => {
    client.hello({}, metadata, { deadline: Date.now() + 30_000 }, (error, reply) =>
      resolve(error ? `${status[error.code]}` : (reply?.server?.pod as string)),
    )
  })
}

const ownersOf = (client: Caller, keys = users) => Promise.all(keys.map((key) => servedBy(client, [['x-user', key]])))

describe('ring_hash_experimental', () => {
  it('keeps each of 600 keys to one pod, in every client', async () => {
    const pods = await start([], 'a', 'b', 'c')
    list.say(addresses(pods))
    const [client, other] = [await connected(), await connected()]
    const first = await ownersOf(client)
    expect(new Set(first)).toEqual(new Set(['a', 'b', 'c']))
    expect(await ownersOf(client)).toEqual(first)
    list.say(addresses(pods).toReversed())
    expect(await ownersOf(other, few)).toEqual(first.slice(0, few.length))
  })

  it('sends calls without the header anywhere', async () => {
    list.say(addresses(await start([], 'a', 'b', 'c')))
    const client = await connected()
    const names = await Promise.all(users.map(() => servedBy(client)))
    for (const name of ['a', 'b', 'c']) expect(names.filter((other) => other === name).length).toBeGreaterThan(100)
  })

  it('takes several values of the header for one key, with commas between', async () => {
    list.say(addresses(await start([], 'a', 'b', 'c')))
    const client = await connected()
    const joined = await ownersOf(
      client,
      users.slice(0, 40).map((user) => `${user},and more`),
    )
    const apart = users.slice(0, 40).map((user) =>
      servedBy(client, [
        ['x-user', user],
        ['x-user', 'and more'],
      ]),
    )
    expect(await Promise.all(apart)).toEqual(joined)
  })

  it('moves keys only to a pod that joins, but for those that a smaller share of the ring costs others', async () => {
    const pods = await start([], 'a', 'b', 'c', 'd')
    list.say(addresses(pods.slice(0, 3)))
    const client = await connected()
    const before = await ownersOf(client)
    list.say(addresses(pods))
    await vi.waitFor(async () => expect(await ownersOf(client, few)).toContain('d'), waits)
    const after = await ownersOf(client)
    const moved = after.filter((name, index) => name !== before[index])
    expect(moved.filter((name) => name === 'd').length / users.length).toBeGreaterThan(0.15)
    expect(moved.length / users.length).toBeLessThan(0.45)
  })

  it('sends keys of a pod that is gone to others, leaves all other keys where they are, and gives them back', async () => {
    const pods = await start([], 'a', 'b', 'c')
    const [lost] = pods as [EchoPod]
    list.say(addresses(pods))
    const client = await connected()
    const before = await ownersOf(client, few)
    await lost.stop()
    const during = await ownersOf(client, few)
    expect(during.filter((_, index) => before[index] !== 'a')).toEqual(before.filter((name) => name !== 'a'))
    expect(new Set(during)).toEqual(new Set(['b', 'c']))
    const back = await startPod('a', lost.address)
    cleanups.push(() => back.stop())
    await vi.waitFor(async () => expect(await ownersOf(client, few)).toEqual(before), waits)
  })

  it('keeps keys where they are while a connection is made anew', async () => {
    const pods = await start([], 'a', 'b', 'c')
    list.say(addresses(pods))
    const client = await connected()
    const keys = users.slice(0, 20)
    const before = await ownersOf(client, keys)
    // Past the time that the first connections were waited for.
    await sleep(1100)
    for (let rounds = 0; rounds < 8; ) {
      const begin = performance.now()
      for (const { address, running } of pods) running.server.drain(address, 30_000)
      const owners: string[][] = []
      for (let turn = 0; turn < 5; turn++) owners.push(await ownersOf(client, keys))
      await vi.waitFor(async () => expect(await ownersOf(client, keys)).toEqual(before), waits)
      // Calls wait for a second, which this process may have stood still for.
      if (performance.now() - begin > 800) continue
      rounds++
      for (const names of owners) expect(names).toEqual(before)
    }
  })

  it('does without a pod that does not answer, after a second', async () => {
    const pods = await start([], 'a', 'b', 'c')
    list.say([...addresses(pods), await silentServer()])
    const client = open(byUser)
    const begin = performance.now()
    const owners = await ownersOf(client, few)
    expect(performance.now() - begin).toBeGreaterThan(900)
    expect(['a', 'b', 'c']).toEqual(expect.arrayContaining([...new Set(owners)]))
    await vi.waitFor(async () => expect(new Set(await ownersOf(client, few)).size).toBe(3), waits)
    expect(await ownersOf(client, few)).toEqual(await ownersOf(client, few))
  })

  it('goes by the hash that xDS or a config selector made, where there is one', async () => {
    list.say(addresses(await start([], 'a', 'b', 'c')), { attributes: hashing(() => '12345') })
    const client = open(byUser)
    expect(new Set(await ownersOf(client, few)).size).toBe(1)
  })

  it('finds the same pods as the ring_hash of grpc-js-xds, weights included', async () => {
    registerXds()
    const pods = await start([], 'a', 'b', 'c')
    const weights = Object.fromEntries(addresses(pods).map((address, index) => [address, index + 1]))
    list.say(addresses(pods), { weights })
    const ours = await ownersOf(await connected())
    const key = (metadata: Metadata) => hash(metadata.get('x-user').join()).toString()
    const locality = { region: '', zone: '', sub_zone: '' }
    list = new EndpointList()
    list.say(addresses(pods), { weights, attributes: hashing(key), beside: { locality, localityPath: [] } })
    const theirs = await ownersOf(await connected({ ring_hash: { min_ring_size: 1024, max_ring_size: 4096 } }))
    expect(ours).toEqual(theirs)
    expect(new Set(ours)).toEqual(new Set(['a', 'b', 'c']))
  })

  it('tells all its settings in its config', () => {
    const settings = { requestHashHeader: 'x-user', minRingSize: 9, maxRingSize: 99 }
    const config = grpc.parseLoadBalancingConfig({ ring_hash_experimental: settings })
    expect(config.toJsonObject()).toEqual({ ring_hash_experimental: settings })
  })
})

/** Attributes of a resolver's answer that make a hash for each call, as those of xDS do. */
function hashing(hashOf: (metadata: Metadata) => string) {
  const invoke = (_method: string, metadata: Metadata) => ({
    methodConfig: { name: [] },
    pickInformation: { hash: hashOf(metadata) },
    status: status.OK,
    dynamicFilterFactories: [],
  })
  return { [grpc.CHANNEL_ARGS_CONFIG_SELECTOR_KEY]: { invoke, unref: () => undefined } }
}

/** Takes connections and says nothing, not even the settings that every HTTP/2 server begins with; as does a frozen pod. */
async function silentServer(): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => sockets.add(socket.on('error', () => undefined)))
  server.listen(0, '127.0.0.99')
  await once(server, 'listening')
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `127.0.0.99:${(server.address() as AddressInfo).port}`
}
