import fastify, { type FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  isLoopbackHost,
  isUnforgeableHost,
  registerControlRoutes,
} from '../../../services/echo/src/controls/control-routes.ts'

let app: FastifyInstance
let pressed: unknown[]
const open = async (isOwnHost: (host: string) => boolean) => {
  app = fastify()
  pressed = []
  app.post('/other', (request) => ({ was: typeof request.body }))
  await registerControlRoutes(app, isOwnHost, (scope) => {
    scope.post('/press', async (request) => {
      pressed.push(request.body)
      if ((request.body as { fail?: boolean } | null)?.fail)
        throw Object.assign(new Error('Not now.'), { statusCode: 409 })
      return { done: 'Pressed.' }
    })
  })
}
beforeEach(() => open(isUnforgeableHost))
afterEach(() => app.close())

const json = { 'content-type': 'application/json' }
const press = async (headers: Record<string, string> = {}, body = '{}', url = '/press') => {
  const { statusCode, json: read } = await app.inject({ method: 'POST', url, headers: { ...json, ...headers }, body })
  return [statusCode, read()]
}

describe('a control', () => {
  it.each([
    ['who sends no origin, as curl', {}],
    ['the page of this very server', { host: 'localhost:9464', origin: 'http://localhost:9464' }],
    ['its page behind TLS', { host: 'grpc-client', origin: 'https://grpc-client' }],
    ['its page by address', { host: '10.1.2.3:9464', origin: 'http://10.1.2.3:9464' }],
    ['its page by an address of IPv6', { host: '[fd00::7]:9464', origin: 'http://[fd00::7]:9464' }],
    ["its page by a Service's name", { host: 'grpc.shop.svc:9464', origin: 'http://grpc.shop.svc:9464' }],
    [
      "its page by a Service's full name",
      { host: 'grpc.shop.svc.cluster.local', origin: 'http://grpc.shop.svc.cluster.local' },
    ],
  ])('may be pressed by %s', async (_, headers) => {
    expect(await press(headers)).toEqual([200, { done: 'Pressed.' }])
  })

  it.each([
    ['a page of another site', { host: 'localhost:9464', origin: 'http://evil.example' }],
    ['a page of another port', { host: 'localhost:9464', origin: 'http://localhost:3000' }],
    ['a page of the same address by another name', { host: '127.0.0.1:9464', origin: 'http://localhost:9464' }],
    ['a page without an origin, from a file or a frame', { host: 'localhost:9464', origin: 'null' }],
    ['a page whose own name was made to resolve to here', { host: 'evil.example', origin: 'http://evil.example' }],
    ['a name that only ends as one of ours', { host: 'evil.notsvc', origin: 'http://evil.notsvc' }],
    ['nobody knows whom', { host: '[::' }],
  ])('may not be pressed by %s', async (_, headers) => {
    expect(await press(headers)).toEqual([403, { error: expect.stringMatching(/^(A page of|The host) .+\.$/) }])
    expect(pressed).toEqual([])
  })

  it.each([
    ['text/plain', 'The body must be JSON: send content-type application/json.'],
    ['application/x-www-form-urlencoded', 'The body must be JSON: send content-type application/json.'],
    ['multipart/form-data; boundary=x', 'The body must be JSON: send content-type application/json.'],
  ])('takes no %s, which any page may send', async (type, error) => {
    expect(await press({ 'content-type': type })).toEqual([415, { error }])
    expect(pressed).toEqual([])
  })

  it('refuses what is no JSON, or too long, in a sentence', async () => {
    expect(await press({}, 'pods=3')).toEqual([400, { error: 'The body is no JSON: send an object.' }])
    expect(await press({}, `{"a": "${'x'.repeat(4096)}"}`)).toEqual([
      413,
      { error: 'The body is over 4096 bytes: a control needs a few dozen.' },
    ])
    expect(pressed).toEqual([])
  })

  it('says in a sentence why it did not do it', async () => {
    expect(await press({}, '{"fail": true}')).toEqual([409, { error: 'Not now.' }])
  })

  it('leaves other routes what they take', async () => {
    expect(await press({ 'content-type': 'text/plain', origin: 'http://other.example' }, 'x', '/other')).toEqual([
      200,
      { was: 'string' },
    ])
  })
})

describe('a control of this machine alone', () => {
  beforeEach(async () => {
    await app.close()
    await open(isLoopbackHost)
  })

  it.each(['localhost:5000', '127.0.0.1:5000', '127.9.8.7', '[::1]:5000'])('may be pressed as %s', async (host) => {
    expect((await press({ host, origin: `http://${host}` }))[0]).toBe(200)
  })

  it.each(['10.1.2.3:5000', 'grpc-client', 'localhost.evil.example', '127.0.0.1.evil.example', 'evil.localhost'])(
    'may not be pressed as %s',
    async (host) => {
      expect((await press({ host, origin: `http://${host}` }))[0]).toBe(403)
    },
  )
})
