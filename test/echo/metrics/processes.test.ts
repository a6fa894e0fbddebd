import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { chooseAddresses } from '../../../scripts/lab/addresses.ts'
import { type EchoProcess, startEcho } from '../../../scripts/lab/echo-process.ts'
import { metricNamings } from '../../../services/echo/src/metrics/names/naming.ts'
import type { Report } from '../../../services/echo/src/report.ts'
import { whyNoPromtool } from '../../rules/promtool.ts'
import { type Running, runEcho } from '../../support/echo-command.ts'
import { startPod } from '../../support/echo-pod.ts'
import { parseExposition, type Sample } from '../../support/exposition.ts'
import { parseOpenMetrics } from '../../support/open-metrics.ts'
import { promtoolOn } from '../../support/promtool-on.ts'
import { whereThereIs } from '../../support/where-there-is.ts'

const patient = { timeout: 60_000, interval: 50 }
const openMetrics = 'application/openmetrics-text; version=1.0.0'

/** A run of the lab: servers, and a client that has made all its calls but one and waits. */
interface Run {
  readonly servers: readonly EchoProcess[]
  /** Of the client's admin server. */
  readonly admin: string
  readonly client: Running
  stop(): Promise<void>
}

/** Round robin over the servers, all calls at once, so that some are in flight on each. */
async function startRun(servers: number, calls: number, common: string[] = [], more = 0): Promise<Run> {
  const addresses = await chooseAddresses(servers + more)
  // Peers that need no process of their own.
  const pods = await Promise.all(
    Array.from({ length: more }, (_, index) => startPod(`pod-${servers + index}`, addresses.server(servers + index))),
  )
  const all = await Promise.all(
    Array.from({ length: servers }, (_, index) =>
      startEcho(['-s', '--listen', addresses.server(index), '--admin-listen', '127.0.0.1:0', ...common], {
        POD_NAME: `pod-${index}`,
      }),
    ),
  )
  const target = `ipv4:${[...all, ...pods].map((_, index) => addresses.server(index)).join(',')}`
  const pace = ['--requests', String(calls + 1), '--concurrency', String(calls), '--interval-seconds', '3600']
  const options = ['--lb-policy', 'round_robin', '--timeout-seconds', '120', '--warm-up-seconds', '60']
  const args = ['-h', target, '--admin-listen', '127.0.0.1:0', '-o', 'json', '--quiet', ...pace, ...options, ...common]
  const client = runEcho(args)
  const [, admin = ''] = await client.printed(/admin on (\S+)/)
  await vi.waitFor(async () => expect(total(await scrape(admin), 'grpc_client_handled_total')).toBe(calls), patient)
  const stop = async () => {
    client.kill('SIGKILL')
    await Promise.all([client.ended, ...[...all, ...pods].map((server) => server.stop())])
  }
  return { servers: all, admin, client, stop }
}

async function expositionOf(admin: string, accept = 'text/plain'): Promise<string> {
  const response = await fetch(`${admin}/metrics`, { headers: { accept }, signal: AbortSignal.timeout(30_000) })
  expect(response.status).toBe(200)
  return response.text()
}

const scrape = async (admin: string): Promise<Sample[]> => parseExposition(await expositionOf(admin))
const total = (samples: readonly Sample[], name: string, labels: Record<string, string> = {}): number =>
  samples
    .filter((sample) => sample.name === name && Object.entries(labels).every(([k, v]) => sample.labels[k] === v))
    .reduce((sum, { value }) => sum + value, 0)

describe('three servers and a client after 3000 calls', () => {
  const calls = 3000
  let run: Run
  beforeAll(async () => {
    run = await startRun(3, calls)
  }, 120_000)
  afterAll(() => run?.stop())

  it('agree to the call: what the client counts per peer, what the servers count, and what the client reports', async () => {
    const client = await scrape(run.admin)
    const server = await Promise.all(run.servers.map(({ admin }) => scrape(admin)))
    expect(total(client, 'grpc_lb_client_peer_handled_total')).toBe(calls)
    expect(total(client, 'grpc_lb_client_peer_handled_total', { peer: 'none' })).toBe(0)
    expect(total(client, 'grpc_client_handling_seconds_count')).toBe(calls)
    for (const [index, samples] of server.entries()) {
      const peer = { peer: `pod-${index}` }
      const served = total(samples, 'grpc_server_handled_total', { grpc_code: 'OK' })
      expect(served).toBe(total(client, 'grpc_lb_client_peer_handled_total', { ...peer, grpc_code: 'OK' }))
      expect(served).toBe(total(client, 'grpc_lb_client_peer_started_total', peer))
      for (const name of ['started_total', 'msg_received_total', 'msg_sent_total', 'handling_seconds_count']) {
        expect(total(samples, `grpc_server_${name}`), name).toBe(served)
      }
      expect(total(client, 'grpc_lb_client_peer_in_flight', peer)).toBe(0)
      expect(total(samples, 'grpc_lb_server_connections')).toBe(1)
      expect(total(samples, 'grpc_lb_server_connections_accepted_total')).toBe(1)
    }
    expect(total(client, 'grpc_lb_client_endpoints')).toBe(3)
    expect(total(client, 'grpc_lb_client_ready_subchannels')).toBe(3)
    run.client.kill('SIGTERM')
    const report: Report = JSON.parse((await run.client.ended).stdout)
    expect(report).toMatchObject({ requests: calls, failed: 0 })
    expect(report.counts).toEqual(
      Object.fromEntries(server.map((samples, index) => [`pod-${index}`, total(samples, 'grpc_server_handled_total')])),
    )
  })
})

describe('a client of twenty servers, and each of them', () => {
  let run: Run
  beforeAll(async () => {
    run = await startRun(1, 2000, [], 19)
  }, 120_000)
  afterAll(() => run?.stop())

  it('have at most 200 series, all of them counted', async () => {
    const client = await scrape(run.admin)
    expect(new Set(client.flatMap(({ labels }) => labels.peer ?? [])).size).toBe(20)
    const server = await scrape(run.servers[0]?.admin ?? '')
    process.stderr.write(`series at 20 peers: client ${client.length}, server ${server.length}\n`)
    expect(client.length).toBeLessThanOrEqual(200)
    expect(server.length).toBeLessThanOrEqual(200)
  })
})

describe('what is scraped of real processes under load', () => {
  let run: Run
  beforeAll(async () => {
    run = await startRun(2, 500, ['--metric-names', metricNamings.join(',')])
  }, 120_000)
  afterAll(() => run?.stop())

  it.each(['server', 'client'])(
    'is OpenMetrics by the letter on the %s, with the same families as classic',
    async (side) => {
      const admin = side === 'client' ? run.admin : (run.servers[0]?.admin ?? '')
      const families = parseOpenMetrics(await expositionOf(admin, openMetrics))
      const classic = [...(await expositionOf(admin)).matchAll(/^# TYPE (\S+) (\S+)$/gm)]
      const named = (name: string, type: string) => (type === 'counter' ? name.replace(/_total$/, '') : name)
      expect(families.map(({ name, type }) => `${name} ${type}`).sort()).toEqual(
        classic.map(([, name = '', type = '']) => `${named(name, type)} ${type}`).sort(),
      )
    },
  )

  whereThereIs('what Prometheus says of it', whyNoPromtool, () => {
    it.each(['server', 'client'])('is nothing, of the %s', async (side) => {
      const admin = side === 'client' ? run.admin : (run.servers[0]?.admin ?? '')
      expect(await promtoolOn(await expositionOf(admin), 'check', 'metrics')).toEqual({ code: 0, output: '' })
    })

    it('is what is wrong, where something is', async () => {
      const { code, output } = await promtoolOn('# TYPE calls counter\ncalls 1\n', 'check', 'metrics')
      expect(code).not.toBe(0)
      expect(output).toContain('calls')
    })
  })
})
