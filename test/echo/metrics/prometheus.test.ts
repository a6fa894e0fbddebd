import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Registry } from '@prometheus-io/client'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { chooseAddresses } from '../../../scripts/lab/addresses.ts'
import { whatItSays } from '../../../scripts/lib/tools.ts'
import { startAdminServer } from '../../../services/echo/src/admin-server.ts'
import { DistributionView } from '../../../services/echo/src/distribution.ts'
import { callMetrics } from '../../../services/echo/src/metrics/call-metrics.ts'
import { metricNamings } from '../../../services/echo/src/metrics/names/naming.ts'
import { Tally } from '../../../services/echo/src/tally.ts'
import { parseExposition } from '../../support/exposition.ts'
import { whereThereIs } from '../../support/where-there-is.ts'

const patient = { timeout: 90_000, interval: 200 }
const whyNone = (await whatItSays('prometheus', ['--version'])).startsWith('prometheus')
  ? ''
  : 'there is no prometheus on PATH: it comes with the package prometheus of Debian'
const trace = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' }

whereThereIs('a real Prometheus', whyNone, () => {
  const registry = new Registry()
  const cleanups: (() => unknown)[] = []
  let api: (path: string) => Promise<Answer>

  beforeAll(async () => {
    const observe = callMetrics(registry, 'server', { names: metricNamings })
    observe('Hello').handled(0, trace)
    observe('Hello').handled(14)
    const distribution = new DistributionView(new Tally(), { role: 'server', name: 'pod-1', judgeAs: 'random' }, 300)
    const admin = await startAdminServer('127.0.0.1:0', { registry, ready: () => true, distribution })
    cleanups.push(() => admin.close())
    const folder = await mkdtemp(join(tmpdir(), 'evenly-prometheus-'))
    cleanups.push(() => rm(folder, { recursive: true, force: true }))
    const scrape = { job_name: 'echo', scrape_interval: '1s', static_configs: [{ targets: [new URL(admin.url).host] }] }
    await writeFile(join(folder, 'prometheus.yml'), JSON.stringify({ scrape_configs: [scrape] }))
    const address = (await chooseAddresses(1)).server(0)
    const options = ['--config.file=prometheus.yml', '--storage.tsdb.path=data', `--web.listen-address=${address}`]
    const prometheus = spawn('prometheus', [...options, '--enable-feature=exemplar-storage'], {
      cwd: folder,
      stdio: 'ignore',
    })
    cleanups.push(async () => {
      const exited = once(prometheus, 'exit')
      if (prometheus.exitCode === null && prometheus.kill('SIGKILL')) await exited
    })
    api = async (path) => (await (await fetch(`http://${address}/api/v1/${path}`)).json()) as Answer
    await vi.waitFor(async () => expect(await values('up')).toEqual([1]), patient)
  })
  afterAll(async () => {
    for (const clean of cleanups.reverse()) await clean()
  })

  it('takes the metrics with every sample', async () => {
    const text = await registry.metrics()
    expect(await values('scrape_samples_scraped')).toEqual([parseExposition(text).length])
    expect(await values('grpc_server_handled_total{grpc_code="Unavailable",grpc_method="Hello"}')).toEqual([1])
    expect(await values('rpc_server_call_duration_seconds_count{rpc_status_code="UNAVAILABLE"}')).toEqual([1])
  })

  it('takes the exemplar of every histogram', async () => {
    const now = Date.now() / 1000
    const names = [
      'grpc_server_handling_seconds_bucket',
      'rpc_server_call_duration_seconds_bucket',
      'grpc_server_call_duration_seconds_bucket',
    ]
    for (const name of names) {
      const { data } = await api(`query_exemplars?query=${name}&start=${now - 3600}&end=${now + 60}`)
      const found = (data as unknown as { readonly exemplars: readonly { readonly labels: object }[] }[]).flatMap(
        ({ exemplars }) => exemplars.map(({ labels }) => labels),
      )
      expect(found, name).toEqual([{ trace_id: trace.traceId, span_id: trace.spanId }])
    }
  })

  async function values(query: string): Promise<number[]> {
    const { data } = await api(`query?query=${encodeURIComponent(query)}`)
    return data.result.map(({ value }) => Number(value[1]))
  }
})

interface Answer {
  readonly data: { readonly result: readonly { readonly value: readonly [time: number, value: string] }[] }
}
