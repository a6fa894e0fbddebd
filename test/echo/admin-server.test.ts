import { once } from 'node:events'
import { createServer } from 'node:net'
import { Counter, Registry } from '@prometheus-io/client'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { exitCode } from '../../scripts/lib/exit.ts'
import { type AdminServer, startAdminServer } from '../../services/echo/src/admin-server.ts'
import { type Distribution, DistributionView } from '../../services/echo/src/distribution.ts'
import { Tally } from '../../services/echo/src/tally.ts'
import { sampleValue } from '../support/exposition.ts'

const of = {
  role: 'client',
  name: 'client-1',
  target: 'pods:8080',
  policy: 'round_robin',
  judgeAs: 'round_robin',
} as const

let tally: Tally
let registry: Registry
let ready: boolean
let admin: AdminServer
beforeEach(async () => {
  tally = new Tally()
  registry = new Registry()
  ready = true
  const distribution = new DistributionView(tally, of, 30)
  admin = await startAdminServer('127.0.0.1:0', { registry, ready: () => ready, distribution })
})
afterEach(() => admin.close())

const get = (path: string, init?: RequestInit) => fetch(admin.url + path, init)
const serve = (calls: number, peers = ['pod-1', 'pod-2', 'pod-3']) => {
  for (let call = 0; call < calls; call++) tally.start()(peers[call % peers.length], 'OK')
}

describe('the admin server', () => {
  it('serves the metrics of its registry in the text format', async () => {
    new Counter({ name: 'calls_total', help: 'Calls.', registers: [registry] }).inc(3)
    const response = await get('/metrics')
    expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4')
    expect(sampleValue(await response.text(), 'calls_total', {})).toBe(3)
  })

  it('is alive, and ready as long as its process says so', async () => {
    expect((await get('/livez')).status).toBe(200)
    expect((await get('/readyz')).status).toBe(200)
    ready = false
    expect((await get('/readyz')).status).toBe(503)
    expect((await get('/livez')).status).toBe(200)
  })

  it('serves a page that needs nothing from elsewhere', async () => {
    const response = await get('/')
    const page = await response.text()
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(page).toMatch(/^<!doctype html>/i)
    expect(page).not.toMatch(/(?:src|href)=["']?(?:https?:)?\/\//)
  })

  it('knows nothing else', async () => {
    expect((await get('/nothing')).status).toBe(404)
    expect((await get('/distribution', { method: 'POST' })).status).toBe(404)
  })

  it('refuses an address that is taken with one sentence', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as { port: number }
    const parts = { registry, ready: () => true, distribution: new DistributionView(tally, of, 30) }
    await expect(startAdminServer(`127.0.0.1:${port}`, parts)).rejects.toMatchObject({
      exitCode: exitCode.unavailable,
      message: expect.stringMatching(/^--admin-listen 127\.0\.0\.1:\d+: .*EADDRINUSE.*: choose a free address/),
    })
    await new Promise((closed) => taken.close(closed))
  })

  it('closes while a client reads events', async () => {
    const response = await get('/distribution', { headers: { accept: 'text/event-stream' } })
    const ended = response.text().catch(() => 'cut')
    await admin.close()
    await ended
  })
})

describe('/distribution', () => {
  it('tells whose tally it is, the window that fills and the last minutes', async () => {
    serve(10)
    const shown = (await (await get('/distribution')).json()) as Distribution
    const ten = { requests: 10, failed: 0, errors: {}, counts: { 'pod-1': 4, 'pod-2': 3, 'pod-3': 3 } }
    expect(shown).toMatchObject({ ...of, window: null, filling: { size: 30, ...ten } })
    expect(shown.lastMinutes).toEqual({ 1: ten, 5: ten, 15: ten })
  })

  it('judges the window once it is full, and opens the next', async () => {
    serve(30)
    await Promise.resolve()
    serve(1, ['pod-2'])
    const shown = (await (await get('/distribution')).json()) as Distribution
    expect(shown.window).toMatchObject({ size: 30, requests: 30, judgement: { verdict: 'even' } })
    expect(shown.filling).toMatchObject({ requests: 1, counts: { 'pod-2': 1 } })
  })

  it('waits for the next calls when asked for them, and judges those alone', async () => {
    serve(10, ['pod-9'])
    const opened = windowOpened()
    const response = get('/distribution?next=300')
    await opened
    serve(300)
    expect(await (await response).json()).toMatchObject({
      size: 300,
      requests: 300,
      counts: { 'pod-1': 100, 'pod-2': 100, 'pod-3': 100 },
      judgement: { verdict: 'even', jain: 1 },
    })
  })

  it.each([
    'next=0',
    'next=-1',
    'next=1.5',
    'next=many',
    'next=1000001',
    'next=1&timeoutSeconds=0',
    'next=1&timeoutSeconds=601',
  ])('refuses ?%s', async (query) => {
    const response = await get(`/distribution?${query}`)
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { message: expect.stringMatching(/querystring/) },
    ])
  })

  it('refuses a parameter it does not know', async () => {
    expect((await get('/distribution?nxt=300')).status).toBe(400)
  })

  it('gives up when too few calls end in time', async () => {
    const opened = windowOpened()
    const response = get('/distribution?next=300&timeoutSeconds=0.2')
    await opened
    serve(299)
    expect([(await response).status, await (await response).json()]).toEqual([
      504,
      { error: 'Fewer than 300 calls ended within 0.2 s.' },
    ])
  })

  it('comes as events for whoever asks for them, again and again', async () => {
    const response = await get('/distribution', { headers: { accept: 'text/event-stream' } })
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    const events = eventsOf(response)
    expect((await events.next()).value?.lastMinutes[1].requests).toBe(0)
    serve(12)
    for (;;) {
      const { value } = await events.next()
      if (value?.lastMinutes[1].requests === 12) break
    }
    await events.return(undefined)
  })
})

/** Resolves when a request has opened a window on the tally. */
function windowOpened(): Promise<void> {
  const open = tally.open.bind(tally)
  return new Promise((resolve) => {
    tally.open = (size) => {
      tally.open = open
      queueMicrotask(resolve)
      return open(size)
    }
  })
}

async function* eventsOf(response: Response): AsyncGenerator<Distribution> {
  let text = ''
  for await (const bytes of response.body ?? []) {
    text += Buffer.from(bytes).toString()
    const events = text.split('\n\n')
    text = events.pop() ?? ''
    for (const event of events) {
      const data = /^id: \d+\ndata: (.*)$/.exec(event)?.[1]
      if (data !== undefined) yield JSON.parse(data)
    }
  }
}
