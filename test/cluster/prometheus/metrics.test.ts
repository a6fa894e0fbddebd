import { beforeAll, describe, expect, it, vi } from 'vitest'
import { imageValues } from '../../../scripts/cluster/image.ts'
import type { Distribution } from '../../../services/echo/src/distribution.ts'
import { onPrometheus } from '../support/on-prometheus.ts'

const calls = 3000

/** Prometheus learns of a PodMonitor when the Operator has written it and the kubelet has brought it to the pod. */
const patience = { timeout: 200_000, interval: 1000 }

onPrometheus('metrics', (namespace, prometheus) => {
  describe('Prometheus', () => {
    let endedAt: number
    let counts: Readonly<Record<string, number>>

    beforeAll(async () => {
      await install({}, '--wait', '--timeout', '120s')
      await install({
        enabled: true,
        target: 'dns:///orders-echo-headless:8080',
        lbPolicy: 'round_robin',
        // All calls at once, and then one more after an hour, so that the client is there to be scraped.
        requests: calls + 1,
        concurrency: calls,
        intervalSeconds: 3600,
        env: { ECHO_WINDOW: String(calls), ECHO_TIMEOUT_SECONDS: '120', ECHO_QUIET: 'true' },
      })
      const { window } = await vi.waitFor(async () => {
        const shown: Distribution = JSON.parse(await ofClient('/distribution'))
        expect(shown.window?.requests).toBe(calls)
        return shown
      }, patience)
      endedAt = Date.now() / 1000
      expect(window).toMatchObject({ failed: 0 })
      counts = window?.counts ?? {}
    })

    it('agrees to the call with the client and with every server, in the first scrape after 3000 calls', async () => {
      const servers = await podsOf('server')
      const pods = [...servers, ...(await podsOf('client'))].sort()
      const scraped = `timestamp(process_start_time_seconds{namespace="${namespace.name}"}) > ${endedAt}`
      await vi.waitFor(async () => {
        const rows = await prometheus.query(scraped)
        expect(rows.map(({ labels }) => labels.pod).sort()).toEqual(pods)
      }, patience)
      const [byPeer, started, inFlight, byServer, classic] = await Promise.all([
        sum('grpc_lb_client_peer_handled_total', 'peer'),
        sum('grpc_lb_client_peer_started_total', 'peer'),
        sum('grpc_lb_client_peer_in_flight', 'peer'),
        sum('grpc_server_handled_total', 'pod'),
        sum('grpc_client_handled_total', 'grpc_code'),
      ])
      const zeros = Object.fromEntries(servers.map((name) => [name, 0]))
      expect(byServer).toEqual({ ...zeros, ...counts })
      expect(byPeer).toEqual({ ...zeros, ...counts })
      expect(started).toEqual(byPeer)
      expect(inFlight).toEqual(zeros)
      expect(Object.values(counts).reduce((all, n) => all + n, 0)).toBe(calls)
      expect(classic).toMatchObject({ OK: calls, Unavailable: 0, DeadlineExceeded: 0 })
      expect(await sum('grpc_lb_client_ready_subchannels', 'service')).toEqual({ 'orders-echo': 3 })
    })

    it('has the connections of every server, which are the one of the client and those of probes', async () => {
      const open = await sum('grpc_lb_server_connections', 'pod')
      expect(Object.keys(open).sort()).toEqual(await podsOf('server'))
      for (const connections of Object.values(open)) expect(connections).toBeGreaterThanOrEqual(1)
    })

    /** A metric added up by one label. */
    async function sum(name: string, label: string): Promise<Record<string, number>> {
      const rows = await prometheus.query(`sum by (${label}) (${name}{namespace="${namespace.name}"})`)
      return Object.fromEntries(rows.map(({ labels, value }) => [labels[label], value]))
    }
  })

  function install(client: object, ...options: string[]): Promise<string> {
    const metrics = { podMonitor: { enabled: true, interval: '5s', scrapeTimeout: '5s' } }
    const image = imageValues(process.env.EVENLY_IMAGE).client
    // A pod that starts anew because the machine is slow would count from 0.
    const probes = { startup: { enabled: false }, liveness: { enabled: false } }
    const values = { replicaCount: 3, headless: { enabled: true }, probes, metrics, client: { ...image, ...client } }
    const args = ['upgrade', '--install', 'orders', 'charts/echo', '-f', '-', ...options]
    return namespace.helm(args, JSON.stringify(values))
  }

  /** Names, in order. */
  async function podsOf(component: 'server' | 'client'): Promise<string[]> {
    const names = await namespace.kubectl('get', 'pods', '-l', `app.kubernetes.io/component=${component}`, '-o', 'name')
    return names.trim().replaceAll('pod/', '').split('\n').sort()
  }

  async function ofClient(path: string): Promise<string> {
    const [client] = await podsOf('client')
    return namespace.cluster.get(`/api/v1/namespaces/${namespace.name}/pods/${client}:9464/proxy${path}`)
  }
})
