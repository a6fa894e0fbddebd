import fastify, { type FastifyInstance } from 'fastify'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { callsRoute } from '../../../services/echo/src/controls/calls-route.ts'
import type { Distribution, JudgedWindow } from '../../../services/echo/src/distribution.ts'
import { judgeCounts } from '../../../services/echo/src/report.ts'
import { endCommands, type Running, runEcho } from '../../support/echo-command.ts'
import { type EchoPod, startPod } from '../../support/echo-pod.ts'
import { sampleValue } from '../../support/exposition.ts'
import { HeldRun } from '../held-run.ts'

let pods: EchoPod[]
let target: string
beforeAll(async () => {
  pods = await Promise.all(['pod-1', 'pod-2', 'pod-3'].map((name) => startPod(name)))
  target = `ipv4:${pods.map(({ address }) => address).join(',')}`
})
afterAll(() => Promise.all(pods.map((pod) => pod.stop())))
describe('POST /calls', () => {
  afterEach(endCommands)
  it('makes so many calls of an idle client, and answers with their judged window', async () => {
    const { url } = await startClient()
    const before = await asked()
    const { status, body } = await post(url, { requests: 300 })
    expect([status, body]).toMatchObject([
      200,
      { size: 300, requests: 300, failed: 0, errors: {}, counts: { 'pod-1': 100, 'pod-2': 100, 'pod-3': 100 } },
    ])
    expect((body as JudgedWindow).judgement).toMatchObject({ policy: 'round_robin', verdict: 'even' })
    expect((await asked()) - before).toBe(300)
  })

  it('counts them as all others, in /distribution and in the metrics', async () => {
    const { url } = await startClient()
    await post(url, { requests: 60 })
    const { lastMinutes } = (await (await fetch(`${url}/distribution`)).json()) as Distribution
    expect(lastMinutes[15].requests).toBe(61)
    const metrics = await (await fetch(`${url}/metrics`)).text()
    const labels = { grpc_target: target, grpc_code: 'OK' }
    const perPeer = pods.map(({ name }) =>
      sampleValue(metrics, 'grpc_lb_client_peer_handled_total', { ...labels, peer: name }),
    )
    expect(perPeer.map(Number).reduce((sum, calls) => sum + calls, 0)).toBe(61)
  })

  it('answers for exactly those calls while the client goes on with its own', async () => {
    const { url } = await startClient('--rps', '200')
    const { body } = await post(url, { requests: 500, concurrency: 2 })
    const { requests, counts, judgement } = body as JudgedWindow
    expect([requests, Object.values(counts).reduce((sum, calls) => sum + calls, 0)]).toEqual([500, 500])
    // The client's own took turns in between, so that these need not be even to the call.
    expect(judgement).toMatchObject({ policy: 'random', verdict: 'even' })
  })

  it('runs one at a time', async () => {
    const { url } = await startClient('--delay-milliseconds', '1000')
    const first = post(url, { requests: 4, concurrency: 2 })
    await expect
      .poll(() => post(url, { requests: 1 }), { timeout: 10_000 })
      .toEqual({
        status: 409,
        body: { error: 'Calls run from here already: wait for their end.' },
      })
    expect((await first).status).toBe(200)
    expect((await post(url, { requests: 1 })).status).toBe(200)
  })

  it('has no more of them at a time than asked for', async () => {
    const before = Math.max(...pods.map((pod) => pod.mostAtOnce()))
    const { url } = await startClient('--lb-policy', 'pick_first', '--delay-milliseconds', '50')
    await post(url, { requests: 60, concurrency: 20 })
    const most = Math.max(...pods.map((pod) => pod.mostAtOnce()))
    expect(most).toBeGreaterThan(before)
    expect(most).toBeLessThanOrEqual(20)
  })

  it('says 503 while no server is reachable', async () => {
    const { url } = await started('-h', '127.0.0.1:1', '--page-controls')
    expect(await post(url, { requests: 1 })).toEqual({
      status: 503,
      body: { error: 'No server is reachable from here: try again when one is.' },
    })
  })

  it('ends with the client, which ends at once when it is told to', async () => {
    const { url, running } = await startClient('--delay-milliseconds', '1000')
    const calls = post(url, { requests: 10_000, concurrency: 1 }).catch(() => ({ status: 503, body: {} }))
    await expect.poll(() => post(url, { requests: 1 }), { timeout: 10_000 }).toMatchObject({ status: 409 })
    running.kill('SIGTERM')
    expect((await calls).status).toBe(503)
    expect((await running.ended).code).toBe(0)
  })
})

describe('POST /calls of a run in this process', () => {
  let app: FastifyInstance
  let stop: AbortController
  let run: HeldRun
  beforeEach(async () => {
    app = fastify()
    stop = new AbortController()
    run = new HeldRun()
    await callsRoute({ reachable: () => true, calls: run, judge }, stop.signal, 0.3)(app)
  })
  afterEach(() => app.close())
  const ask = (payload: object) => app.inject({ method: 'POST', url: '/calls', payload })

  it.each([
    [{ requests: 0 }, 'requests must be a whole number from 1 to 10000.'],
    [{ requests: 10_001 }, 'requests must be a whole number from 1 to 10000.'],
    [{ requests: 1.5 }, 'requests must be a whole number from 1 to 10000.'],
    [{ requests: '5' }, 'requests must be a whole number from 1 to 10000.'],
    [{ requests: 5, concurrency: 0 }, 'concurrency must be a whole number from 1 to 50.'],
    [{ requests: 5, concurrency: 51 }, 'concurrency must be a whole number from 1 to 50.'],
    [{ requests: 5, target: 'other' }, 'There is no target to set: there are requests and concurrency.'],
  ])('refuses %j', async (wanted, error) => {
    const { statusCode, json } = await ask(wanted)
    expect([statusCode, json(), run.started]).toEqual([400, { error }, 0])
  })

  it('says how many have ended when they take too long, and starts no more', async () => {
    const { statusCode, json } = await ask({ requests: 2000, concurrency: 2 })
    const error = 'Only 3 of 2,000 calls ended within 0.3 s: ask for fewer, or more at a time.'
    expect([statusCode, json()]).toEqual([504, { error }])
    // Two are still running.
    expect((await ask({ requests: 1 })).statusCode).toBe(409)
    run.endAll()
    await vi.waitFor(async () => expect((await ask({ requests: 1 })).statusCode).toBe(504))
    expect(run.started).toBe(6)
  })

  it('starts none once the client stops', async () => {
    const asked = ask({ requests: 2000 })
    await vi.waitFor(() => expect(run.started).toBeGreaterThan(3))
    stop.abort()
    expect((await asked).json()).toEqual({ error: 'This client is stopping: 3 of 2,000 calls had ended.' })
    expect((await ask({ requests: 1 })).json()).toEqual({ error: 'This client is stopping: ask another.' })
  })
})

describe('the controls of a client', () => {
  afterEach(endCommands)

  it('tell the page what it may press', async () => {
    const { url } = await startClient()
    expect(await (await fetch(`${url}/controls`)).json()).toEqual({ calls: { maximumRequests: 10_000 } })
  })

  it('are absent where nobody asked for them, and from a client that ends by itself', async () => {
    const plain = await started('-h', target)
    expect((await fetch(`${plain.url}/controls`)).status).toBe(404)
    expect((await post(plain.url, { requests: 1 })).status).toBe(404)
    const { code, stderr } = await runEcho(['-h', target, '--page-controls', '--requests', '5']).ended
    expect(code).toBe(64)
    expect(stderr).toContain('--page-controls does nothing with a client that ends by itself: leave it out.')
  })
})

/** An idle client of the three pods that takes its turns. */
async function startClient(...args: string[]) {
  const client = await started('-h', target, '--page-controls', ...paced(args))
  // The idle one makes a single call of its own, as it begins.
  await vi.waitUntil(() => ended(client.url), { timeout: 20_000, interval: 50 })
  return client
}

async function ended(url: string): Promise<number> {
  return ((await (await fetch(`${url}/distribution`)).json()) as Distribution).lastMinutes[15].requests
}

function paced(args: readonly string[]): string[] {
  const policy = args.includes('--lb-policy') ? [] : ['--lb-policy', 'round_robin']
  return [...policy, ...(args.includes('--rps') ? [] : ['--interval-seconds', '86400']), ...args]
}

async function started(...args: string[]): Promise<{ running: Running; url: string }> {
  const running = runEcho([...args, '--admin-listen', '127.0.0.1:0', '--quiet'])
  const [, url = ''] = await running.printed(/admin on (\S+)/)
  await running.printed(/is not reachable|connected to/)
  return { running, url }
}

const asked = async (): Promise<number> => pods.reduce((sum, pod) => sum + pod.tally.last(900).requests, 0)

async function post(url: string, wanted: object) {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${url}/calls`, { method: 'POST', headers, body: JSON.stringify(wanted) })
  return { status: response.status, body: (await response.json()) as object }
}

const judge = (counts: Readonly<Record<string, number>>) => judgeCounts(counts, { judgeAs: 'random' })
