import { status } from '@grpc/grpc-js'
import { Registry } from '@prometheus-io/client'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { unaryCaller } from '../../../services/echo/src/callers.ts'
import { createEchoClient } from '../../../services/echo/src/echo-client.ts'
import { callMetrics } from '../../../services/echo/src/metrics/call-metrics.ts'
import { PeerMetrics } from '../../../services/echo/src/metrics/peer-metrics.ts'
import type { Report } from '../../../services/echo/src/report.ts'
import { Tally } from '../../../services/echo/src/tally.ts'
import { clientConfig } from '../../support/echo-config.ts'
import { type EchoPod, openClient, startPod } from '../../support/echo-pod.ts'
import { parseExposition } from '../../support/exposition.ts'

const patient = { timeout: 30_000, interval: 20 }

let pod: EchoPod
let registry: Registry
let stop: AbortController
beforeEach(async () => {
  registry = new Registry()
  stop = new AbortController()
  pod = await startPod('pod-1')
})
afterEach(async () => {
  stop.abort()
  await pod.stop()
})

/** Starts what `echo -h POD ARGS` runs. */
async function calling(...args: string[]): Promise<{ readonly report: Promise<Report> }> {
  const config = await clientConfig(pod.address, '--client-id', 'me', '--quiet', ...args)
  const peerMetrics = new PeerMetrics(registry, pod.address)
  const parts = { tally: new Tally(), observe: callMetrics(registry, 'client'), peerMetrics, say: () => {} }
  const client = createEchoClient(config, parts)
  peerMetrics.watch(() => client.connection.subchannels())
  return { report: client.run(stop.signal) }
}

/** What a scrape tells of each peer: started, in flight, handled by status. */
async function peers(): Promise<Record<string, [started: number, inFlight: number, handled: Record<string, number>]>> {
  const samples = parseExposition(await registry.metrics())
  const of = (suffix: string) => samples.filter(({ name }) => name === `grpc_lb_client_peer_${suffix}`)
  return Object.fromEntries(
    of('started_total').map(({ labels: { peer = '' }, value }) => {
      const handled = of('handled_total').filter(({ labels }) => labels.peer === peer)
      const byCode = handled.map(({ labels, value }) => [labels.grpc_code, value])
      const inFlight = of('in_flight').find(({ labels }) => labels.peer === peer)?.value ?? Number.NaN
      return [peer, [value, inFlight, Object.fromEntries(byCode)]]
    }),
  )
}

describe.each([
  ['calls', []],
  ['messages of a stream', ['--stream']],
])('%s', (_what, args: readonly string[]) => {
  it('are in flight at the peer from its first bytes until they end, in whatever way', async () => {
    const wait = ['--requests', '3', '--concurrency', '3', '--delay-milliseconds', '60000', '--timeout-seconds', '120']
    const run = await calling(...wait, ...args)
    await vi.waitFor(async () => expect(await peers()).toEqual({ 'pod-1': [3, 3, { OK: 0 }] }), patient)
    pod.running.server.forceShutdown()
    const { counts, errors } = await run.report
    expect([counts, errors]).toEqual([{ 'pod-1': 3 }, { CANCELLED: 3 }])
    expect(await peers()).toMatchObject({ 'pod-1': [3, 0, { OK: 0, Canceled: 3 }] })
  })

  it('are in flight no more when their deadline is over', async () => {
    const wait = ['--requests', '2', '--concurrency', '2', '--delay-milliseconds', '60000', '--timeout-seconds', '3']
    const run = await calling(...wait, ...args)
    await run.report
    expect(await peers()).toMatchObject({ 'pod-1': [2, 0, { OK: 0, DeadlineExceeded: 2 }] })
  })
})

describe('a call that nobody answers', () => {
  it('names no peer, so that it is never in flight at one', async () => {
    const client = openClient('127.0.0.1:1')
    const { call } = unaryCaller(client, { timeoutSeconds: 60, observe: callMetrics(registry, 'client') })
    const onPeer = vi.fn()
    expect(await call({ counter: 1 }, {}, onPeer)).toMatchObject({ code: status.UNAVAILABLE, peer: undefined })
    expect(onPeer).not.toHaveBeenCalled()
    client.close()
  })
})
