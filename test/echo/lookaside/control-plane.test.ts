import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { FakeKubernetes } from '../../support/fake-kubernetes-api.ts'
import { AdsClient } from './ads-client.ts'
import { type RunningPlane, startPlane, startReplica } from './running-plane.ts'
import { putSlice } from './slices.ts'
import { shownAssignment } from './snapshots.ts'
import { waitFor } from './wait-for.ts'

const orders = 'orders.shop:8080'
const opened: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close()
})

async function start(config: object, prepare: (fake: FakeKubernetes) => void = () => {}): Promise<RunningPlane> {
  const running = await startPlane(config, prepare)
  opened.push(running)
  return running
}

function connect({ address }: { address: string }): AdsClient {
  const client = new AdsClient(address)
  opened.push(client)
  return client
}

const one = { services: { [orders]: {} } }
const twoPods = (fake: FakeKubernetes) => putSlice(fake, 'orders', ['10.0.0.1', '10.0.0.2'])
const localities = async (client: AdsClient, name = orders) =>
  shownAssignment((await client.next()).resources.get(name))

describe('a control plane', () => {
  it('is ready once the first lists are there, and tells clients what is in them', async () => {
    const running = await start(one, twoPods)
    const client = connect(running)
    client.ask('eds', { names: [orders] })
    expect(await localities(client)).toEqual(['0 *1: 10.0.0.1 10.0.0.2'])
    expect(running.plane.whyNotReady).toBeUndefined()
  })

  it('is not ready, and answers nothing, while the API server cannot be listed', async () => {
    const fake = await FakeKubernetes.start()
    const { url } = fake
    await fake.close()
    const running = await startReplica(fake, { ...one, discover: { namespaces: ['carts'] } }, url)
    opened.push(running)
    const client = connect(running)
    client.ask('lds', { names: [orders] })
    await waitFor(async () => (await running.metric('lookaside_watch_problem')) === 3, 'the problems')
    expect(running.plane.whyNotReady).toMatch(/\S/)
    expect(client.received).toEqual([])
  })

  it('pushes a change of a slice, and leaves out pods that are not ready', async () => {
    const running = await start(one, twoPods)
    const client = connect(running)
    client.ask('eds', { names: [orders] })
    await client.next()
    putSlice(running.fake, 'orders', [
      { address: '10.0.0.1', ready: false },
      { address: '10.0.0.3', zone: 'a' },
    ])
    expect(await localities(client)).toEqual(['0 *1: 10.0.0.3'])
    expect(await running.metric('lookaside_endpoints', `{service="${orders}"}`)).toBe(1)
  })

  it('sends an empty list when the slices of a Service are gone', async () => {
    const running = await start(one, twoPods)
    const client = connect(running)
    client.ask('eds', { names: [orders] })
    await client.next()
    running.fake.remove('endpointslices', 'shop', 'orders-1')
    expect(await localities(client)).toEqual([])
  })

  it('gathers changes that come at once into one push', async () => {
    const running = await start({ ...one, debounceMilliseconds: 1500, maximumDebounceMilliseconds: 15_000 }, twoPods)
    const client = connect(running)
    client.ask('eds', { names: [orders] })
    await client.next()
    for (let i = 1; i <= 20; i++) {
      putSlice(running.fake, 'orders', [`10.0.1.${i}`])
      await sleep(20)
    }
    expect(await localities(client)).toEqual(['0 *1: 10.0.1.20'])
    expect(await running.metric('lookaside_xds_pushes_total', '{type="eds"}')).toBe(2)
  })

  it('goes by another config when the file changes, and by the last good one when that cannot be used', async () => {
    const running = await start(one, (fake) => {
      twoPods(fake)
      putSlice(fake, 'carts', ['10.0.1.1'])
    })
    const client = connect(running)
    client.ask('cds')
    expect([...(await client.next()).resources.keys()]).toEqual([orders])
    client.ask('cds')
    running.configure({ services: { [orders]: {}, 'carts.shop:8080': { polcy: {} } } })
    await waitFor(async () => (await running.metric('lookaside_config_problem')) === 1, 'the problem')
    expect(running.said.filter((line) => line.includes('did you mean policy?'))).toHaveLength(1)
    running.configure({ services: { [orders]: {}, 'carts.shop:8080': {} } })
    expect([...(await client.next()).resources.keys()]).toEqual([orders, 'carts.shop:8080'])
    expect(await running.metric('lookaside_config_problem')).toBe(0)
    client.ask('cds')
    running.configure({ services: { 'carts.shop:8080': {} } })
    expect([...(await client.next()).resources.keys()]).toEqual(['carts.shop:8080'])
  })

  it('tells who refuses what and why, once, and counts each', async () => {
    const running = await start(one, twoPods)
    for (const times of [1, 2]) {
      const client = connect(running)
      client.ask('cds', { names: [orders] })
      await client.next()
      client.ask('cds', { refusal: 'no such policy' })
      await waitFor(
        async () => (await running.metric('lookaside_xds_nacks_total', '{type="cds"}')) === times,
        'the count',
      )
    }
    const lines = running.said.filter((line) => line.includes('no such policy'))
    expect(lines).toEqual([
      expect.stringMatching(/^test refuses cds version [\da-f]{16}, and goes on with what it had: no such policy$/),
    ])
  })

  it('counts its clients and how long changes take', async () => {
    const running = await start(one, twoPods)
    const client = connect(running)
    client.ask('eds', { names: [orders] })
    await client.next()
    expect(await running.metric('lookaside_xds_clients')).toBe(1)
    putSlice(running.fake, 'orders', ['10.0.0.9'])
    await client.next()
    await waitFor(async () => (await running.metric('lookaside_xds_push_seconds_count')) >= 1, 'a push')
    client.close()
    await waitFor(async () => (await running.metric('lookaside_xds_clients')) === 0, 'the client to be gone')
  })
})

describe('Services that are discovered', () => {
  const put = (fake: FakeKubernetes, name: string, more: { labels?: object; annotations?: object; spec?: object }) => {
    const { spec, ...metadata } = more
    const ports = [
      { name: 'grpc', port: 80 },
      { name: 'dns', port: 53, protocol: 'UDP' },
    ]
    fake.put('services', { metadata: { name, namespace: 'shop', ...metadata }, spec: { ports, ...spec } } as never)
    putSlice(fake, name, ['10.0.0.1'])
  }
  const mark = (value: string) => ({ annotations: { 'evenly-grpc.github.io/lookaside': value } })
  /** Values of the annotation that nothing can be made of. */
  const unusable = { hashed: 'ring_hash_experimental', misspelt: 'least_requst' }
  const clusters = async (client: AdsClient) => [...(await client.next()).resources.keys()].sort()

  it('are those with the labels or the annotation, by the number of each TCP port', async () => {
    const running = await start({ discover: { namespaces: ['shop'], labelSelector: 'team=a' } }, (fake) => {
      put(fake, 'labelled', { labels: { team: 'a' } })
      put(fake, 'marked', mark('true'))
      put(fake, 'with-policy', mark('least_request'))
      put(fake, 'refused', { labels: { team: 'a' }, ...mark('false') })
      put(fake, 'elsewhere', { labels: { team: 'a' }, spec: { type: 'ExternalName' } })
      put(fake, 'unknown', { labels: { team: 'b' } })
      for (const [name, value] of Object.entries(unusable)) put(fake, name, { labels: { team: 'a' }, ...mark(value) })
    })
    const client = connect(running)
    client.ask('cds')
    expect(await clusters(client)).toEqual(['labelled.shop:80', 'marked.shop:80', 'with-policy.shop:80'])
    client.ask('eds', { names: ['marked.shop:80'] })
    expect(await localities(client, 'marked.shop:80')).toEqual(['0 *1: 10.0.0.1'])
    const { cds } = running.plane.describe('') as { cds: Record<string, unknown> }
    expect(JSON.stringify(cds['with-policy.shop:80'])).toContain('type.googleapis.com/least_request')
    expect(JSON.stringify(cds['marked.shop:80'])).not.toContain('least_request')
    expect(running.said.filter((line) => line.includes('not served'))).toEqual(
      Object.entries(unusable).map(([name, value]) =>
        expect.stringContaining(
          `shop/${name} is not served: its annotation evenly-grpc.github.io/lookaside is "${value}"`,
        ),
      ),
    )
  })

  it('stay as they were while others are listed', async () => {
    const running = await start({ discover: { namespaces: ['shop'] } }, (fake) => {
      put(fake, 'carts', mark('true'))
      put(fake, 'orders', mark('true'))
    })
    const client = connect(running)
    client.ask('cds')
    expect(await clusters(client)).toEqual(['carts.shop:80', 'orders.shop:80'])
    client.ask('cds')
    client.ask('eds', { names: ['orders.shop:80'] })
    expect(await localities(client, 'orders.shop:80')).toEqual(['0 *1: 10.0.0.1'])
    client.ask('eds')
    const listing = Promise.withResolvers<void>()
    running.fake.listsWait = listing.promise
    running.configure({ discover: { namespaces: ['shop'], policy: { least_request: {} } } })
    await waitFor(() => running.said.some((line) => line.includes('has changed')), 'the config')
    putSlice(running.fake, 'orders', ['10.0.0.7'])
    const pushed = await client.next()
    expect([pushed.type, shownAssignment(pushed.resources.get('orders.shop:80'))]).toEqual(['eds', ['0 *1: 10.0.0.7']])
    listing.resolve()
    const { resources } = await client.next()
    expect([...resources.keys()].sort()).toEqual(['carts.shop:80', 'orders.shop:80'])
    expect(JSON.stringify(running.plane.describe(''))).toContain('type.googleapis.com/least_request')
  })

  it('take the place of those that were named without a gap', async () => {
    const spec = { ports: [{ name: 'grpc', port: 8080 }] }
    const running = await start(one, (fake) => put(fake, 'orders', { ...mark('true'), spec }))
    const client = connect(running)
    client.ask('cds')
    expect(await clusters(client)).toEqual([orders])
    client.ask('cds')
    client.ask('eds', { names: [orders] })
    expect(await localities(client)).toEqual(['0 *1: 10.0.0.1'])
    client.ask('eds')
    const listing = Promise.withResolvers<void>()
    running.fake.listsWait = listing.promise
    running.configure({ discover: { namespaces: ['*'] } })
    await waitFor(() => running.said.some((line) => line.includes('has changed')), 'the config')
    putSlice(running.fake, 'orders', ['10.0.0.7'])
    expect(await localities(client)).toEqual(['0 *1: 10.0.0.7'])
    client.ask('eds')
    listing.resolve()
    put(running.fake, 'carts', mark('true'))
    expect(await clusters(client)).toEqual(['carts.shop:80', orders])
  })

  it('are no problem any more when nobody asks for their namespace', async () => {
    const fake = await FakeKubernetes.start()
    opened.push(fake)
    fake.forbidden = 'secret'
    const running = await startReplica(fake, { discover: { namespaces: ['secret'] } })
    opened.push(running)
    const problems = () => running.metric('lookaside_watch_problem')
    await waitFor(async () => (await problems()) === 2, 'the problems')
    running.configure(one)
    await waitFor(async () => (await problems()) === 0, 'them to be gone')
  })

  it('come and go, and what the config names wins', async () => {
    const config = { services: { 'orders.shop:80': { policy: { pick_first: {} } } }, discover: { namespaces: ['*'] } }
    const running = await start(config, (fake) => put(fake, 'orders', mark('true')))
    const client = connect(running)
    client.ask('cds')
    expect(await clusters(client)).toEqual(['orders.shop:80'])
    client.ask('cds')
    put(running.fake, 'carts', mark('round_robin'))
    expect(await clusters(client)).toEqual(['carts.shop:80', 'orders.shop:80'])
    client.ask('cds')
    running.fake.remove('services', 'shop', 'carts')
    expect(await clusters(client)).toEqual(['orders.shop:80'])
    expect(JSON.stringify(running.plane.describe(''))).toContain('type.googleapis.com/pick_first')
  })
})
