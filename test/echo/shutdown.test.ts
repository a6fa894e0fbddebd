import { once } from 'node:events'
import { connect } from 'node:net'
import { status } from '@grpc/grpc-js'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { chooseAddresses } from '../../scripts/lab/addresses.ts'
import { type EchoProcess, startEcho } from '../../scripts/lab/echo-process.ts'
import type { JudgedWindow } from '../../services/echo/src/distribution.ts'
import type { Report } from '../../services/echo/src/report.ts'
import { stopServer } from '../../services/echo/src/shutdown.ts'
import { endCommands, runEcho, runNode } from '../support/echo-command.ts'
import { hello, openClient, startPod } from '../support/echo-pod.ts'

const patient = { timeout: 20_000, interval: 10 }
const anyPort = ['--admin-listen', '127.0.0.1:0']

/** An address for each server of this file, so that none is used twice. */
let nextAddress: () => string
const cleanups: (() => void | Promise<void>)[] = []
beforeAll(async () => {
  const { server } = await chooseAddresses(20)
  let used = 0
  nextAddress = () => server(used++)
})
afterEach(async () => {
  await endCommands()
  for (const clean of cleanups.splice(0).reverse()) await clean()
})

describe('a server that is told to stop', () => {
  it('lets the call in flight end, refuses connections meanwhile, and exits 0', async () => {
    const { server, address, client } = await serving('--drain-seconds', '30')
    const order: string[] = []
    const call = await inFlight(client, 1000)
    call.answered.then(({ error }) => order.push(error === null ? 'answered' : error.message))
    server.kill('SIGTERM')
    await vi.waitFor(async () => expect(await knock(address)).toBe('ECONNREFUSED'), patient)
    order.push('refused')
    expect((await call.answered).reply?.message).toBe('pod-1: Hi')
    expect(order).toEqual(['refused', 'answered'])
    expect(await server.exited).toBe(0)
    expect(server.output()).toMatch(/pod-1 stopped\n$/)
  })

  it('cuts a call that outlives the drain limit, says so, and exits 0 all the same', async () => {
    const { server, client } = await serving('--drain-seconds', '0.2')
    const call = await inFlight(client, 1000)
    server.kill('SIGTERM')
    expect((await call.answered).error).toMatchObject({ code: status.CANCELLED })
    expect(await server.exited).toBe(0)
    expect(server.output()).toMatch(/pod-1 stopped: the calls still running were cut\n$/)
  })

  it('does not wait for the delay that a cut call had asked for', async () => {
    const { server, client } = await serving('--drain-seconds', '0.2')
    const call = await inFlight(client, 60_000)
    server.kill('SIGTERM')
    await call.answered
    await endsWithin(server.exited, 3000)
  })

  it('says that it is not ready, and goes on serving for the time it was given, even to new callers', async () => {
    const { server, address, client } = await serving('--not-ready-seconds', '1')
    const health = watchHealth(client)
    expect(await health.next()).toBe('SERVING')
    server.kill('SIGTERM')
    expect(await health.next()).toBe('NOT_SERVING')
    expect((await fetch(`${server.admin}/readyz`)).status).toBe(503)
    expect((await fetch(`${server.admin}/livez`)).status).toBe(200)
    const newcomer = openClient(address)
    expect((await hello(newcomer, { message: 'Hi' })).reply?.message).toBe('pod-1: Hi')
    newcomer.close()
    health.end()
    expect(await server.exited).toBe(0)
  })

  it('ends open streams with OK, and takes an interrupt as a request to stop too', async () => {
    const { server, client } = await serving()
    const stream = client.helloStream()
    stream.write({ message: 'Hi' })
    expect((await once(stream, 'data'))[0]).toMatchObject({ message: 'pod-1: Hi' })
    stream.resume()
    server.kill('SIGINT')
    expect((await once(stream, 'status'))[0]).toMatchObject({ code: status.OK })
    expect(await server.exited).toBe(0)
    expect(server.output()).toMatch(/pod-1 stopped\n$/)
  })

  it('answers the messages of a stream that it has taken, before it ends the stream', async () => {
    const { server, client } = await serving()
    const stream = client.helloStream()
    const counters: number[] = []
    stream.on('data', ({ counter }) => counters.push(counter))
    stream.write({ counter: 1, behaviour: { delayMilliseconds: 1000 } })
    stream.write({ counter: 2 })
    await vi.waitFor(() => expect(counters).toEqual([2]), patient)
    server.kill('SIGTERM')
    expect((await once(stream, 'status'))[0]).toMatchObject({ code: status.OK })
    expect(counters).toEqual([2, 1])
  })

  it('ends at once at a second signal', async () => {
    const { server, client } = await serving('--drain-seconds', '60')
    const call = await inFlight(client, 60_000)
    server.kill('SIGTERM')
    await vi.waitFor(() => expect(server.output()).toContain('pod-1 stops'), patient)
    server.kill('SIGTERM')
    expect(await server.exited).toBe(143)
    expect((await call.answered).error).toMatchObject({ code: status.UNAVAILABLE })
  })

  it('while it still starts, stops too', async () => {
    const signalAtFirstListen = `
      import net from 'node:net'
      const { listen } = net.Server.prototype
      net.Server.prototype.listen = function (...args) {
        net.Server.prototype.listen = listen
        process.emit('SIGTERM')
        return listen.apply(this, args)
      }`
    const main = new URL('../../services/echo/src/main.ts', import.meta.url).pathname
    const preload = `data:text/javascript,${encodeURIComponent(signalAtFirstListen)}`
    const server = runNode(['--import', preload, main, '-s', '--listen', '127.0.0.1:0', ...anyPort])
    await Promise.race([server.ended, server.printed(/serves gRPC/)])
    await endsWithin(server.ended, 3000)
  })
})

describe('stopServer', () => {
  it('tells that every call could end by itself', async () => {
    const pod = await startPod('pod-1')
    expect(await stopServer(pod.running, { notReadySeconds: 0, drainSeconds: 5 })).toBe(true)
  })

  it('does not wait for those who watch its health', async () => {
    const pod = await startPod('pod-1')
    const client = openClient(pod.address)
    const health = watchHealth(client)
    await health.next()
    const drained = await stopServer(pod.running, { notReadySeconds: 0, drainSeconds: 1 })
    client.close()
    expect(drained).toBe(true)
  })
})

describe('one of three servers behind round_robin', () => {
  it('stops at SIGTERM under load without one failed call', async () => {
    const addresses = [nextAddress(), nextAddress(), nextAddress()]
    const servers = await Promise.all(addresses.map((address, index) => start(`pod-${index + 1}`, address)))
    const target = `ipv4:${addresses.join(',')}`
    const steady = await calling(target, ['--rps', '200', '--delay-milliseconds', '20'])
    const busy = await calling(target, ['--concurrency', '20', '--delay-milliseconds', '20'])
    for (const { next } of [steady, busy]) expect(Object.keys((await next(200)).counts)).toHaveLength(3)
    servers[1]?.kill('SIGTERM')
    expect(await servers[1]?.exited).toBe(0)
    for (const { next } of [steady, busy]) expect(Object.keys((await next(200)).counts)).toEqual(['pod-1', 'pod-3'])
    for (const { stop } of [steady, busy]) {
      const report = await stop()
      expect(report).toMatchObject({ failed: 0, errors: {} })
      expect(report.requests).toBeGreaterThanOrEqual(400)
      expect(report.counts['pod-2']).toBeGreaterThan(0)
    }
  })
})

async function start(name: string, address: string, args: readonly string[] = []): Promise<EchoProcess> {
  const server = await startEcho(['-s', '--listen', address, ...anyPort, ...args], { POD_NAME: name })
  cleanups.push(async () => {
    server.kill('SIGKILL')
    await server.exited
  })
  return server
}

async function serving(...args: string[]) {
  const address = nextAddress()
  const server = await start('pod-1', address, args)
  const client = openClient(address)
  cleanups.push(() => client.close())
  return { server, address, client }
}

/** A call that the server has and will answer after so long. */
async function inFlight(client: ReturnType<typeof openClient>, delayMilliseconds: number) {
  let known = () => {}
  const reached = new Promise<void>((resolve) => {
    known = resolve
  })
  const answered = hello(client, { message: 'Hi', behaviour: { delayMilliseconds } }, known)
  await reached
  return { answered }
}

/** 'open' when the address takes a connection, else the code of the error. */
async function knock(address: string): Promise<string> {
  const [host, port] = address.split(':')
  const socket = connect(Number(port), host)
  try {
    await once(socket, 'connect')
    return 'open'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error)
  } finally {
    socket.destroy()
  }
}

/** Health of the whole server, as it changes; the status is the one byte of field 1. */
function watchHealth(client: ReturnType<typeof openClient>) {
  const same = (bytes: Buffer) => bytes
  const watch = client.makeServerStreamRequest('/grpc.health.v1.Health/Watch', same, same, Buffer.alloc(0))
  watch.on('error', () => {})
  const news = watch[Symbol.asyncIterator]()
  const names = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN']
  return { next: async () => names[(await news.next()).value?.[1] ?? 0], end: () => watch.cancel() }
}

/** A client process under way: asks it for its next calls, and stops it for its report. */
async function calling(target: string, pace: readonly string[]) {
  const client = runEcho(['-h', target, '--lb-policy', 'round_robin', '-o', 'json', '--quiet', ...anyPort, ...pace])
  const admin = (await client.printed(/admin on (http:\S+)/))[1]
  await client.printed(/connected to/)
  const next = async (calls: number) =>
    (await (await fetch(`${admin}/distribution?next=${calls}`)).json()) as JudgedWindow
  const stop = async (): Promise<Report> => {
    client.kill('SIGTERM')
    return JSON.parse((await client.ended).stdout)
  }
  return { next, stop }
}

async function endsWithin(ended: Promise<unknown>, milliseconds: number): Promise<void> {
  let over = false
  ended.then(() => {
    over = true
  })
  await vi.waitFor(() => expect(over).toBe(true), { timeout: milliseconds, interval: 10 })
}
