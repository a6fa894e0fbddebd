import { once } from 'node:events'
import { connect as connectHttp2 } from 'node:http2'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type Client, credentials, loadPackageDefinition, Metadata, type ServiceError, status } from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import { protoPath as healthProto } from 'grpc-health-check'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { exitCode } from '../../scripts/lib/exit.ts'
import { type EchoPod, hello, openClient, startPod } from '../support/echo-pod.ts'
import { sampleValue } from '../support/exposition.ts'

const identity = { pod: 'echo-1', ip: '10.0.0.7', node: 'node-1', zone: 'zone-a', version: '1.2.3' }

let pod: EchoPod
let client: ReturnType<typeof openClient>
const cleanups: (() => void | Promise<void>)[] = []
beforeAll(async () => {
  pod = await startPod('echo-1')
  client = openClient(pod.address)
})
afterAll(async () => {
  client.close()
  await pod.stop()
})
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean()
})

describe('Hello', () => {
  it('answers with the message behind its name, the counter, and who it is', async () => {
    const { reply, metadata } = await hello(client, { clientId: 'me', counter: 7, message: 'Hi' })
    expect(reply).toMatchObject({ message: 'echo-1: Hi', counter: 7, server: identity })
    expect(reply?.payload).toHaveLength(0)
    expect(metadata?.getMap()).toMatchObject({
      'x-evenly-pod': 'echo-1',
      'x-evenly-node': 'node-1',
      hostname: 'echo-1',
    })
  })

  it('answers with the status it is asked for, and says who it is in initial metadata all the same', async () => {
    const behaviour = { statusCode: status.NOT_FOUND, statusMessage: 'no such order' }
    const { error, metadata } = await hello(client, { behaviour })
    expect(error).toMatchObject({ code: status.NOT_FOUND, details: 'no such order' })
    expect(metadata?.get('x-evenly-pod')).toEqual(['echo-1'])
    expect((await hello(client, { behaviour: { statusCode: 8 } })).error?.details).toBe('asked for RESOURCE_EXHAUSTED')
  })

  it('carries a payload of the size it is asked for', async () => {
    expect((await hello(client, { behaviour: { payloadBytes: 70_000 } })).reply?.payload).toHaveLength(70_000)
  })

  it('waits as long as it is asked to, and serves others meanwhile', async () => {
    const order: string[] = []
    const slow = hello(client, { behaviour: { delayMilliseconds: 300 } }).then(() => order.push('slow'))
    await hello(client, {}).then(() => order.push('quick'))
    await slow
    expect(order).toEqual(['quick', 'slow'])
  })

  it.each([
    [{ delayMilliseconds: 60_001 }, 'behaviour.delay_milliseconds is over 60000'],
    [{ payloadBytes: 1024 * 1024 + 1 }, 'behaviour.payload_bytes is over 1048576'],
    [{ statusCode: 17 }, 'behaviour.status_code 17 is no gRPC status'],
  ])('refuses %j', async (behaviour, details) => {
    expect((await hello(client, { behaviour })).error).toMatchObject({ code: status.INVALID_ARGUMENT, details })
  })

  it('does what is asked of one pod only when it is that pod', async () => {
    const behaviour = { statusCode: status.ABORTED, payloadBytes: 9 }
    const other = await hello(client, { behaviour: { ...behaviour, onlyPod: 'echo-2' } })
    expect([other.error, other.reply?.payload]).toEqual([null, Buffer.alloc(0)])
    const own = { ...behaviour, onlyPod: 'echo-1' }
    expect((await hello(client, { behaviour: own })).error?.code).toBe(status.ABORTED)
    expect((await hello(client, { behaviour: { ...own, statusCode: 0 } })).reply?.payload).toHaveLength(9)
  })

  it('counts a call that its caller calls off as cancelled, and not as answered', async () => {
    const window = pod.tally.open(1)
    const call = client.hello({ clientId: 'me', behaviour: { delayMilliseconds: 50_000 } }, () => undefined)
    await once(call, 'metadata')
    call.cancel()
    expect(await window.complete).toMatchObject({ requests: 1, failed: 1, errors: { CANCELLED: 1 } })
  })

  it('tallies its callers, unnamed ones together', async () => {
    const window = pod.tally.open(3)
    for (const clientId of ['client-a', 'client-a', '']) await hello(client, { clientId })
    expect(window.counts().counts).toEqual({ 'client-a': 2, unnamed: 1 })
  })

  it('is counted in the metrics', async () => {
    const labels = { grpc_type: 'unary', grpc_service: 'evenly.echo.v1.Echo', grpc_method: 'Hello' }
    const read = async () => {
      const text = await pod.registry.metrics()
      return [
        sampleValue(text, 'grpc_server_started_total', labels) ?? 0,
        sampleValue(text, 'grpc_server_handled_total', { ...labels, grpc_code: 'DataLoss' }) ?? 0,
      ] as const
    }
    const [started, lost] = await read()
    await hello(client, { behaviour: { statusCode: status.DATA_LOSS } })
    expect(await read()).toEqual([started + 1, lost + 1])
  })
})

describe('HelloStream', () => {
  it('answers every message as it comes, and ends when the client ends', async () => {
    const stream = client.helloStream()
    const [metadata] = (await once(stream, 'metadata')) as [Metadata]
    expect(metadata.get('x-evenly-pod')).toEqual(['echo-1'])
    for (const counter of [1, 2]) {
      stream.write({ counter, message: 'Hi' })
      expect((await once(stream, 'data'))[0]).toMatchObject({ message: 'echo-1: Hi', counter, server: identity })
    }
    stream.end()
    expect((await once(stream, 'status'))[0]).toMatchObject({ code: status.OK })
  })

  it('does what is asked of one pod only when it is that pod', async () => {
    const stream = client.helloStream()
    const failed = once(stream, 'error')
    stream.write({ counter: 1, behaviour: { statusCode: status.ABORTED, onlyPod: 'echo-2' } })
    expect((await once(stream, 'data'))[0]).toMatchObject({ counter: 1 })
    stream.write({ counter: 2, behaviour: { statusCode: status.ABORTED, onlyPod: 'echo-1' } })
    await expect(failed).resolves.toMatchObject([{ code: status.ABORTED }])
  })

  it('answers what is still to be answered after the client has ended', async () => {
    const stream = client.helloStream()
    const counters: number[] = []
    stream.on('data', ({ counter }) => counters.push(counter))
    for (const counter of [1, 2, 3]) stream.write({ counter, behaviour: { delayMilliseconds: 50 } })
    stream.end()
    expect((await once(stream, 'status'))[0]).toMatchObject({ code: status.OK })
    expect(counters).toEqual([1, 2, 3])
  })

  it('ends with the status a message asks for', async () => {
    const stream = client.helloStream()
    const failed = once(stream, 'error')
    stream.write({ behaviour: { statusCode: status.ABORTED } })
    stream.resume()
    await expect(failed).resolves.toMatchObject([{ code: status.ABORTED }])
  })
})

describe('what any gRPC server should have', () => {
  it.each(['', 'evenly.echo.v1.Echo'])('is healthy as service "%s"', async (service) => {
    expect(await unary(health(), 'check', { service })).toEqual({ status: 'SERVING' })
  })

  it('says who it is with its health and its description, errors included', async () => {
    for (const service of ['', 'other']) expect(await podNamed('/grpc.health.v1.Health/Check', service)).toBe('echo-1')
    const reflection = '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo'
    for (const path of ['/grpc.health.v1.Health/Watch', reflection]) expect(await podNamed(path)).toBe('echo-1')
  })

  it('knows no health of another service', async () => {
    await expect(unary(health(), 'check', { service: 'other' })).rejects.toMatchObject({ code: status.NOT_FOUND })
  })

  it('lists its services by reflection, and describes them as their .proto file spells them', async () => {
    const stub = open(
      join(packageFolder('@grpc/reflection'), 'build/proto/grpc/reflection/v1/reflection.proto'),
      (grpc) => {
        return grpc.grpc.reflection.v1.ServerReflection
      },
    )
    const stream = stub.serverReflectionInfo()
    stream.write({ listServices: '*' })
    const [{ listServicesResponse }] = await once(stream, 'data')
    stream.write({ fileContainingSymbol: 'evenly.echo.v1.Echo' })
    const [{ fileDescriptorResponse }] = await once(stream, 'data')
    stream.end()
    expect(String(fileDescriptorResponse.fileDescriptorProto[0])).toContain('client_id')
    expect(listServicesResponse.service.map(({ name }: { name: string }) => name)).toContain('evenly.echo.v1.Echo')
  })

  it('tells its calls by channelz', async () => {
    const stub = open(
      join(packageFolder('@grpc/grpc-js'), 'proto/channelz.proto'),
      (grpc) => grpc.grpc.channelz.v1.Channelz,
    )
    await hello(client, {})
    const { server } = await unary(stub, 'getServers', {})
    expect(Number(server[0].data.callsSucceeded)).toBeGreaterThan(0)
  })

  it('answers a method it does not have with UNIMPLEMENTED', async () => {
    await expect(raw(client, '/evenly.echo.v1.Echo/Nothing', Buffer.alloc(0))).rejects.toMatchObject({
      code: status.UNIMPLEMENTED,
    })
  })

  it('answers bytes that are no message with INTERNAL, and goes on', async () => {
    await expect(raw(client, '/evenly.echo.v1.Echo/Hello', Buffer.from([0x0a, 0xff]))).rejects.toMatchObject({
      code: status.INTERNAL,
    })
    expect((await hello(client, { message: 'still here' })).reply?.message).toBe('echo-1: still here')
  })
})

describe('options of the server', () => {
  it('end a connection at an age with GOAWAY', async () => {
    const { address } = await ownPod('--max-connection-age-seconds', '0.2')
    const session = connectHttp2(`http://${address}`)
    cleanups.push(() => session.destroy())
    const [code, , why] = await once(session, 'goaway')
    expect([code, String(why)]).toEqual([0, 'max_age'])
  })

  it('ping a connection that is idle', async () => {
    const { address } = await ownPod('--keepalive-time-seconds', '0.1')
    const session = connectHttp2(`http://${address}`)
    cleanups.push(() => session.destroy())
    await once(session, 'ping')
  })

  it('bound the calls at a time on one connection', async () => {
    const { address } = await ownPod('--max-concurrent-streams', '17')
    const session = connectHttp2(`http://${address}`)
    cleanups.push(() => session.destroy())
    expect((await once(session, 'remoteSettings'))[0]).toMatchObject({ maxConcurrentStreams: 17 })
  })

  it('bound requests and replies', async () => {
    const { address } = await ownPod('--max-receive-message-bytes', '1000', '--max-send-message-bytes', '2000')
    const own = openClient(address)
    cleanups.push(() => own.close())
    const exhausted = { code: status.RESOURCE_EXHAUSTED }
    expect((await hello(own, { message: 'x'.repeat(1001) })).error).toMatchObject(exhausted)
    expect((await hello(own, { behaviour: { payloadBytes: 2001 } })).error).toMatchObject(exhausted)
    expect((await hello(own, { message: 'x'.repeat(900), behaviour: { payloadBytes: 900 } })).error).toBeNull()
  })

  it('bound requests at 4 MiB without any', async () => {
    const { error } = await hello(client, { message: 'x'.repeat(5 * 1024 * 1024) })
    expect(error).toMatchObject({ code: status.RESOURCE_EXHAUSTED })
  })

  it('are refused with one sentence when the address is taken', async () => {
    await expect(startPod('echo-2', pod.address)).rejects.toMatchObject({
      exitCode: exitCode.unavailable,
      message: expect.stringMatching(/^--listen 127\.0\.0\.1:\d+: .*: choose a free address of this machine\.$/),
    })
  })
})

async function ownPod(...args: string[]): Promise<EchoPod> {
  const own = await startPod('echo-2', '127.0.0.1:0', args)
  cleanups.push(() => own.stop())
  return own
}

// biome-ignore lint/suspicious/noExplicitAny: services that have no generated types here
type Stub = any

const health = (): Stub => open(healthProto, (grpc) => grpc.grpc.health.v1.Health)

function open(proto: string, pick: (grpc: Stub) => Stub): Stub {
  const definition = loadSync(proto, { enums: String, includeDirs: [join(packageFolder('@grpc/grpc-js'), 'proto')] })
  const stub = new (pick(loadPackageDefinition(definition)))(pod.address, credentials.createInsecure())
  cleanups.push(() => stub.close())
  return stub
}

function unary(stub: Stub, method: string, request: object): Promise<Stub> {
  return new Promise((resolve, reject) => {
    stub[method](request, (error: ServiceError | null, reply: unknown) => (error ? reject(error) : resolve(reply)))
  })
}

function raw(stub: Client, method: string, request: Buffer): Promise<Buffer | undefined> {
  const same = (bytes: Buffer) => bytes
  return new Promise((resolve, reject) => {
    stub.makeUnaryRequest(method, same, same, request, new Metadata(), {}, (error, reply) => {
      if (error) reject(error)
      else resolve(reply)
    })
  })
}

/** The pod that initial metadata names, which every kind of call gets before its end. */
async function podNamed(path: string, service = ''): Promise<unknown> {
  const same = (bytes: Buffer) => bytes
  const call = client.makeBidiStreamRequest(path, same, same).on('error', () => {})
  cleanups.push(() => call.cancel())
  call.end(service === '' ? Buffer.alloc(0) : Buffer.from([0x0a, service.length, ...Buffer.from(service)]))
  const [metadata] = (await once(call, 'metadata')) as [Metadata]
  return metadata.get('x-evenly-pod')[0]
}

function packageFolder(name: string): string {
  const found = createRequire(import.meta.url).resolve(name)
  return join(found.slice(0, found.lastIndexOf(join('node_modules', name))), 'node_modules', name)
}
