import { beforeAll, describe, expect, it, vi } from 'vitest'
import { PortForward } from '../../../scripts/cluster/port-forward.ts'
import type { Report } from '../../../services/echo/src/report.ts'
import { endpointSeries, type Series } from '../support/envoy-endpoints.ts'
import type { Namespace } from '../support/namespace.ts'
import { onCluster } from '../support/on-cluster.ts'
import { onIstio } from '../support/on-istio.ts'
import { noOperatorPrometheus, OperatorPrometheus } from '../support/operator-prometheus.ts'

const calls = 300

const metrics = { podMonitor: { enabled: true, interval: '5s' } }

/** A client that calls once and then leaves its pod, and the Envoy in it, to whoever calls from there. */
const quietClient = { enabled: true, concurrency: 1, intervalSeconds: 3600 }

onCluster('envoy-stats', (namespace) => {
  beforeAll(async () => {
    const envoySidecar = { enabled: true, perEndpointStats: true }
    const client = { ...quietClient, envoySidecar }
    const values = { loadBalancing: { policy: 'roundRobin' }, metrics, client }
    await namespace.install('static', values)
  })

  describe('the Envoy of client.envoySidecar', () => {
    tellsCallsByPod(namespace, 'static', { port: 9902, target: '127.0.0.1:10000', cluster: /^upstream$/ })
  })

  it('tells nothing of pods by default', async () => {
    await namespace.install('plain', { client: { ...quietClient, envoySidecar: { enabled: true } } })
    expect(await statsOf(namespace, 'plain', 9902)).toEqual([])
  })
})

onIstio('envoy-stats-istio', (namespace) => {
  beforeAll(async () => {
    const istio = { enabled: true, perEndpointStats: { enabled: true } }
    await namespace.install('mesh', { istio, metrics, client: quietClient })
  })

  describe("Istio's proxy beside a client, by the EnvoyFilter and nothing else", () => {
    const cluster = /^outbound\|8080\|\|mesh-echo\.[^.]+\.svc\.cluster\.local;?$/
    tellsCallsByPod(namespace, 'mesh', { port: 15090, target: 'mesh-echo:8080', cluster })
  })

  it('tells of a client in another release of the namespace too, for its calls to this Service', async () => {
    const client = { ...quietClient, target: 'mesh-echo:8080' }
    await namespace.install('other', { mode: 'client', istio: { enabled: true }, client })
    const report = await callFrom(namespace, 'other', 'mesh-echo:8080')
    const counted = await statsOf(namespace, 'other', 15090)
    expect(total(counted, 'rq_total')).toBeGreaterThanOrEqual(report.requests)
  })
})

interface Told {
  readonly port: number
  readonly target: string
  readonly cluster: RegExp
}

/** What holds for the Envoy beside the client of a release, whoever put it there. */
function tellsCallsByPod(namespace: Namespace, release: string, { port, target, cluster }: Told): void {
  it('has a series for every pod, also for one that it has sent nothing to', async () => {
    const ips = servers(namespace, release).map(({ ip }) => ip)
    // Before the pods are ready no name stands for them, and Envoy looks it up again.
    const requests = await vi.waitFor(
      async () => {
        const found = (await statsOf(namespace, release, port)).filter(({ name }) => name === 'rq_total')
        expect(found.map(({ ip }) => ip).sort()).toEqual(ips.toSorted())
        return found
      },
      { timeout: 60_000, interval: 1000 },
    )
    expect(requests.filter(({ value }) => value === 0).length).toBeGreaterThanOrEqual(2)
    for (const each of requests) expect(each.cluster).toMatch(cluster)
  })

  it(`counts ${calls} calls pod by pod as the client does`, async () => {
    const before = await statsOf(namespace, release, port)
    const report = await callFrom(namespace, release, target)
    const after = await statsOf(namespace, release, port)
    expect(report).toMatchObject({ requests: calls, failed: 0 })
    const byPod = Object.fromEntries(
      servers(namespace, release).map(({ name, ip }) => [name, callsTo(after, ip) - callsTo(before, ip)]),
    )
    expect(byPod).toEqual(report.counts)
    expect(total(after, 'rq_success') - total(before, 'rq_success')).toBe(calls)
    expect(total(after, 'rq_error')).toBe(0)
  })

  it.skipIf(noOperatorPrometheus && !process.env.CI)(
    'is what the PodMonitor brings to Prometheus, once, from the client alone',
    async () => {
      const now = await statsOf(namespace, release, port)
      const prometheus = new OperatorPrometheus(namespace.cluster)
      const query = `envoy_cluster_endpoint_rq_total{namespace="${namespace.name}",service="${release}-echo"}`
      const rows = await vi.waitFor(
        async () => {
          const found = await prometheus.query(query)
          expect(found.reduce((sum, { value }) => sum + value, 0)).toBe(total(now, 'rq_total'))
          return found
        },
        // The Operator writes a new configuration, which Prometheus then loads.
        { timeout: 270_000, interval: 2000 },
      )
      const ipOf = (address = '') => address.slice(0, address.lastIndexOf(':'))
      const byIp = Object.fromEntries(rows.map(({ labels, value }) => [ipOf(labels.envoy_endpoint_address), value]))
      expect(byIp).toEqual(Object.fromEntries(servers(namespace, release).map(({ ip }) => [ip, callsTo(now, ip)])))
      expect(rows.map(({ labels }) => labels.pod)).toEqual(Array(rows.length).fill(clientOf(namespace, release)))
    },
  )
}

const servers = (namespace: Namespace, release: string) =>
  namespace.pods.of(release).filter(({ component, gone, leaving }) => component === 'server' && !gone && !leaving)

function clientOf({ pods }: Namespace, release: string): string {
  const all = pods.of(release).filter(({ component, gone, leaving }) => component === 'client' && !gone && !leaving)
  expect(all).toHaveLength(1)
  return (all[0] as { name: string }).name
}

/** The report of a second client in the first one's pod, whose calls the same Envoy passes on. */
async function callFrom(namespace: Namespace, release: string, target: string): Promise<Report> {
  const options = [
    '--requests',
    String(calls),
    '--concurrency',
    '10',
    '-o',
    'json',
    '--quiet',
    '--admin-listen',
    '127.0.0.1:0',
  ]
  const program = ['node', '/app/echo.mjs', '-h', target, ...options]
  return JSON.parse(await namespace.kubectl('exec', clientOf(namespace, release), '-c', 'echo', '--', ...program))
}

async function statsOf(namespace: Namespace, release: string, port: number): Promise<Series[]> {
  const forward = await PortForward.open(namespace, clientOf(namespace, release), port)
  try {
    const signal = AbortSignal.timeout(10_000)
    const response = await fetch(`http://${forward.address}/stats/prometheus`, { signal })
    return endpointSeries(await response.text())
  } finally {
    forward.close()
  }
}

const callsTo = (series: readonly Series[], ip: string): number =>
  series.filter((each) => each.name === 'rq_total' && each.ip === ip).reduce((sum, { value }) => sum + value, 0)

const total = (series: readonly Series[], name: string): number =>
  series.filter((each) => each.name === name).reduce((sum, { value }) => sum + value, 0)
