import { setTimeout as sleep } from 'node:timers/promises'
import { Client, type ClientOptions, credentials, experimental, Server, ServerCredentials } from '@grpc/grpc-js'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { registerEndpointSliceResolver } from '../../../../services/echo/src/balancing/endpoint-slices/register-endpoint-slice-resolver.ts'
import { FakeApi, status } from './fake-api.ts'
import { pod, slice, terminating, unready } from './slices.ts'
import { until } from './watched.ts'

const identity = (value: Buffer) => value
const codec = {
  requestSerialize: identity,
  requestDeserialize: identity,
  responseSerialize: identity,
  responseDeserialize: identity,
}
const target = 'k8s:///orders.shop:grpc'
const roundRobin = { 'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }) }

let server: Server
let port = 0
let api: FakeApi
let problems: (string | undefined)[] = []
const clients: Client[] = []

// One server stands for all pods: it listens at every loopback address.
beforeAll(async () => {
  server = new Server()
  const methods = { Call: { path: '/test/Call', requestStream: false, responseStream: false, ...codec } }
  server.addService(
    methods as never,
    {
      Call: (_call: unknown, answer: (error: null, value: Buffer) => void) =>
        setTimeout(answer, 5, null, Buffer.alloc(0)),
    } as never,
  )
  port = await new Promise((resolve, reject) =>
    server.bindAsync('0.0.0.0:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  )
})
afterAll(() => server.forceShutdown())

beforeEach(async () => {
  api = new FakeApi()
  await api.start()
  problems = []
  registerEndpointSliceResolver({ url: api.url, problem: (sentence) => problems.push(sentence) })
})
afterEach(async () => {
  for (const client of clients.splice(0)) client.close()
  await api.stop()
})

const orders = (...pods: ReturnType<typeof pod>[]) => slice('s', pods, { ports: [{ name: 'grpc', port }] })
const put = (...pods: ReturnType<typeof pod>[]) => api.put('s', orders(...pods))
const at = (place: number) => `127.0.0.${place}:${port}`

function connect(options: ClientOptions = roundRobin, to = target): Client {
  const client = new Client(to, credentials.createInsecure(), options)
  clients.push(client)
  return client
}

/** Resolves to who served, or to why nobody did. */
function call(client: Client, deadlineSeconds = 10): Promise<string> {
  return new Promise((resolve) => {
    const deadline = Date.now() + deadlineSeconds * 1000
    const running = client.makeUnaryRequest('/test/Call', identity, identity, Buffer.alloc(0), { deadline }, (error) =>
      resolve(error ? error.message : running.getPeer()),
    )
  })
}

const servedBy = async (client: Client) =>
  [...new Set(await Promise.all(Array.from({ length: 12 }, () => call(client))))].sort()

/** What a resolver tells its channel. */
function resolve(to = target) {
  const told: string[][] = []
  const errors: string[] = []
  const uri = { scheme: 'k8s', path: to.replace('k8s:///', '') }
  const resolver = experimental.createResolver(
    uri,
    (endpoints) => {
      if (endpoints.ok) told.push(endpoints.value.map((one) => experimental.endpointToString(one)).sort())
      else errors.push(endpoints.error.details)
      return true
    },
    {},
  )
  return { resolver, told, errors }
}

describe('a channel to k8s:///', () => {
  it('calls the ready pods of the Service, spread as its service config has it, and follows them', async () => {
    put(pod('a', '127.0.0.1'), pod('b', '127.0.0.2'), pod('c', '127.0.0.3', { conditions: unready }))
    const client = connect()
    await call(client)
    await until(async () => expect(await servedBy(client)).toEqual([at(1), at(2)]))
    put(pod('b', '127.0.0.2'), pod('c', '127.0.0.3'))
    await until(async () => expect(await servedBy(client)).toEqual([at(2), at(3)]))
    api.put('t', slice('t', [pod('d', '127.0.0.4')], { ports: [{ name: 'grpc', port }] }))
    await until(async () => expect(await servedBy(client)).toEqual([at(2), at(3), at(4)]))
    api.delete('s')
    await until(async () => expect(await servedBy(client)).toEqual([at(4)]))
  })

  it('finds the port by its number too, and asks for the slices of this Service alone', async () => {
    put(pod('a', '127.0.0.1'))
    expect(await call(connect({}, `k8s:///orders.shop:${port}`))).toBe(at(1))
    expect(api.lists[0]?.get('labelSelector')).toBe('kubernetes.io/service-name=orders')
  })

  it('loses no call while all pods are replaced, one after another', async () => {
    put(pod('1', '127.0.0.1'), pod('2', '127.0.0.2'))
    const client = connect()
    let stop = false
    const results: string[] = []
    const caller = async () => {
      while (!stop) results.push(await call(client))
    }
    const callers = Promise.all(Array.from({ length: 8 }, caller))
    for (let next = 3; next <= 12; next++) {
      await sleep(100)
      const before = pod(`${next - 2}`, `127.0.0.${next - 2}`, { conditions: terminating })
      put(before, pod(`${next - 1}`, `127.0.0.${next - 1}`), pod(`${next}`, `127.0.0.${next}`))
    }
    await until(() => expect(results).toContain(at(12)))
    stop = true
    await callers
    expect(results.filter((result) => !result.startsWith('127.0.0.'))).toEqual([])
    expect(new Set(results).size).toBeGreaterThan(3)
  })

  it('goes on with the last pods while the API server is away, and learns the next ones when it is back', async () => {
    put(pod('a', '127.0.0.1'), pod('b', '127.0.0.2'))
    const client = connect()
    await until(async () => expect(await servedBy(client)).toEqual([at(1), at(2)]))
    await api.stop()
    await until(() => expect(problems).toEqual([expect.stringContaining('cannot be reached')]))
    expect(await servedBy(client)).toEqual([at(1), at(2)])
    put(pod('c', '127.0.0.3'))
    await api.start()
    await until(async () => expect(await servedBy(client)).toEqual([at(3)]))
    expect(problems).toEqual([expect.any(String), undefined])
  })

  it('fails calls with the reason while nothing is known, and serves them when it is', async () => {
    api.onList = status(403)
    const client = connect()
    await until(async () =>
      expect(await call(client, 2)).toMatch(/UNAVAILABLE: .* does not let us list endpointslices.* \(403\)/),
    )
    api.onList = undefined
    put(pod('a', '127.0.0.1'))
    await until(async () => expect(await call(client, 2)).toBe(at(1)))
  })

  // pick_first goes on with a connection that works.
  it.each(['round_robin', 'least_request'])('fails calls at once while there is no pod, under %s', async (policy) => {
    const { registerPolicies } = await import('../../../../services/echo/src/balancing/register-policies.ts')
    registerPolicies()
    put(pod('a', '127.0.0.1'))
    const client = connect({ 'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ [policy]: {} }] }) })
    await until(async () => expect(await call(client)).toBe(at(1)))
    put()
    const reason = 'Service orders in namespace shop has no endpoint for port grpc: it selects no pod'
    await until(async () => expect(await call(client, 30)).toContain(`UNAVAILABLE: ${reason}`))
    put(pod('b', '127.0.0.2'))
    await until(async () => expect(await call(client)).toBe(at(2)))
  })

  it('says which ports there are where the Service has none of that name', async () => {
    put(pod('a', '127.0.0.1'))
    expect(await call(connect({}, 'k8s:///orders.shop:http'))).toContain(`its pods listen on grpc (${port})`)
  })

  it.each([
    ['k8s:///orders:grpc', 'names no port of a Service'],
    ['k8s:///orders.shop', 'names no port of a Service'],
    ['k8s://orders.shop:grpc/', 'takes three slashes'],
    ['k8s://cluster/orders.shop:grpc', 'takes three slashes: write k8s:///orders.shop:grpc'],
    ['k8s://orders.shop:grpc', 'the target k8s://orders.shop:grpc takes three slashes: write k8s:///orders.shop:grpc'],
  ])('is refused when it is %s', (wrong, sentence) => {
    expect(() => new Client(wrong, credentials.createInsecure())).toThrow(sentence)
  })
})

describe('the watch of a Service', () => {
  it('is one for all channels to it, and ends with the last', async () => {
    put(pod('a', '127.0.0.1'))
    const [first, second] = [
      connect({ ...roundRobin, 'grpc.use_local_subchannel_pool': 1 }),
      connect({}, `k8s:///orders.shop:${port}`),
    ]
    expect(await Promise.all([call(first), call(second)])).toEqual([at(1), at(1)])
    expect([api.lists.length, api.watches.length]).toEqual([1, 1])
    first.close()
    await sleep(300)
    expect(api.open.size).toBe(1)
    second.close()
    await until(() => expect(api.open.size).toBe(0))
    expect(await call(connect())).toBe(at(1))
    expect(api.lists).toHaveLength(2)
  })

  it('leaves its problem to the next one to take back when the last channel to it is closed', async () => {
    put(pod('a', '127.0.0.1'))
    const client = connect()
    await until(async () => expect(await call(client)).toBe(at(1)))
    await api.stop()
    await until(() => expect(problems).toEqual([expect.stringContaining('cannot be reached')]))
    client.close()
    await sleep(300)
    expect(problems).toEqual([expect.any(String)])
    await api.start()
    await until(async () => expect(await call(connect())).toBe(at(1)))
    await until(() => expect(problems).toEqual([expect.any(String), undefined]))
  })

  it('is of the options of the last registration, for channels made after it', async () => {
    put(pod('a', '127.0.0.1'))
    const before = connect()
    await call(before)
    const other = new FakeApi()
    await other.start()
    other.put('s', orders(pod('z', '127.0.0.9')))
    registerEndpointSliceResolver({ url: other.url })
    expect(await call(connect({ ...roundRobin, 'grpc.default_authority': 'z' }))).toBe(at(9))
    expect(await call(before)).toBe(at(1))
    for (const client of clients.splice(0)) client.close()
    await other.stop()
  })
})

describe('the resolver', () => {
  it('tells nothing before it has returned, the second time neither', async () => {
    put(pod('a', '127.0.0.1'))
    const first = resolve()
    first.resolver.updateResolution()
    expect(first.told).toEqual([])
    await until(() => expect(first.told).toEqual([[`{${at(1)}}`]].map(() => [expect.stringContaining(at(1))])))
    const second = resolve()
    second.resolver.updateResolution()
    expect(second.told).toEqual([])
    await until(() => expect(second.told).toHaveLength(1))
    for (const { resolver } of [first, second]) resolver.destroy()
  })

  it('tells of no change that changes no endpoint, and of each that does', async () => {
    put(pod('a', '127.0.0.1'))
    const { resolver, told, errors } = resolve()
    resolver.updateResolution()
    await until(() => expect(told).toHaveLength(1))
    put(pod('a', '127.0.0.1', { zone: 'zone-b' }))
    put(pod('a', '127.0.0.1'), pod('b', '127.0.0.2', { conditions: unready }))
    resolver.updateResolution()
    await sleep(500)
    expect(told).toHaveLength(1)
    put(pod('a', '127.0.0.1'), pod('b', '127.0.0.2'))
    await until(() => expect(told).toHaveLength(2))
    put(pod('b', '127.0.0.2'))
    await until(() => expect(told).toHaveLength(3))
    api.put('s', slice('s', [pod('b', '127.0.0.2')], { ports: [{ name: 'grpc', port: 1 }] }))
    await until(() => expect(told[3]?.[0]).toContain('127.0.0.2:1'))
    // Pods on the node's network have one address.
    put(pod('c', '127.0.0.3'), pod('d', '127.0.0.3'))
    await until(() => expect(told).toHaveLength(5))
    put(pod('c', '127.0.0.3'), pod('d', '127.0.0.3', { zone: 'zone-b' }))
    await sleep(500)
    expect(told).toHaveLength(5)
    expect(errors).toEqual([])
    resolver.destroy()
  })

  it('tells no more once it is destroyed, and begins anew when it is asked again', async () => {
    put(pod('a', '127.0.0.1'))
    const { resolver, told } = resolve()
    resolver.updateResolution()
    await until(() => expect(told).toHaveLength(1))
    resolver.destroy()
    put(pod('b', '127.0.0.2'))
    await sleep(500)
    expect(told).toHaveLength(1)
    resolver.updateResolution()
    await until(() => expect(told).toHaveLength(2))
    resolver.destroy()
  })

  it('gives a pod of two families as one endpoint of two addresses', async () => {
    put(pod('a', '127.0.0.1'))
    api.put('v6', slice('v6', [pod('a', '::1')], { addressType: 'IPv6', ports: [{ name: 'grpc', port }] }))
    const { resolver, told } = resolve()
    resolver.updateResolution()
    await until(() => expect(told[0]).toEqual([expect.stringMatching(new RegExp(`${at(1)}.*\\[?::1\\]?:${port}`))]))
    resolver.destroy()
  })

  it('gives endpoints in an order that differs between channels, and stays in each', async () => {
    put(...Array.from({ length: 30 }, (_, place) => pod(`${place}`, `127.0.1.${place + 1}`)))
    const orders: string[] = []
    const first = await Promise.all(
      Array.from({ length: 6 }, async () => {
        const seen: string[][] = []
        const uri = { scheme: 'k8s', path: 'orders.shop:grpc' }
        const resolver = experimental.createResolver(
          uri,
          (endpoints) => {
            if (endpoints.ok) seen.push(endpoints.value.map((one) => experimental.endpointToString(one)))
            return true
          },
          {},
        )
        resolver.updateResolution()
        await until(() => expect(seen).toHaveLength(1))
        return { resolver, seen }
      }),
    )
    for (const { seen } of first) orders.push(String(seen[0]?.[0]))
    expect(new Set(orders).size).toBeGreaterThan(1)
    put(...Array.from({ length: 29 }, (_, place) => pod(`${place}`, `127.0.1.${place + 1}`)))
    for (const { resolver, seen } of first) {
      await until(() => expect(seen).toHaveLength(2))
      expect(seen[0]?.filter((one) => seen[1]?.includes(one))).toEqual(seen[1])
      resolver.destroy()
    }
  })

  it('calls the pods for its own zone where all have hints', async () => {
    registerEndpointSliceResolver({ url: api.url, zone: 'zone-b' })
    const hinted = (name: string, address: string, zone: string) =>
      pod(name, address, { hints: { forZones: [{ name: zone }] } })
    put(hinted('a', '127.0.0.1', 'zone-a'), hinted('b', '127.0.0.2', 'zone-b'))
    const { resolver, told } = resolve()
    resolver.updateResolution()
    await until(() => expect(told).toEqual([[expect.stringContaining(at(2))]]))
    resolver.destroy()
  })
})

it('cannot be registered with options that it would pass over', () => {
  const register = (options: object) => () => registerEndpointSliceResolver({ url: 'http://127.0.0.1:1', ...options })
  expect(register({ zome: 'a' })).toThrow('registerEndpointSliceResolver has no zome: it knows zone, problem, url')
  expect(register({ zone: '' })).toThrow('zone is empty: give the name of a zone, or leave it out to call all')
})

it('cannot be registered outside a cluster without the URL of an API server', () => {
  expect(() => registerEndpointSliceResolver()).toThrow(
    'this process runs in no cluster (KUBERNETES_SERVICE_HOST is not set): give the URL of an API server',
  )
})
