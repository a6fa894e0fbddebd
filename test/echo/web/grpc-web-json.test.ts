import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endCommands } from '../../support/echo-command.ts'
import { post, startWebServer } from './web-server.ts'

let url: string
beforeAll(async () => {
  ;[, url] = await startWebServer('--grpc-web', '--max-receive-message-bytes', '100000')
})
afterAll(endCommands)

describe('JSON, as curl sends it,', () => {
  const hello = '/evenly.echo.v1.Echo/Hello'

  it('is answered as JSON', async () => {
    const response = await post(url + hello, '{"message": "hi", "clientId": "curl", "counter": "3"}')
    expect([response.status, await response.json()]).toMatchObject([
      200,
      { message: 'pod-9: hi', counter: '3', server: { pod: 'pod-9' } },
    ])
    expect(response.headers.get('x-evenly-pod')).toBe('pod-9')
  })

  it.each([
    ['no JSON', hello, 'hi', 'application/json', 400, 'invalid_argument'],
    ['a field of the wrong type', hello, '{"message": 7}', 'application/json', 400, 'invalid_argument'],
    ['too much', hello, `{"message": "${'x'.repeat(100_001)}"}`, 'application/json', 429, 'resource_exhausted'],
  ])('that is %s is refused', async (_, path, body, type, status, code) => {
    const response = await post(url + path, body, type)
    expect([response.status, await response.json()]).toMatchObject([status, { code }])
    expect((await post(url + hello, '{}')).status).toBe(200)
  })

  it.each([
    ['text', hello, 'text/plain', 415],
    ['gRPC itself, which needs HTTP/2', hello, 'application/grpc', 415],
    ['gRPC-web as base64', hello, 'application/grpc-web-text', 415],
    ['a method that does not exist', '/evenly.echo.v1.Echo/Bye', 'application/json', 404],
  ])('is the only text taken: %s gets another status', async (_, path, type, status) => {
    expect((await post(url + path, '{}', type)).status).toBe(status)
  })

  it('that is too long by its own account is refused before it is read', async () => {
    const headers = { 'content-type': 'application/json', 'content-length': 100_001 }
    const sent = request(url + hello, { method: 'POST', headers })
    sent.flushHeaders()
    const [response] = (await once(sent, 'response', { signal: AbortSignal.timeout(20_000) })) as [IncomingMessage]
    expect(response.statusCode).toBe(429)
    sent.on('error', () => {}).destroy()
  })

  it('is not asked for by GET', async () => {
    expect((await fetch(url + hello)).status).toBe(405)
  })
})
