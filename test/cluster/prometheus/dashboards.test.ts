import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it, vi } from 'vitest'
import { parse } from 'yaml'
import { imageValues } from '../../../scripts/cluster/image.ts'
import { projectRoot } from '../../chart/helm.ts'
import { allTargets, boardNames, chartDashboards } from '../../grafana/dashboard-files.ts'
import { filledIn, selectedMetrics } from '../../grafana/promql.ts'
import { whereThereIs } from '../../support/where-there-is.ts'
import { onIstio } from '../support/on-istio.ts'
import { noOperatorPrometheus, OperatorPrometheus } from '../support/operator-prometheus.ts'

const queries = allTargets.map(({ where, target }) => [where, target.expr] as const)
const asksIstio = (expr: string): boolean => selectedMetrics(expr).some(({ metric }) => metric.startsWith('istio_'))
const ours = queries.filter(([, expr]) => !asksIstio(expr))
const ofIstio = queries.filter(([, expr]) => asksIstio(expr))

onIstio('dashboards', (namespace) => {
  const prometheus = new OperatorPrometheus(namespace.cluster)
  const service = 'mesh-echo'
  const choices = { namespace: namespace.name, service, cluster: '.+', __rate_interval: '1m' }

  beforeAll(async () => {
    const scenario = parse(readFileSync(join(projectRoot, 'values/istio-mesh.yaml'), 'utf8'))
    const values = {
      ...scenario,
      istio: { ...scenario.istio, perEndpointStats: { enabled: true } },
      client: { ...scenario.client, ...imageValues(process.env.EVENLY_IMAGE).client, rps: 30, args: ['--quiet'] },
      metrics: { podMonitor: { enabled: true, interval: '5s' }, dashboards: { enabled: true } },
    }
    // Whether all is up shows in what Prometheus knows, which is waited for below.
    await namespace.helm(['install', 'mesh', 'charts/echo', '-f', '-'], JSON.stringify(values))
  })

  it('the cluster has the three dashboards as they were generated, where a sidecar finds them', async () => {
    const { items } = JSON.parse(await namespace.kubectl('get', 'configmap', '-l', 'grafana_dashboard=1', '-o', 'json'))
    const files = items.flatMap(({ data }: { data: Record<string, string> }) => Object.entries(data))
    expect(new Map(files.map(([name, text]: [string, string]) => [name, JSON.parse(text)]))).toEqual(
      new Map(boardNames.map((name, i) => [`evenly-${name}.json`, chartDashboards[i]])),
    )
  })

  whereThereIs("the Operator's Prometheus", noOperatorPrometheus, () => {
    let moment: number
    beforeAll(async () => {
      // The Operator writes a new configuration, which Prometheus then loads; after that a rate needs two scrapes of each.
      const counters = [
        'grpc_server_started_total',
        'grpc_lb_client_peer_started_total{peer!="none"}',
        'envoy_cluster_endpoint_rq_total',
      ]
      const here = `up{namespace="${namespace.name}"}`
      await vi.waitFor(
        async () => {
          const now = Date.now() / 1000
          for (const counter of counters) {
            const rates = `rate(${counter}[${choices.__rate_interval}]) > 0 and on (namespace) ${here}`
            expect(await prometheus.query(rates, now), counter).not.toEqual([])
          }
          moment = now
        },
        { timeout: 240_000, interval: 2000 },
      )
    })

    it.each(ours)('answers %s', async (_, expr) => {
      expect((await prometheus.query(filledIn(expr, choices), moment)).length).toBeGreaterThan(0)
    })

    // An Envoy that Istio has not built has no such metrics; test/grafana/istio-queries.test.ts proves the rows.
    it.each(ofIstio)('takes %s', async (_, expr) => {
      expect(await prometheus.query(filledIn(expr, choices), moment)).toBeInstanceOf(Array)
    })
  })
})
