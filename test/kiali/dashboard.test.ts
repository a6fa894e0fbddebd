import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { chart, projectRoot, render } from '../chart/helm.ts'
import { endCommands, runEcho } from '../support/echo-command.ts'
import { parseExposition, type Sample } from '../support/exposition.ts'

const settings = parse(readFileSync(join(chart, 'files/kiali/config.yaml'), 'utf8'))
const dashboards = settings.custom_dashboards
const schema = JSON.parse(readFileSync(join(projectRoot, 'kiali/dashboard.schema.json'), 'utf8'))
const isDashboards = new Ajv({ allErrors: true }).compile(schema)

/** Metrics of Kiali's own dashboards, by how one includes a chart of them: config/dashboards/dashboards.go of kiali/kiali. */
const kialisOwn = { 'nodejs$Event loop lag': 'nodejs_eventloop_lag_seconds' }

/** Changes to the dashboard that Kiali would take in silence, and show nothing for. */
const typos: readonly (readonly [string, (board: Board) => void])[] = [
  ['a key of a dashboard', (board) => Object.assign(board, { discoveron: 'x' })],
  ['a key of an item', (board) => Object.assign(board.items[0], { charts: {} })],
  ['a key of a chart', (board) => Object.assign(board.items[0].chart, { grouplabels: ['pod'] })],
  ['a key of a metric', (board) => Object.assign(board.items[0].chart.metrics[0], { name: 'x' })],
  ['a key of an aggregation', (board) => Object.assign(board.items[0].chart.aggregations[0], { display_name: 'x' })],
  ['a variable of a link', (board) => Object.assign(board.externalLinks[0].variables, { ns: 'var-namespace' })],
  ['an item, which is also an include', (board) => Object.assign(board.items[0], { include: 'nodejs' })],
  ['an item, which is neither', (board) => board.items.push({})],
  ['a type of chart', (board) => Object.assign(board.items[0].chart, { chartType: 'bars' })],
  ['a type of data', (board) => Object.assign(board.items[0].chart, { dataType: 'counter' })],
  ['an axis', (board) => Object.assign(board.items[1].chart, { xAxis: 'pods' })],
  ['an aggregator', (board) => Object.assign(board.items[2].chart, { aggregator: 'median' })],
  ['an aggregator, of what is not raw', (board) => Object.assign(board.items[0].chart, { aggregator: 'max' })],
  ['a unit', (board) => Object.assign(board.items[5].chart, { unit: 'second' })],
  ['the columns, which are twelve', (board) => Object.assign(board.items[0].chart, { spans: 13 })],
  [
    'a name, which is no PromQL',
    (board) => Object.assign(board.items[0].chart.metrics[0], { metricName: 'rate(x[5m])' }),
  ],
  ['the metrics, of which there are none', (board) => Object.assign(board.items[0].chart, { metrics: [] })],
  [
    'a label, which is that of Kubernetes',
    (board) => Object.assign(board.items[0].chart, { groupLabels: ['app.kubernetes.io/name'] }),
  ],
  ['a type of link', (board) => Object.assign(board.externalLinks[0], { type: 'Grafana' })],
]

// biome-ignore lint/suspicious/noExplicitAny: its shape is what the schema tells
type Board = any

describe('the dashboard grpc-lb', () => {
  it('is what Kiali reads, key by key', () => {
    expect(isDashboards(dashboards), JSON.stringify(isDashboards.errors)).toBe(true)
    expect(dashboards.map(({ name }: Board) => name)).toEqual(['grpc-lb'])
  })

  it.each(typos)('could not hold a slip in %s', (_, change) => {
    const changed = structuredClone(dashboards)
    change(changed[0])
    expect(isDashboards(changed)).toBe(false)
  })

  it('comes to the pods as it is, in the annotation that Kiali reads as a YAML list', async () => {
    const rendered = await render('x', ['--set', 'kiali.mode=annotation,client.enabled=true'])
    const pods = rendered.filter(({ kind }) => kind === 'Deployment').map(({ spec }) => spec.template.metadata)
    expect(pods).toHaveLength(2)
    for (const { annotations } of pods) {
      expect(parse(annotations['dashboards.kiali.io/templates'])).toEqual(dashboards)
      expect(annotations['kiali.io/dashboards']).toBe('grpc-lb')
    }
  })

  it('comes to the ConfigMap with the settings around it', async () => {
    const rendered = await render('x', ['--set', 'kiali.mode=configMap'])
    const config = rendered.find(({ metadata }) => metadata.name === 'x-echo-kiali')
    expect(parse(config?.data['config.yaml'])).toEqual(settings)
  })

  it('links to our Grafana dashboards by their titles, and fills in variables that they have', () => {
    const titles = ['distribution', 'clients', 'mesh'].map((name) => {
      const { title, templating } = JSON.parse(readFileSync(join(chart, `files/dashboards/${name}.json`), 'utf8'))
      expect(templating.list.map(({ name }: { name: string }) => `var-${name}`)).toEqual(
        expect.arrayContaining(Object.values(dashboards[0].externalLinks[0].variables)),
      )
      return title
    })
    expect(dashboards[0].externalLinks.map(({ name }: Board) => name)).toEqual(titles)
  })
})

describe('its metrics', () => {
  let samples: Sample[]
  const charts = dashboards[0].items.flatMap(({ chart }: Board) => (chart === undefined ? [] : [chart]))
  const rules = readFileSync(join(chart, 'files/prometheus-rules/grpc-lb.yaml'), 'utf8')

  beforeAll(async () => {
    const server = runEcho(['-s', '--listen', '127.0.0.1:0', '--admin-listen', '127.0.0.1:0'])
    const [, address, admin] = await server.printed(/serves gRPC on (\S+), admin on (\S+)$/m)
    const client = runEcho(['-h', address as string, '--admin-listen', '127.0.0.1:0', '--rps', '20'])
    const [, clientAdmin] = await client.printed(/admin on (\S+)$/m)
    await client.printed(/^call \d+ served by/m)
    samples = (await Promise.all([admin, clientAdmin].map((url) => metricsAt(url as string)))).flat()
  }, 60_000)
  afterAll(endCommands)

  it.each<Board>(charts)('of "$name" are exported or recorded', (chart) => {
    for (const { metricName } of chart.metrics) {
      const name = chart.dataType === 'histogram' ? `${metricName}_bucket` : metricName
      const recorded = rules.includes(`record: ${metricName}\n`)
      expect(recorded || samples.some((sample) => sample.name === name), name).toBe(true)
    }
  })

  it('have the labels that they are grouped by; pod comes from the scrape', () => {
    for (const { metrics, aggregations = [], groupLabels = [], dataType } of charts) {
      for (const label of [...groupLabels, ...aggregations.map(({ label }: Board) => label)]) {
        if (label === 'pod') continue
        const name = dataType === 'histogram' ? `${metrics[0].metricName}_bucket` : metrics[0].metricName
        const labels = samples.filter((sample) => sample.name === name).map((sample) => sample.labels)
        expect(labels.length, name).toBeGreaterThan(0)
        for (const each of labels) expect(each).toHaveProperty(label)
      }
    }
  })

  it("are there for the charts of Kiali's own that it includes, and for its discovery", () => {
    const included = dashboards[0].items.flatMap(({ include }: Board) => include ?? [])
    expect(included).toEqual(Object.keys(kialisOwn))
    const names = new Set(samples.map(({ name }) => name))
    for (const name of [...Object.values(kialisOwn), dashboards[0].discoverOn]) expect(names).toContain(name)
  })
})

async function metricsAt(admin: string): Promise<Sample[]> {
  const response = await fetch(`${admin}/metrics`, { signal: AbortSignal.timeout(10_000) })
  return parseExposition(await response.text())
}
