import { Code, type Transport } from '@connectrpc/connect'
import { createConnectTransport, createGrpcWebTransport } from '@connectrpc/connect-node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endCommands, runEcho } from '../../support/echo-command.ts'
import { sampleValue } from '../../support/exposition.ts'
import { failure, post, startWebServer, webEcho } from './web-server.ts'

let url: string
beforeAll(async () => {
  ;[, url] = await startWebServer('--grpc-web', '--max-receive-message-bytes', '100000')
})
afterAll(endCommands)

const transports = {
  'gRPC-web': (baseUrl: string): Transport => createGrpcWebTransport({ baseUrl, httpVersion: '1.1' }),
  Connect: (baseUrl: string): Transport => createConnectTransport({ baseUrl, httpVersion: '1.1' }),
}

describe.each(Object.entries(transports))('Hello over %s', (_, transport) => {
  const echo = () => webEcho(transport(url))

  it('is answered by the pod, which names itself in the reply and in the headers', async () => {
    let headers = new Headers()
    const reply = await echo().hello({ message: 'hi', counter: 7n }, { onHeader: (sent) => (headers = sent) })
    expect(reply).toMatchObject({ message: 'pod-9: hi', counter: 7n, server: { pod: 'pod-9', zone: 'zone-a' } })
    expect([headers.get('x-evenly-pod'), headers.get('x-evenly-zone'), headers.get('hostname')]).toEqual([
      'pod-9',
      'zone-a',
      'pod-9',
    ])
  })

  it('does what the request asks for', async () => {
    const before = performance.now()
    const behaviour = { delayMilliseconds: 200, payloadBytes: 5, tellCaller: true }
    const { payload, callerAddress } = await echo().hello({ behaviour })
    expect(performance.now() - before).toBeGreaterThan(190)
    expect(payload).toHaveLength(5)
    expect(callerAddress).toMatch(/^127\.0\.0\.1:\d+$/)
  })

  it('ends with the status that is asked for, and still says which pod it was', async () => {
    const error = await failure(echo().hello({ behaviour: { statusCode: 8, statusMessage: 'full' } }))
    expect([error.code, error.rawMessage]).toEqual([Code.ResourceExhausted, 'full'])
    expect(error.metadata.get('x-evenly-pod')).toBe('pod-9')
  })

  it('ends at its deadline', async () => {
    const error = await failure(echo().hello({ behaviour: { delayMilliseconds: 30_000 } }, { timeoutMs: 100 }))
    expect(error.code).toBe(Code.DeadlineExceeded)
  })

  it('is refused over the size that gRPC may have', async () => {
    expect((await failure(echo().hello({ message: 'x'.repeat(100_001) }))).code).toBe(Code.ResourceExhausted)
  })

  it('is counted once: in the tally, and in the metrics under gRPC names', async () => {
    const before = await counted()
    await echo().hello({ clientId: 'web-client' })
    await failure(echo().hello({ clientId: 'web-client', behaviour: { statusCode: 5 } }))
    const after = await counted()
    const more = Object.entries(after).map(([name, count]) => [name, count - (before[name] ?? 0)])
    expect(Object.fromEntries(more)).toEqual({ tally: 2, started: 2, ok: 1, notFound: 1, received: 2, sent: 1 })
  })

  it('whose caller gives up is counted as cancelled, once', async () => {
    const before = await cancelled()
    await failure(echo().hello({ behaviour: { delayMilliseconds: 60_000 } }, { timeoutMs: 50 }))
    await expect.poll(cancelled, { timeout: 10_000 }).toBe(before + 1)
  })
})

describe('HelloStream', () => {
  const two = async function* (...requests: object[]) {
    yield* requests
  }

  it('over gRPC-web answers each message, in their order', async () => {
    const replies: string[] = []
    const stream = webEcho(transports['gRPC-web'](url)).helloStream(two({ message: 'a' }, { message: 'b' }))
    for await (const { message } of stream) replies.push(message)
    expect(replies).toEqual(['pod-9: a', 'pod-9: b'])
  })

  it('over gRPC-web ends with the status asked for, after what it has answered', async () => {
    const stream = webEcho(transports['gRPC-web'](url)).helloStream(
      two({ message: 'a' }, { behaviour: { statusCode: 7 } }),
    )
    const replies: string[] = []
    const reading = (async () => {
      for await (const { message } of stream) replies.push(message)
    })()
    expect([(await failure(reading)).code, replies]).toEqual([Code.PermissionDenied, ['pod-9: a']])
  })

  it('over Connect is refused where HTTP/1.1 cannot carry both ways at a time', async () => {
    const body = Buffer.concat([Buffer.from([0, 0, 0, 0, 2]), Buffer.from('{}')])
    const response = await post(`${url}/evenly.echo.v1.Echo/HelloStream`, body, 'application/connect+json')
    expect([response.status, response.headers.get('connection')]).toEqual([505, 'close'])
  })
})

describe('gRPC-web beside the rest of the admin server', () => {
  it('leaves the other routes as they were', async () => {
    expect((await post(`${url}/distribution`, '{}')).status).toBe(404)
    expect((await post(`${url}/distribution`, 'x', 'application/grpc-web')).status).toBe(404)
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
  })

  it('lets the live page call this very server', async () => {
    expect(await (await fetch(`${url}/controls`)).json()).toEqual({ echo: true })
  })

  it('is off where nobody asked for it', async () => {
    const [, plain] = await startWebServer()
    expect((await post(`${plain}/evenly.echo.v1.Echo/Hello`, '{}')).status).toBe(404)
    expect((await fetch(`${plain}/controls`)).status).toBe(404)
  })

  it('answers the calls that run when the server is told to stop, and ends its streams', async () => {
    const [stopping, at] = await startWebServer('--grpc-web')
    const echo = webEcho(transports['gRPC-web'](at))
    const release = Promise.withResolvers<void>()
    const answered = Promise.withResolvers<string>()
    const endless = async function* () {
      yield { message: 'a' }
      await release.promise
    }
    const stream = (async () => {
      for await (const { message } of echo.helloStream(endless())) answered.resolve(message)
    })()
    const call = echo.hello({ message: 'late', behaviour: { delayMilliseconds: 1500 } })
    expect(await answered.promise).toBe('pod-9: a')
    await expect.poll(() => startedAt(at), { timeout: 10_000 }).toBe(1)
    stopping.kill('SIGTERM')
    expect((await call).message).toBe('pod-9: late')
    await stream
    release.resolve()
    expect((await stopping.ended).code).toBe(0)
  })
})

describe('the options of gRPC-web', () => {
  it.each([
    [
      '--grpc-web-origins https://shop.example',
      '--grpc-web-origins opens --grpc-web, which is off: give both or neither.',
    ],
    [
      '--grpc-web --grpc-web-origins https://shop.example/',
      'It must be origins as browsers send them, such as https://shop.example, or *.',
    ],
    ['--grpc-web --grpc-web-origins shop.example', 'It must be origins as browsers send them'],
  ])('refuse "%s"', async (line, sentence) => {
    const { code, stderr } = await runEcho(['-s', ...line.split(' ')]).ended
    expect([code, stderr]).toEqual([64, expect.stringContaining(sentence)])
  })
})

const labels = { grpc_type: 'unary', grpc_service: 'evenly.echo.v1.Echo', grpc_method: 'Hello' }

async function sample(name: string, more: object = {}, at = url): Promise<number> {
  return sampleValue(await (await fetch(`${at}/metrics`)).text(), name, { ...labels, ...more }) ?? 0
}

const cancelled = () => sample('grpc_server_handled_total', { grpc_code: 'Canceled' })
const startedAt = (at: string) => sample('grpc_server_started_total', {}, at)

async function counted(): Promise<Record<string, number>> {
  const { lastMinutes } = (await (await fetch(`${url}/distribution`)).json()) as {
    lastMinutes: Record<string, { counts: Record<string, number> }>
  }
  return {
    tally: lastMinutes[15]?.counts['web-client'] ?? 0,
    started: await sample('grpc_server_started_total'),
    ok: await sample('grpc_server_handled_total', { grpc_code: 'OK' }),
    notFound: await sample('grpc_server_handled_total', { grpc_code: 'NotFound' }),
    received: await sample('grpc_server_msg_received_total'),
    sent: await sample('grpc_server_msg_sent_total'),
  }
}
