import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import fastify, { type FastifyInstance } from 'fastify'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { registerLivePage } from '../../../services/echo/src/live/live-page.ts'
import { type ViewerLimits, viewerLimits } from '../../../services/echo/src/live/viewers.ts'

const fast: ViewerLimits = { ...viewerLimits, updateMilliseconds: 20 }
const patient = { timeout: 30_000 }
let app: FastifyInstance
let url: string
afterEach(() => app.close())

async function start(now: (seconds: number) => unknown, limits: ViewerLimits = fast): Promise<void> {
  app = fastify({ forceCloseConnections: true })
  await registerLivePage(app, { now }, limits)
  url = await app.listen({ host: '127.0.0.1', port: 0 })
}

const watch = (signal?: AbortSignal) =>
  fetch(`${url}/distribution`, { headers: { accept: 'text/event-stream' }, ...(signal && { signal }) })

describe('viewers of /distribution', () => {
  it('are greeted with a time to try again in, whether there are controls, and numbered updates', async () => {
    await start(() => ({ calls: 1 }))
    app = await withControls()
    const response = await watch()
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    })
    const [greeting, first, second] = await events(response, 3)
    expect(greeting).toBe('retry: 1000\nevent: greeting\ndata: {"controls":true}')
    expect(first).toBe('id: 1\ndata: {"calls":1}')
    expect(second).toBe('id: 2\ndata: {"calls":1}')
  })

  it('share one reading per update, and get two minutes of seconds first, then the last ones', async () => {
    const asked: number[] = []
    let turn = 0
    await start((seconds) => {
      asked.push(seconds)
      return { turn: ++turn }
    })
    const all = await Promise.all([watch(), watch(), watch()])
    const texts = await Promise.all(all.map((response) => events(response, 6)))
    expect(asked.slice(0, 1)).toEqual([120])
    expect(new Set(asked)).toEqual(new Set([120, 3]))
    // Each for itself would have been 15 readings at least.
    const updates = new Set(texts.flat().flatMap((event) => /^data: (.*turn.*)$/m.exec(event)?.[1] ?? []))
    expect(updates.size).toBeLessThan(12)
  })

  it('cost nothing once they have left', async () => {
    let reads = 0
    await start(() => ++reads)
    const stop = new AbortController()
    await events(await watch(stop.signal), 3)
    stop.abort()
    await vi.waitFor(async () => {
      const before = reads
      await sleep(200)
      expect(reads).toBe(before)
    }, patient)
    expect(reads).toBeGreaterThan(0)
  })

  it('who do not read miss updates, hold one in memory at most, and are cut off in the end', async () => {
    const large = 'x'.repeat(512 * 1024)
    let reads = 0
    await start(() => `${++reads}${large}`, { ...fast, stalledSeconds: 2 })
    const socket = stalled()
    await vi.waitFor(() => expect(reads).toBeGreaterThan(0), patient)
    await vi.waitFor(async () => expect(await connections()).toBe(0), patient)
    socket.destroy()
    // What the kernel takes is a handful of these; 2 s of them all would be 100.
    expect(reads).toBeLessThan(20)
  })

  it('do not wait for one who does not read, who gets the two minutes again when it does', async () => {
    const asked: number[] = []
    const large = 'x'.repeat(512 * 1024)
    await start((seconds) => {
      asked.push(seconds)
      return large
    })
    const socket = stalled()
    expect(await events(await watch(), 40)).toHaveLength(40)
    const before = asked.filter((seconds) => seconds === 120).length
    socket.resume()
    await vi.waitFor(() => expect(asked.filter((seconds) => seconds === 120).length).toBeGreaterThan(before), patient)
    socket.destroy()
  })

  it('are at most so many; the next is told why, and JSON is still to be had', async () => {
    await start(() => ({ calls: 1 }), { ...fast, maximumViewers: 2 })
    const [first] = await Promise.all([watch(), watch()])
    const refused = await watch()
    expect([refused.status, refused.headers.get('retry-after'), await refused.json()]).toEqual([
      503,
      '5',
      { error: '2 viewers watch this already, as many as may: close one of them.' },
    ])
    expect(await (await fetch(`${url}/distribution`)).json()).toEqual({ calls: 1 })
    await first?.body?.cancel()
    await vi.waitFor(async () => expect((await watch()).status).toBe(200), patient)
  })

  it('live through a reading that fails', async () => {
    let fails = true
    await start(() => {
      if (fails) throw new Error('cannot be read')
      return { calls: 1 }
    })
    const response = await watch()
    await sleep(100)
    fails = false
    expect((await events(response, 2))[1]).toMatch(/data: \{"calls":1\}$/)
  })

  async function withControls(): Promise<FastifyInstance> {
    await app.close()
    app = fastify({ forceCloseConnections: true })
    await registerLivePage(app, { now: () => ({ calls: 1 }) }, fast)
    app.get('/controls', () => ({}))
    url = await app.listen({ host: '127.0.0.1', port: 0 })
    return app
  }

  function connections(): Promise<number> {
    return new Promise((resolve) => app.server.getConnections((_error, count) => resolve(count)))
  }

  function stalled(): Socket {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.on('error', () => {})
    socket.write('GET /distribution HTTP/1.1\r\nhost: x\r\naccept: text/event-stream\r\n\r\n')
    return socket.pause()
  }
})

/** The first `count` events of a stream. */
async function events(response: Response, count: number): Promise<string[]> {
  const found: string[] = []
  let rest = ''
  for await (const bytes of response.body ?? []) {
    const parts = (rest + Buffer.from(bytes).toString()).split('\n\n')
    rest = parts.pop() ?? ''
    found.push(...parts)
    if (found.length >= count) return found.slice(0, count)
  }
  return found
}
