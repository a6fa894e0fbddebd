import type { ServerResponse } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { endCommands, runEcho } from '../../support/echo-command.ts'
import { type Answering, type OtlpReceiver, startOtlpReceiver } from '../../support/otlp-receiver.ts'
import { runTracedClient, startTracedServer, tracingTo } from '../../support/traced-echo.ts'

const closing: OtlpReceiver[] = []
afterEach(async () => {
  await endCommands()
  for (const receiver of closing.splice(0)) await receiver.close()
})

async function receiverThat(answers?: Answering): Promise<OtlpReceiver> {
  const receiver = await startOtlpReceiver(answers)
  closing.push(receiver)
  return receiver
}

/** A client that makes these calls at one server, which sends no spans. */
async function called(args: readonly string[], env: NodeJS.ProcessEnv) {
  const server = await startTracedServer('pod-a', {})
  return runTracedClient([server], args, env)
}

const fail: Answering = (response) => response.writeHead(500).end()
const accept: Answering = (response) => response.end()
const nowhere = { endpoint: 'http://127.0.0.1:1' }
const linesAboutTraces = (text: string) => text.split('\n').filter((line) => line.startsWith('traces: '))

describe('calls go on, and one line is said,', () => {
  it('with a collector that is away', async () => {
    const client = await called(['--requests', '40', '--quiet'], tracingTo(nowhere))
    const { code, stdout, stderr } = await client.ended
    expect(code).toBe(0)
    expect(stdout).toContain('40 calls to ')
    expect(stdout).toContain(' 0 failed')
    expect(stderr).toBe('traces: http://127.0.0.1:1 took longer than 2 s for the last spans: they are dropped\n')
  })

  it('with one that fails', async () => {
    const { endpoint, headers, until } = await receiverThat(fail)
    const client = await called(['--rps', '40'], tracingTo({ endpoint }))
    await until(() => headers.length > 3)
    client.kill('SIGTERM')
    const { code, stderr } = await client.ended
    expect(code).toBe(0)
    expect(stderr).toBe(
      `traces: ${endpoint} takes no spans (500 Internal Server Error): they are dropped, and calls go on\n`,
    )
  })

  it('with one that takes them and does not answer, which holds the end up for 2 s and no longer', async () => {
    const { endpoint } = await receiverThat(() => {})
    // Left to itself the exporter would wait until long after this test has given up.
    const patient = { OTEL_EXPORTER_OTLP_TIMEOUT: '600000', OTEL_BSP_EXPORT_TIMEOUT: '600000' }
    const client = await called(['--requests', '20', '--quiet'], { ...tracingTo({ endpoint }), ...patient })
    const { code, stdout, stderr } = await client.ended
    expect(code).toBe(0)
    expect(stdout).toContain(' 0 failed')
    expect(stderr).toBe(`traces: ${endpoint} took longer than 2 s for the last spans: they are dropped\n`)
  })

  it('and another one when it takes them again', async () => {
    let answer = fail
    const { endpoint, until } = await receiverThat((response: ServerResponse) => answer(response))
    const client = await called(['--rps', '40'], tracingTo({ endpoint }))
    await client.printed(/takes no spans/)
    answer = accept
    await client.printed(/takes spans again/)
    await until(({ length }) => length > 0)
    client.kill('SIGTERM')
    expect(linesAboutTraces((await client.ended).stderr)).toHaveLength(2)
  })
})

it('keeps no more spans for a collector that is slow than the queue holds', async () => {
  const receiver = await receiverThat(() => {})
  const queue = { OTEL_BSP_MAX_QUEUE_SIZE: '8', OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '4' }
  const client = await called(['--requests', '100', '--quiet'], { ...tracingTo(receiver), ...queue })
  expect((await client.ended).code).toBe(0)
  // One batch was on its way, and at the end there was the queue; 200 spans ended.
  expect(receiver.spans.length).toBeGreaterThan(0)
  expect(receiver.spans.length).toBeLessThanOrEqual(12)
})

it('says once that a queue was full, whatever it drops', async () => {
  const receiver = await receiverThat()
  const queue = { OTEL_BSP_MAX_QUEUE_SIZE: '4', OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '4' }
  const client = await called(['--requests', '600', '--concurrency', '20', '--quiet'], {
    ...tracingTo(receiver),
    ...queue,
  })
  const lines = linesAboutTraces((await client.ended).stderr)
  expect(lines).toEqual([expect.stringMatching(/^traces: Dropped \d+ spans because maxQueueSize reached$/)])
})

describe('before it ends', () => {
  const later = { OTEL_BSP_SCHEDULE_DELAY: '600000' }

  it('a client sends what it has', async () => {
    const receiver = await receiverThat()
    const client = await called(['--requests', '3'], { ...tracingTo(receiver), ...later })
    expect((await client.ended).code).toBe(0)
    expect(receiver.spans).toHaveLength(6)
  })

  it('a server on SIGTERM does, the call that was still running included', async () => {
    const receiver = await receiverThat()
    const server = await startTracedServer('pod-a', { ...tracingTo(receiver), ...later })
    const client = runTracedClient([server], ['--requests', '2', '--delay-milliseconds', '1500'], {})
    await client.printed(/call 1 served/)
    server.process.kill('SIGTERM')
    expect((await server.process.ended).code).toBe(0)
    expect(receiver.spans.length).toBeGreaterThanOrEqual(1)
    expect(receiver.spans.every((span) => span.attributes['rpc.status_code'] === 'OK')).toBe(true)
  })

  it('a server whose port is taken ends as it would without traces', async () => {
    const receiver = await receiverThat()
    const taken = await startTracedServer('pod-a', {})
    const args = ['-s', '--listen', taken.address, '--admin-listen', '127.0.0.1:0']
    const ended = await runEcho(args, tracingTo(receiver)).ended
    expect(ended.code).toBe(69)
    expect(ended.stderr).toContain(`--listen ${taken.address}`)
  })
})

it('sends what the environment says, where it says: headers, gzip, a path of its own', async () => {
  const receiver = await receiverThat()
  const env = {
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${receiver.endpoint}/v1/traces`,
    OTEL_EXPORTER_OTLP_ENDPOINT: nowhere.endpoint,
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20abc,x-tenant=shop',
    OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
  }
  const client = await called(['--requests', '1'], env)
  expect(await client.ended).toMatchObject({ code: 0, stderr: '' })
  expect(receiver.spans).toHaveLength(2)
  expect(receiver.headers[0]).toMatchObject({
    authorization: 'Bearer abc',
    'x-tenant': 'shop',
    'content-encoding': 'gzip',
    'content-type': 'application/x-protobuf',
  })
})
