import { Metadata, Server, ServerCredentials, status } from '@grpc/grpc-js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type EchoClient, echoService } from '../../../services/echo/src/wire.ts'
import { endCommands } from '../../support/echo-command.ts'
import { openClient } from '../../support/echo-pod.ts'
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from '../../support/otlp-receiver.ts'
import { runTracedClient, startTracedServer, tracingTo } from '../../support/traced-echo.ts'

let receiver: OtlpReceiver
const closing: (() => Promise<void> | void)[] = []
beforeEach(async () => {
  receiver = await startOtlpReceiver()
})
afterEach(async () => {
  await endCommands()
  for (const close of closing.splice(0)) await close()
  await receiver.close()
})

/** A server that keeps the headers of its calls, and fails the first ones before it says anything else. */
async function startKeeper(failures = 0, trailers = new Metadata()) {
  const headers: Record<string, unknown>[] = []
  const server = new Server()
  server.addService(echoService, {
    Hello(call: { metadata: Metadata }, callback: (error: object | null, reply?: object) => void) {
      headers.push(call.metadata.getMap())
      if (headers.length > failures) return callback(null, { server: { pod: 'keeper' } })
      callback({ code: status.UNAVAILABLE, details: 'not yet', metadata: trailers })
    },
  })
  const port = await new Promise<number>((resolve, reject) => {
    const credentials = ServerCredentials.createInsecure()
    server.bindAsync('127.0.0.1:0', credentials, (error, bound) => (error ? reject(error) : resolve(bound)))
  })
  closing.push(() => server.forceShutdown())
  return { address: `127.0.0.1:${port}`, headers }
}

/** The span of one attempt, by the number of the attempt. */
const attempt = (spans: readonly ReceivedSpan[], number: number) =>
  spans.find(({ attributes }) => attributes['grpc_lb.attempt'] === number) as ReceivedSpan

/** Headers of traces that a server got from one call of a client. */
async function sentWith(env: NodeJS.ProcessEnv) {
  const keeper = await startKeeper()
  const client = runTracedClient([keeper], ['--requests', '1'], { ...tracingTo(receiver), ...env })
  expect((await client.ended).code).toBe(0)
  const [all = {}] = keeper.headers
  const headers = Object.fromEntries(Object.entries(all).filter(([name]) => /trace|baggage|b3/.test(name)))
  return { headers, spans: receiver.spans }
}

describe('a client', () => {
  it('sends W3C headers that name the attempt', async () => {
    const { headers, spans } = await sentWith({})
    const { traceId, spanId } = attempt(spans, 1)
    expect(headers).toEqual({ traceparent: `00-${traceId}-${spanId}-01` })
  })

  it('sends B3 as one header', async () => {
    const { headers, spans } = await sentWith({ OTEL_PROPAGATORS: 'b3' })
    const { traceId, spanId } = attempt(spans, 1)
    expect(headers).toEqual({ b3: `${traceId}-${spanId}-1` })
  })

  it('sends B3 as several headers, beside the others', async () => {
    const { headers, spans } = await sentWith({ OTEL_PROPAGATORS: 'b3multi,tracecontext' })
    const { traceId, spanId } = attempt(spans, 1)
    expect(headers).toEqual({
      traceparent: `00-${traceId}-${spanId}-01`,
      'x-b3-traceid': traceId,
      'x-b3-spanid': spanId,
      'x-b3-sampled': '1',
    })
  })

  it('says of a call that is not sampled just that', async () => {
    const { headers, spans } = await sentWith({ OTEL_TRACES_SAMPLER: 'always_off' })
    expect(headers).toEqual({ traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/) })
    expect(spans).toEqual([])
  })

  it('sends nothing where nothing is to be carried on, and nothing without an endpoint', async () => {
    expect((await sentWith({ OTEL_PROPAGATORS: 'none' })).headers).toEqual({})
    expect((await sentWith({ OTEL_EXPORTER_OTLP_ENDPOINT: '' })).headers).toEqual({})
  })

  it('names each attempt anew, keeps the headers of the user, and shows which pod refused where that one says so', async () => {
    const trailers = new Metadata()
    trailers.set('x-evenly-pod', 'refusing')
    const keeper = await startKeeper(2, trailers)
    const args = ['--requests', '1', '--max-attempts', '4', '--key-header', 'x-user', '--keys', '1']
    expect((await runTracedClient([keeper], args, tracingTo(receiver)).ended).code).toBe(0)
    const attempts = [1, 2, 3].map((number) => attempt(receiver.spans, number))
    expect(keeper.headers.map(({ traceparent }) => traceparent)).toEqual(
      attempts.map(({ traceId, spanId }) => `00-${traceId}-${spanId}-01`),
    )
    expect(keeper.headers.map((headers) => headers['x-user'])).toEqual(['key-0', 'key-0', 'key-0'])
    expect(attempts.map(({ attributes: a }) => `${a['rpc.status_code']} ${a['grpc_lb.peer_pod']}`)).toEqual([
      'UNAVAILABLE refusing',
      'UNAVAILABLE refusing',
      'OK keeper',
    ])
    expect(attempts[0]?.statusMessage).toBe('not yet')
  })
})

const traceId = '0af7651916cd43dd8448eb211c80319c'
const spanId = 'b7ad6b7169203331'

describe('a server', () => {
  /** The span of a server that is called with these headers; undefined when it sends none until it ends. */
  async function servedWith(headers: Readonly<Record<string, string>>, env: NodeJS.ProcessEnv = {}) {
    const server = await startTracedServer('pod-a', { ...tracingTo(receiver), ...env })
    const client = openClient(server.address)
    closing.push(() => client.close())
    const metadata = new Metadata()
    for (const [name, value] of Object.entries(headers)) metadata.set(name, value)
    await new Promise<void>((resolve, reject) => {
      client.hello({ clientId: 'raw', counter: 7 }, metadata, { deadline: Date.now() + 30_000 }, (error) =>
        error ? reject(error) : resolve(),
      )
    })
    server.process.kill('SIGTERM')
    expect((await server.process.ended).code).toBe(0)
    return receiver.spans[0]
  }

  const child = { traceId, parentSpanId: spanId }

  it.each([
    ['W3C', { traceparent: `00-${traceId}-${spanId}-01`, tracestate: 'mesh=1', baggage: 'a=b' }, ''],
    ['B3 in one', { b3: `${traceId}-${spanId}-1` }, 'b3'],
    ['B3 in several', { 'x-b3-traceid': traceId, 'x-b3-spanid': spanId, 'x-b3-sampled': '1' }, 'b3multi'],
    // What a mesh's proxies say and what an application says in its own way may both be there.
    [
      'B3 in several, read by who sends one',
      { 'x-b3-traceid': traceId, 'x-b3-spanid': spanId, 'x-b3-sampled': '1' },
      'tracecontext,b3',
    ],
  ])('is below the caller that sends %s', async (_name, headers, propagators) => {
    expect(await servedWith(headers, { OTEL_PROPAGATORS: propagators })).toMatchObject({ ...child, kind: 'SERVER' })
  })

  it.each([
    ['W3C', { traceparent: `00-${traceId}-${spanId}-00` }, ''],
    ['B3', { b3: `${traceId}-${spanId}-0` }, 'b3'],
  ])('is not sampled where the caller is not, in %s', async (_name, headers, propagators) => {
    expect(await servedWith(headers, { OTEL_PROPAGATORS: propagators })).toBeUndefined()
  })

  it.each([
    ['no header', {}],
    ['a header that makes no sense', { traceparent: '00-nonsense-01' }],
    ['a header that it was not told to read', { b3: `${traceId}-${spanId}-1` }],
  ])('begins a trace of its own with %s', async (_name, headers) => {
    const span = await servedWith(headers)
    expect(span?.parentSpanId).toBe('')
    expect(span?.traceId).not.toBe(traceId)
    expect(span?.attributes).toMatchObject({ 'evenly.client_id': 'raw', 'evenly.counter': 7 })
  })
})

it('a status that is the fault of the server is an error in its span, and one that is the caller’s is not', async () => {
  const server = await startTracedServer('pod-a', tracingTo(receiver))
  const client: InstanceType<typeof EchoClient> = openClient(server.address)
  closing.push(() => client.close())
  for (const statusCode of [status.NOT_FOUND, status.DATA_LOSS]) {
    await new Promise((resolve) => client.hello({ behaviour: { statusCode } }, resolve))
  }
  const spans = await receiver.until(({ length }) => length === 2)
  expect(spans.map((span) => [span.attributes['rpc.status_code'], span.status, span.statusMessage])).toEqual([
    ['NOT_FOUND', 'UNSET', ''],
    ['DATA_LOSS', 'ERROR', 'asked for DATA_LOSS'],
  ])
})
