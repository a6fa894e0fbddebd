import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { parse } from 'yaml'
import { imageValues } from '../../../scripts/cluster/image.ts'
import type { Distribution } from '../../../services/echo/src/distribution.ts'
import { chart as chartFolder } from '../../chart/helm.ts'
import { type Chart, type Filters, filtersOf, kialiQueries } from '../support/kiali-queries.ts'
import { onPrometheus } from '../support/on-prometheus.ts'
import type { Row } from '../support/operator-prometheus.ts'

const settings = parse(readFileSync(join(chartFolder, 'files/kiali/config.yaml'), 'utf8'))
const charts: Chart[] = settings.custom_dashboards[0].items.flatMap(({ chart }: { chart?: Chart }) => chart ?? [])

/** Scrapes begin when the Operator's new configuration is there, and a rate needs a minute of them. */
const patient = { timeout: 280_000, interval: 3000 }

describe("Kiali's queries for the dashboard grpc-lb", () => {
  onPrometheus('kiali', (namespace, prometheus) => {
    let filters: Record<'application' | 'workload', Filters>

    // One client spreads 10 calls a second, and one is pinned with 20: an unevenness that the tallies tell as well.
    beforeAll(async () => {
      const metrics = { podMonitor: { enabled: true, interval: '5s' }, prometheusRule: { enabled: true } }
      const { client: ownImage = {}, ...image } = imageValues(process.env.EVENLY_IMAGE)
      // A client that balances by itself does not see pods that come later.
      await namespace.install('echo', { ...image, metrics })
      await namespace.install('echo', { ...image, metrics, client: { ...ownImage, enabled: true, rps: 10 } })
      const pinned = { mode: 'client', metrics, client: { target: 'echo:8080', rps: 20 } }
      await namespace.install('echo-pinned', pinned)
      const deployment = JSON.parse(await namespace.kubectl('get', 'deployment', 'echo', '-o', 'json'))
      const { labels } = deployment.spec.template.metadata
      filters = { application: filtersOf(labels, 'application'), workload: filtersOf(labels, 'workload') }
    })

    it('filter by the labels that series have from their pods', () => {
      expect(filters.application).toEqual({ 'app.kubernetes.io/name': 'echo' })
      expect(Object.keys(filters.workload)).toEqual(['app.kubernetes.io/name', 'app.kubernetes.io/version'])
    })

    it.each(['Calls by pod', 'Share of each pod'])('for "%s" tell of each pod what the tallies tell', async (name) => {
      await vi.waitFor(async () => {
        const rows = await rowsOf(name)
        expect(podsOf(rows)).toEqual(serverNames())
        const shares = sharesOf(Object.fromEntries(rows.map(({ labels, value }) => [labels.pod, value])))
        for (const [pod, share] of Object.entries(sharesOf(await tally()))) expect(shares[pod]).toBeCloseTo(share, 1)
      }, patient)
    })

    // All pods here are of one version, so the two scores are one.
    it.each([
      [0, 'application'],
      [1, 'application'],
      [1, 'workload'],
    ] as const)('for score %d tell how uneven the tallies are, on the page of the %s', async (index, page) => {
      const score = chartOf('Unevenness (0 is even)')
      const chart = { ...score, metrics: score.metrics.slice(index, index + 1) }
      await vi.waitFor(async () => {
        const { value = '' } = kialiQueries(chart, namespace.name, filters[page])
        const rows = await prometheus.query(value)
        expect(rows).toHaveLength(1)
        const counts = await tally('5')
        expect(rows[0]?.value).toBeCloseTo(variationOf(serverNames().map((name) => counts[name] ?? 0)), 1)
      }, patient)
    })

    it('for the clients tell whom each one has called', async () => {
      for (const release of ['echo', 'echo-pinned']) {
        await vi.waitFor(async () => {
          const rows = (await rowsOf('Calls of each client by peer')).filter(isOf(clientName(release)))
          const calls = Object.fromEntries(rows.map(({ labels, value }) => [labels.peer, value]))
          const shares = sharesOf(calls)
          const counts = await tallyOf(release)
          expect(Object.keys(calls).filter((peer) => calls[peer])).toEqual(expect.arrayContaining(Object.keys(counts)))
          for (const [peer, share] of Object.entries(sharesOf(counts))) expect(shares[peer]).toBeCloseTo(share, 1)
        }, patient)
      }
    })

    it('for endpoints tell how many each client is connected to', async () => {
      await vi.waitFor(async () => {
        const connected = valuesOf(await rowsOf('Connected endpoints of each client'))
        expect(connected).toEqual({ [clientName('echo')]: 3, [clientName('echo-pinned')]: 1 })
      }, patient)
    })

    it('for the time of a call have an average and quantiles, by method where its user asks', async () => {
      await vi.waitFor(async () => {
        const queries = kialiQueries(chartOf('Time to handle a call'), namespace.name, filters.workload)
        expect(Object.keys(queries).sort()).toEqual(['0.5', '0.95', '0.99', 'avg'])
        for (const query of Object.values(queries)) {
          const rows = await prometheus.query(query)
          expect(rows, query).toHaveLength(1)
          expect(rows[0]?.value, query).toBeGreaterThan(0)
        }
        const byMethod = await rowsOf('Time to handle a call', 'workload', ['grpc_method'], '0.95')
        const hello = byMethod.find(({ labels }) => labels.grpc_method === 'Hello')
        expect(hello?.value).toBeGreaterThan(0)
        expect(byMethod.length).toBeGreaterThan(1)
      }, patient)
    })

    it('for open connections have every pod, with the pinned client on one', async () => {
      await vi.waitFor(async () => {
        const rows = await rowsOf('Open connections by pod')
        expect(podsOf(rows)).toEqual(serverNames())
        for (const { value } of rows) expect(value).toBeGreaterThanOrEqual(1)
        const busiest = Object.entries(await tally()).sort(([, a], [, b]) => b - a)[0]?.[0] as string
        expect(valuesOf(rows)[busiest]).toBeGreaterThanOrEqual(2)
      }, patient)
    })

    it('find the dashboard for pods that do not name it', async () => {
      const discoverOn = {
        name: '',
        dataType: 'raw',
        metrics: [{ metricName: settings.custom_dashboards[0].discoverOn }],
      }
      const { value = '' } = kialiQueries(discoverOn as Chart, namespace.name, filters.workload)
      expect(await prometheus.query(value)).toHaveLength(1)
    })

    const chartOf = (name: string) => charts.find((chart) => chart.name === name) as Chart

    function rowsOf(name: string, page: 'application' | 'workload' = 'workload', by: string[] = [], of = 'value') {
      const query = kialiQueries(chartOf(name), namespace.name, filters[page], by)[of]
      return prometheus.query(query as string)
    }

    const serverNames = () => namesOf('echo', 'server')
    const clientName = (release: string) => namesOf(release, 'client')[0] as string
    const namesOf = (release: string, component: string) =>
      namespace.pods.of(release).flatMap((pod) => (pod.component === component && !pod.leaving ? [pod.name] : []))

    /** Calls that each pod has answered in the last minutes, as both clients have counted them. */
    async function tally(minutes: '1' | '5' = '1'): Promise<Record<string, number>> {
      const sums: Record<string, number> = {}
      for (const counts of [await tallyOf('echo', minutes), await tallyOf('echo-pinned', minutes)]) {
        for (const [peer, calls] of Object.entries(counts)) sums[peer] = (sums[peer] ?? 0) + calls
      }
      return sums
    }

    async function tallyOf(release: string, minutes: '1' | '5' = '1'): Promise<Readonly<Record<string, number>>> {
      const pod = `/api/v1/namespaces/${namespace.name}/pods/${clientName(release)}:9464/proxy`
      const { lastMinutes }: Distribution = JSON.parse(await namespace.cluster.get(`${pod}/distribution`))
      return lastMinutes[minutes].counts
    }
  })
})

const isOf =
  (pod: string) =>
  ({ labels }: Row): boolean =>
    labels.pod === pod
const podsOf = (rows: readonly Row[]) => rows.map(({ labels }) => labels.pod).sort()
const valuesOf = (rows: readonly Row[]): Record<string, number> =>
  Object.fromEntries(rows.map(({ labels, value }) => [labels.pod, value]))

function sharesOf(values: Readonly<Record<string, number>>): Record<string, number> {
  const sum = Object.values(values).reduce((all, value) => all + value, 0)
  return Object.fromEntries(Object.entries(values).map(([pod, value]) => [pod, value / sum]))
}

/** Standard deviation over mean. */
function variationOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) / mean
}
