import { Client, type ClientReadableStream, credentials, type ServiceError, status } from '@grpc/grpc-js'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  type LoadReport,
  type LoadReportRequest,
  orcaService,
} from '../../../services/echo/src/balancing/load-reports/orca-service.ts'
import { stopServer } from '../../../services/echo/src/shutdown.ts'
import { type EchoPod, hello, openClient, startPod } from '../../support/echo-pod.ts'

const waits = { timeout: 30_000, interval: 10 }
const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean()
})

async function pod(...args: string[]): Promise<EchoPod> {
  const started = await startPod('a', '127.0.0.1:0', args)
  cleanups.push(() => started.stop())
  return started
}

/** Asks as any client does that speaks gRFC A51. */
function ask({ address }: EchoPod, request: LoadReportRequest) {
  const client = new Client(address, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 })
  cleanups.push(() => client.close())
  const { path, requestSerialize, responseDeserialize } = orcaService().StreamCoreMetrics
  const stream: ClientReadableStream<LoadReport> = client.makeServerStreamRequest(
    path,
    requestSerialize,
    responseDeserialize,
    request,
  )
  const reports: LoadReport[] = []
  const ended = new Promise<number>((resolve) => stream.on('status', ({ code }) => resolve(code)))
  stream.on('data', (report: LoadReport) => reports.push(report)).on('error', (_: ServiceError) => undefined)
  return { reports, ended, cancel: () => stream.cancel() }
}

const often = { report_interval: { seconds: 0, nanos: 1e8 } }

describe('a server that reports its load', () => {
  it('does so only where it is asked to by an option', async () => {
    expect(await ask(await pod(), often).ended).toBe(status.UNIMPLEMENTED)
    expect((await pod('--utilization', 'off')).load).toBeUndefined()
  })

  it('tells what it measures: how busy it is, its calls, and those that fail', async () => {
    const server = await pod('--utilization', 'measured')
    const client = openClient(server.address)
    cleanups.push(() => client.close())
    const { reports } = ask(server, often)
    for (let call = 0; call < 40; call++) {
      await hello(client, { behaviour: { statusCode: call % 4 === 0 ? status.INTERNAL : status.OK } })
    }
    // Of the last five whole seconds.
    await vi.waitFor(() => expect(reports.at(-1)?.rps_fractional).toBeCloseTo(8), waits)
    const { eps, application_utilization } = reports.at(-1) as LoadReport
    expect(eps).toBeCloseTo(2)
    expect(application_utilization).toBeGreaterThan(0)
    expect(application_utilization).toBeLessThan(1)
  })

  it('is busier by its own measure when it is', async () => {
    const { reports } = ask(await pod('--utilization', 'measured'), often)
    await vi.waitFor(() => expect(reports.length).toBeGreaterThan(8), waits)
    const idle = reports.at(-1)?.application_utilization as number
    const busy = setInterval(() => {
      const end = performance.now() + 90
      while (performance.now() < end);
    }, 100)
    cleanups.push(() => clearInterval(busy))
    await vi.waitFor(() => expect(reports.at(-1)?.application_utilization).toBeGreaterThan(idle + 0.4), waits)
  })

  it('states a number for one call a second, and the share of calls that fail', async () => {
    const server = await pod('--utilization', '0.8')
    const client = openClient(server.address)
    cleanups.push(() => client.close())
    const { reports } = ask(server, often)
    await vi.waitFor(() => expect(reports.length).toBeGreaterThan(0), waits)
    expect(reports[0]).toMatchObject({ application_utilization: 0.8, rps_fractional: 1, eps: 0 })
    for (const code of [status.OK, status.OK, status.OK, status.INTERNAL]) {
      await hello(client, { behaviour: { statusCode: code } })
    }
    await vi.waitFor(() => expect(reports.at(-1)?.eps).toBe(0.25), waits)
    expect(reports.at(-1)).toMatchObject({ application_utilization: 0.8, rps_fractional: 1 })
  })

  it('takes no period below 0.1 s, and chooses one itself where the client does not', async () => {
    const server = await pod('--utilization', '0.8')
    const hasty = ask(server, { report_interval: { seconds: 0, nanos: 1 } })
    const begin = performance.now()
    await vi.waitFor(() => expect(hasty.reports.length).toBeGreaterThan(5), waits)
    expect(performance.now() - begin).toBeGreaterThan(400)
    hasty.cancel()
    const [silent, backwards] = [
      ask(server, { report_interval: null }),
      ask(server, { report_interval: { seconds: -5, nanos: 0 } }),
    ]
    await vi.waitFor(() => expect([silent.reports.length, backwards.reports.length > 2]).toEqual([1, true]), waits)
  })

  it('ends its streams with OK when it stops, and is not held up by them', async () => {
    const server = await pod('--utilization', '0.8')
    const { reports, ended } = ask(server, often)
    await vi.waitFor(() => expect(reports.length).toBeGreaterThan(1), waits)
    expect(await stopServer(server.running, { notReadySeconds: 0, drainSeconds: 50 })).toBe(true)
    expect(await ended).toBe(status.OK)
  })
})
