import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Registry } from '@prometheus-io/client'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Connection } from '../../../services/echo/src/connection.ts'
import { ServerConnections } from '../../../services/echo/src/metrics/server-connections.ts'
import { type EchoPod, hello, openClient, startPod } from '../../support/echo-pod.ts'
import { sampleValue } from '../../support/exposition.ts'

const patient = { timeout: 20_000, interval: 10 }
const name = (suffix: string) => `grpc_lb_server_${suffix}`

let registry: Registry
let connections: ServerConnections
let pod: EchoPod
const cleanups: (() => unknown)[] = []
beforeEach(async () => {
  registry = new Registry()
  connections = new ServerConnections(registry, 30)
  pod = await startPod('pod-1')
  connections.watch(pod.address)
})
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean()
  connections.close()
  await pod.stop()
  vi.useRealTimers()
})

const value = async (suffix: string, labels = {}) => sampleValue(await registry.metrics(), name(suffix), labels)

async function opened(address = pod.address): Promise<Socket> {
  const [, host, port] = /^(.*):(\d+)$/.exec(address) ?? []
  const socket = connect(Number(port), host)
  cleanups.push(() => socket.destroy())
  await once(socket, 'connect')
  return socket
}

describe('connections of a server', () => {
  it('are all at zero before the first, and the limit of their age is told', async () => {
    for (const suffix of ['connections', 'connections_accepted_total', 'oldest_connection_age_seconds']) {
      expect(await value(suffix), suffix).toBe(0)
    }
    expect(await value('connection_age_seconds_count')).toBe(0)
    expect(await value('max_connection_age_seconds')).toBe(30)
    expect(connections.open()).toEqual([])
  })

  it("are counted when they open and when they close, a gRPC client's and anybody else's", async () => {
    const client = openClient(pod.address)
    cleanups.push(() => client.close())
    expect((await hello(client, {})).error).toBeNull()
    const other = await opened()
    await vi.waitFor(async () => expect(await value('connections')).toBe(2), patient)
    expect(await value('connections_accepted_total')).toBe(2)
    other.destroy()
    await vi.waitFor(async () => expect(await value('connections')).toBe(1), patient)
    expect(await value('connections_accepted_total')).toBe(2)
    expect(await value('connection_age_seconds_count')).toBe(1)
    client.close()
    await vi.waitFor(async () => expect(await value('connections')).toBe(0), patient)
    expect(await value('connection_age_seconds_count')).toBe(2)
    expect(await value('oldest_connection_age_seconds')).toBe(0)
  })

  it('are told with the address and age of the other end, the oldest first', async () => {
    await opened()
    await vi.waitFor(() => expect(connections.open()).toHaveLength(1), patient)
    await opened()
    await vi.waitFor(() => expect(connections.open()).toHaveLength(2), patient)
    const [first, second] = connections.open()
    expect([first?.remoteAddress, second?.remoteAddress]).toEqual(['127.0.0.1', '127.0.0.1'])
    expect(first?.ageSeconds).toBeGreaterThan(second?.ageSeconds ?? 0)
    const [oldest] = connections.open()
    const shown = (await value('oldest_connection_age_seconds')) as number
    expect(shown).toBeGreaterThanOrEqual(oldest?.ageSeconds ?? 0)
  })

  it('of age fall into the bucket of the age at which they closed', async () => {
    const clock = vi.spyOn(performance, 'now')
    const socket = await opened()
    await vi.waitFor(() => expect(connections.open()).toHaveLength(1), patient)
    const [{ ageSeconds = 0 } = {}] = connections.open()
    clock.mockReturnValue(performance.now() + (45 - ageSeconds) * 1000)
    socket.destroy()
    await vi.waitFor(async () => expect(await value('connection_age_seconds_count')).toBe(1), patient)
    clock.mockRestore()
    const bucket = (le: string) => value('connection_age_seconds_bucket', { le })
    expect(await Promise.all(['1', '30', '60', '86400', '+Inf'].map(bucket))).toEqual([0, 0, 1, 1, 1])
  })

  it('to another port of this process are not counted', async () => {
    const other = await startPod('pod-2')
    cleanups.push(() => other.stop())
    const client = openClient(other.address)
    cleanups.push(() => client.close())
    expect((await hello(client, {})).error).toBeNull()
    expect(await value('connections_accepted_total')).toBe(0)
  })

  it('are counted no more once closed', async () => {
    connections.close()
    const client = openClient(pod.address)
    cleanups.push(() => client.close())
    expect((await hello(client, {})).error).toBeNull()
    expect(await value('connections_accepted_total')).toBe(0)
  })
})

describe('a subchannel', () => {
  it('tells since when it is READY, and nothing of that while it is not', async () => {
    const client = openClient(pod.address)
    const connection = new Connection(client, () => {})
    cleanups.push(() => connection.close())
    await vi.waitFor(() => expect(connection.subchannels()[0]?.state).toBe('READY'), patient)
    const [before] = connection.subchannels()
    expect(before?.readySeconds).toBeGreaterThanOrEqual(0)
    expect(before?.readySeconds).toBeLessThan(patient.timeout / 1000)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 90_000 })
    expect(connection.subchannels()[0]?.readySeconds).toBeGreaterThanOrEqual(90)
    vi.useRealTimers()
    await pod.stop()
    await vi.waitFor(() => expect(connection.subchannels()[0]?.state).not.toBe('READY'), patient)
    expect(connection.subchannels().map(({ readySeconds }) => readySeconds)).not.toContainEqual(expect.any(Number))
  })
})
