import { ServerCredentials } from '@grpc/grpc-js'
import { afterEach, describe, expect, it } from 'vitest'
import { AdsServer } from '../../../../services/echo/src/lookaside/ads/ads-server.ts'
import type { StreamObserver } from '../../../../services/echo/src/lookaside/ads/ads-stream.ts'
import type { Snapshot } from '../../../../services/echo/src/lookaside/snapshot.ts'
import { AdsClient, type Received } from '../ads-client.ts'
import { type Pods, shownAssignment, snapshotOf } from '../snapshots.ts'
import { waitFor } from '../wait-for.ts'

const orders = 'orders.shop:8080'
const carts = 'carts.shop:8080'
const both = { [orders]: {}, [carts]: {} }
const pods: Pods = { orders: ['10.0.0.1', '10.0.0.2'], carts: ['10.0.1.1'] }

const opened: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close()
})

interface Served {
  readonly server: AdsServer
  readonly client: AdsClient
  readonly address: string
  readonly refusals: unknown[]
  readonly unknownTypes: string[]
  readonly unserved: string[]
  readonly pushed: string[]
  publish(snapshot: Snapshot): void
  more(options?: { id?: string; zone?: string }): AdsClient
}

async function serve(snapshot?: Snapshot): Promise<Served> {
  const refusals: unknown[] = []
  const unknownTypes: string[] = []
  const unserved: string[] = []
  const pushed: string[] = []
  const observer: StreamObserver = {
    pushed: (type) => pushed.push(type),
    refused: (refusal) => refusals.push(refusal),
    unknownType: (_client, url) => unknownTypes.push(url),
    unserved: (_client, name) => unserved.push(name),
    delivered: () => {},
  }
  const server = new AdsServer({ keepaliveTimeSeconds: 0, keepaliveTimeoutSeconds: 20 }, observer)
  const address = await server.listen({ listen: '127.0.0.1:0', credentials: ServerCredentials.createInsecure() })
  opened.push({ close: () => server.close(1) })
  const publish = (next: Snapshot) => server.publish(next, performance.now())
  if (snapshot) publish(snapshot)
  const more = (options = {}) => {
    const client = new AdsClient(address, options)
    opened.push(client)
    return client
  }
  return { server, client: more(), address, refusals, unknownTypes, unserved, pushed, publish, more }
}

const names = ({ resources }: Received) => [...resources.keys()].sort()
const types = (answers: readonly Received[]) => answers.map(({ type }) => type)

describe('the stream of a client', () => {
  it('answers a first request with what is asked for, a version and a nonce', async () => {
    const { client } = await serve(snapshotOf(both, pods))
    client.ask('cds', { names: [orders] })
    const answer = await client.next()
    expect(answer).toMatchObject({ type: 'cds', nonce: '1' })
    expect(answer.version).toMatch(/^[\da-f]{16}$/)
    expect(names(answer)).toEqual([orders])
  })

  it('says nothing to an answer that is accepted', async () => {
    const { client } = await serve(snapshotOf(both, pods))
    for (const type of ['cds', 'eds', 'lds'] as const) {
      client.ask(type, { names: [orders] })
      await client.next()
      client.ask(type)
    }
    expect(await client.settled()).toEqual([])
  })

  it('waits for the first snapshot, and answers then', async () => {
    const { client, server, publish } = await serve()
    client.ask('cds', { names: [orders] })
    await waitFor(() => server.clients[0]?.id === 'test', 'the request')
    expect(client.received).toEqual([])
    publish(snapshotOf(both, pods))
    expect(names(await client.next())).toEqual([orders])
  })

  it('tells a change of endpoints, and nothing to who has asked for others', async () => {
    const { client, publish, more } = await serve(snapshotOf(both, pods))
    const other = more()
    client.ask('eds', { names: [orders] })
    other.ask('eds', { names: [carts] })
    const [first] = [await client.next(), await other.next()]
    client.ask('eds')
    other.ask('eds')
    publish(snapshotOf(both, { ...pods, orders: ['10.0.0.9'] }))
    const second = await client.next()
    expect(shownAssignment(second.resources.get(orders))).toEqual(['0 *1: 10.0.0.9'])
    expect(second.version).not.toBe(first?.version)
    expect(await other.settled()).toEqual([])
  })

  it('says nothing when a snapshot has the same content', async () => {
    const { client, publish } = await serve(snapshotOf(both, pods))
    for (const type of ['cds', 'eds', 'lds', 'rds'] as const) client.ask(type, { names: [orders] })
    await waitFor(() => client.received.length === 4, 'four answers')
    publish(snapshotOf(both, { ...pods, carts: [] }))
    expect(types(await client.settled('eds'))).toEqual(['cds', 'eds', 'lds', 'rds'])
  })

  it('answers a subscription that grows with all of it, though no content has changed', async () => {
    const { client } = await serve(snapshotOf(both, pods))
    client.ask('eds', { names: [orders] })
    await client.next()
    client.ask('eds', { names: [orders, carts] })
    const grown = await client.next()
    expect(names(grown)).toEqual([carts, orders])
    expect(grown.nonce).toBe('2')
  })

  it('answers a name that does not exist, so that the client need not wait for nothing', async () => {
    const { client } = await serve(snapshotOf(both, pods))
    client.ask('lds', { names: ['nothing'] })
    expect(names(await client.next())).toEqual([])
  })

  it('says nothing to a subscription that shrinks, and all again when it grows again', async () => {
    const { client } = await serve(snapshotOf(both, pods))
    client.ask('eds', { names: [orders, carts] })
    await client.next()
    client.ask('eds', { names: [orders] })
    expect(await client.settled()).toEqual([])
    client.ask('eds', { names: [orders, carts] })
    expect(names(await client.next())).toEqual([carts, orders])
  })

  it('passes over a request that an answer has crossed, and takes its names from the next', async () => {
    const { client } = await serve(snapshotOf(both, pods))
    client.ask('eds', { names: [orders] })
    await client.next()
    client.ask('eds', { names: [orders, carts], nonce: '' })
    expect(await client.settled()).toEqual([])
    client.ask('eds', { names: [orders, carts], nonce: '1' })
    expect(names(await client.next())).toEqual([carts, orders])
  })

  it('counts and tells a refusal once, and does not send again what is refused', async () => {
    const { client, refusals, publish } = await serve(snapshotOf(both, pods))
    client.ask('cds', { names: [orders] })
    const { version } = await client.next()
    client.ask('cds', { refusal: 'I know no such policy', version: '' })
    client.ask('cds', { refusal: 'I know no such policy', version: '' })
    publish(snapshotOf(both, { ...pods, carts: [] }))
    expect(await client.settled()).toEqual([])
    expect(refusals).toEqual([{ client: 'test', type: 'cds', version, reason: 'I know no such policy' }])
    publish(snapshotOf({ ...both, [orders]: { policy: { pick_first: {} } } }, pods))
    expect((await client.next()).version).not.toBe(version)
  })

  it('takes the names of a refusal too', async () => {
    const { client, refusals } = await serve(snapshotOf(both, pods))
    client.ask('cds', { names: [orders] })
    await client.next()
    client.ask('cds', { names: [orders, carts], refusal: 'no' })
    expect(names(await client.next())).toEqual([carts, orders])
    expect(refusals).toHaveLength(1)
  })

  it('goes back to what the client has accepted before the refusal, when that is true again', async () => {
    const before = snapshotOf(both, pods)
    const { client, publish } = await serve(before)
    client.ask('eds', { names: [orders] })
    const first = await client.next()
    client.ask('eds')
    publish(snapshotOf(both, { orders: ['10.0.0.9'] }))
    await client.next()
    client.ask('eds', { refusal: 'no', version: first.version })
    publish(before)
    expect((await client.next()).version).toBe(first.version)
  })

  it('tells that a cluster and a listener are gone by leaving them out', async () => {
    const { client, publish } = await serve(snapshotOf(both, pods))
    client.ask('cds', { names: [orders, carts] })
    client.ask('lds', { names: [orders, carts] })
    await client.next()
    await client.next()
    publish(snapshotOf({ [orders]: {} }, pods))
    const answers = [await client.next(), await client.next()]
    expect(answers.map((answer) => [answer.type, names(answer)])).toEqual([
      ['lds', [orders]],
      ['cds', [orders]],
    ])
  })

  it.each(['cds', 'lds'] as const)(
    'tells %s that come back twice, with another content first: grpc-js passes over them else',
    async (type) => {
      const { client, publish } = await serve(snapshotOf(both, pods))
      client.ask(type, { names: [orders] })
      const first = await client.next()
      client.ask(type)
      publish(snapshotOf({}, pods))
      expect(names(await client.next())).toEqual([])
      client.ask(type)
      publish(snapshotOf(both, pods))
      const [other, again] = [await client.next(), await client.next()]
      expect([names(other), names(again)]).toEqual([[orders], [orders]])
      expect(other.resources.get(orders)).not.toEqual(first.resources.get(orders))
      expect(again.version).toBe(first.version)
      expect(await client.settled()).toEqual([])
    },
  )

  it('says nothing of endpoints and routes that are gone: their absence has no meaning', async () => {
    const { client, publish } = await serve(snapshotOf(both, pods))
    client.ask('eds', { names: [carts] })
    client.ask('rds', { names: [carts] })
    await client.next()
    await client.next()
    publish(snapshotOf({ [orders]: {} }, pods))
    expect(await client.settled()).toEqual([])
  })

  it('sends an empty list of endpoints for a Service whose slices are gone', async () => {
    const { client, publish } = await serve(snapshotOf(both, pods))
    client.ask('eds', { names: [orders] })
    await client.next()
    publish(snapshotOf(both, { carts: ['10.0.1.1'] }))
    expect(shownAssignment((await client.next()).resources.get(orders))).toEqual([])
  })

  it('tells what is referred to before what refers to it, and of what is gone at last', async () => {
    const canary = {
      backends: [
        { service: orders, weight: 90 },
        { service: carts, weight: 10 },
      ],
    }
    const { client, publish } = await serve(snapshotOf({ [orders]: canary }, pods))
    const clusters = [orders, `${orders}|${carts}`, `${orders}|next.shop:8080`]
    client.ask('cds')
    client.ask('eds', { names: clusters })
    for (const type of ['lds', 'rds'] as const) client.ask(type, { names: [orders] })
    for (let i = 0; i < 4; i++) await client.next()
    const next = {
      backends: [
        { service: orders, weight: 50 },
        { service: 'next.shop:8080', weight: 50 },
      ],
    }
    publish(snapshotOf({ [orders]: next }, { ...pods, next: ['10.0.2.1'] }))
    const answers: Received[] = []
    for (let i = 0; i < 4; i++) answers.push(await client.next())
    expect(answers.map((answer) => [answer.type, names(answer).length])).toEqual([
      ['cds', 3],
      ['eds', 2],
      ['rds', 1],
      ['cds', 2],
    ])
  })

  it('sends endpoints anew after a cluster that has changed, for which Envoy waits', async () => {
    const { client, publish } = await serve(snapshotOf(both, pods))
    client.ask('cds', { names: [orders] })
    client.ask('eds', { names: [orders] })
    await client.next()
    const before = await client.next()
    publish(snapshotOf({ ...both, [orders]: { policy: { pick_first: {} } } }, pods))
    expect((await client.next()).type).toBe('cds')
    const again = await client.next()
    expect([again.type, again.version]).toEqual(['eds', before.version])
    expect(again.nonce).not.toBe(before.nonce)
  })

  it('sends endpoints anew after a cluster that the client had dropped, and has as new', async () => {
    const { client } = await serve(snapshotOf(both, pods))
    client.ask('cds', { names: [orders, carts] })
    client.ask('eds', { names: [orders] })
    await client.next()
    await client.next()
    client.ask('cds', { names: [carts] })
    client.ask('cds', { names: [orders, carts] })
    expect(types([await client.next(), await client.next()])).toEqual(['cds', 'eds'])
  })

  it('answers a client that comes back with the version of another replica, by the same version', async () => {
    const { client } = await serve(snapshotOf(both, pods))
    const { client: other } = await serve(snapshotOf(both, pods))
    other.ask('eds', { names: [orders] })
    const { version } = await other.next()
    client.ask('eds', { names: [orders], version, nonce: '7' })
    expect((await client.next()).version).toBe(version)
  })

  it('has the same versions whatever the order of pods and names', async () => {
    const { client } = await serve(snapshotOf(both, pods))
    const { client: other } = await serve(snapshotOf(both, { ...pods, orders: ['10.0.0.2', '10.0.0.1'] }))
    client.ask('eds', { names: [orders, carts] })
    other.ask('eds', { names: [carts, orders] })
    expect((await client.next()).version).toBe((await other.next()).version)
  })

  it('passes politely over kinds that it does not have', async () => {
    const { client, unknownTypes } = await serve(snapshotOf(both, pods))
    client.request('type.googleapis.com/envoy.service.runtime.v3.Runtime')
    client.ask('eds', { names: [orders] })
    expect(names(await client.next())).toEqual([orders])
    expect(unknownTypes).toEqual(['type.googleapis.com/envoy.service.runtime.v3.Runtime'])
  })

  it('says which targets are asked for in vain', async () => {
    const { client, unserved } = await serve(snapshotOf(both, pods))
    client.ask('lds', { names: [orders, 'nosuch.shop:80'] })
    expect(names(await client.next())).toEqual([orders])
    const envoy = client
    envoy.ask('lds', { names: ['*'] })
    await client.settled()
    expect(unserved).toEqual(['nosuch.shop:80'])
  })

  it('learns of the client from its first request alone', async () => {
    const { server, more } = await serve(snapshotOf(both, pods))
    const client = more({ id: 'checkout-1', zone: 'a' })
    client.ask('eds', { names: [orders] })
    await client.next()
    client.ask('eds')
    await client.settled()
    expect(server.clients).toContainEqual({ id: 'checkout-1', zone: 'a' })
  })
})

describe('the wildcard', () => {
  const listening = { [orders]: { envoyListener: '127.0.0.1:10000' }, [carts]: {} }

  it('is a first request without names: all clusters, and the listeners with a socket', async () => {
    const { client } = await serve(snapshotOf(listening, pods))
    client.ask('cds')
    client.ask('lds')
    expect(names(await client.next())).toEqual([carts, orders])
    expect(names(await client.next())).toEqual([`envoy/${orders}`])
  })

  it('is answered though there is nothing', async () => {
    const { client } = await serve(snapshotOf({}, {}))
    client.ask('lds')
    expect(names(await client.next())).toEqual([])
  })

  it('stays while it is accepted, and tells of what is new', async () => {
    const { client, publish } = await serve(snapshotOf({ [orders]: {} }, pods))
    client.ask('cds')
    await client.next()
    client.ask('cds')
    publish(snapshotOf(both, pods))
    expect(names(await client.next())).toEqual([carts, orders])
  })

  it('may be a star, beside names', async () => {
    const { client } = await serve(snapshotOf(listening, pods))
    client.ask('lds', { names: [carts, '*'] })
    expect(names(await client.next())).toEqual([carts, `envoy/${orders}`].sort())
  })

  it('ends when names are asked for, after which no names are nothing at all', async () => {
    const { client, publish } = await serve(snapshotOf(both, pods))
    client.ask('cds')
    await client.next()
    client.ask('cds', { names: [orders] })
    expect(names(await client.next())).toEqual([orders])
    client.ask('cds', { names: [] })
    await client.settled()
    publish(snapshotOf({}, {}))
    expect(await client.settled()).toEqual([])
  })

  it('does not exist for endpoints and routes', async () => {
    const { client } = await serve(snapshotOf(both, pods))
    client.ask('eds')
    expect(await client.settled()).toEqual([])
  })
})

describe('zones', () => {
  it('gives clients of each zone their own priorities', async () => {
    const spread = { orders: ['10.0.0.1@a', '10.0.0.2@b', '10.0.0.3@b'] }
    const { more } = await serve(snapshotOf({ [orders]: { localities: 'zoneFirst' } }, spread))
    const shown = async (zone: string | undefined) => {
      const client = more(zone === undefined ? {} : { zone })
      client.ask('eds', { names: [orders] })
      return shownAssignment((await client.next()).resources.get(orders))
    }
    expect(await shown('a')).toEqual(['0 *1: 10.0.0.1', '1 *1: 10.0.0.2 10.0.0.3'])
    expect(await shown('b')).toEqual(['0 *1: 10.0.0.2 10.0.0.3', '1 *1: 10.0.0.1'])
    expect(await shown(undefined)).toEqual(['0 *1: 10.0.0.1 10.0.0.2 10.0.0.3'])
    expect(await shown('elsewhere')).toEqual(['0 *1: 10.0.0.1 10.0.0.2 10.0.0.3'])
  })
})

describe('slow clients', () => {
  it('get the newest state, and not all that was in between', async () => {
    const many = (last: number) => Array.from({ length: 1000 }, (_, i) => `10.${last % 250}.${i >> 8}.${i & 255}`)
    const { client, publish, pushed } = await serve(snapshotOf(both, { orders: many(0) }))
    client.ask('eds', { names: [orders] })
    await client.next()
    client.pause()
    for (let i = 1; i <= 200; i++) {
      publish(snapshotOf(both, { orders: many(i) }))
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(pushed.length).toBeLessThan(100)
    client.resume()
    const newest = () => shownAssignment(client.received.at(-1)?.resources.get(orders)).at(0)
    await waitFor(() => newest()?.startsWith('0 *1: 10.200.0.0 ') === true, 'the newest state')
    expect(client.received.length).toBe(pushed.length)
  })
})

describe('the end', () => {
  it('ends streams with OK, so that clients go elsewhere at once', async () => {
    const { client, server } = await serve(snapshotOf(both, pods))
    client.ask('eds', { names: [orders] })
    await client.next()
    await server.close(5)
    await waitFor(() => client.status !== undefined, 'the end of the stream')
    expect(client.status?.code).toBe(0)
  })

  it('forgets clients that are gone', async () => {
    const { client, server } = await serve(snapshotOf(both, pods))
    client.ask('eds', { names: [orders] })
    await client.next()
    expect(server.clients).toHaveLength(1)
    client.close()
    await waitFor(() => server.clients.length === 0, 'the client to be forgotten')
  })
})
