import { type ChannelInterface, credentials } from '@grpc/grpc-js'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { LoadReport } from '../../../../services/echo/src/balancing/load-reports/orca-service.ts'
import { ReportStream } from '../../../../services/echo/src/balancing/load-reports/report-stream.ts'
import { EchoClient } from '../../../../services/echo/src/wire.ts'
import { type EchoPod, startPod } from '../../../support/echo-pod.ts'

const waits = { timeout: 30_000, interval: 10 }
const cleanups: (() => unknown)[] = []
afterEach(async () => {
  vi.restoreAllMocks()
  for (const clean of cleanups.splice(0).toReversed()) await clean()
})

async function pod(...args: string[]): Promise<EchoPod> {
  const started = await startPod('a', '127.0.0.1:0', args)
  cleanups.push(() => started.stop())
  return started
}

function channelTo({ address }: EchoPod): ChannelInterface {
  const client = new EchoClient(address, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 })
  cleanups.push(() => client.close())
  return client.getChannel()
}

function listen(channel: ChannelInterface, periodSeconds = 0.1) {
  const reports: LoadReport[] = []
  const unsupported = vi.fn()
  const stream = new ReportStream(channel, { periodSeconds, reported: (report) => reports.push(report), unsupported })
  cleanups.push(() => stream.close())
  return { stream, reports, unsupported }
}

describe('a stream of load reports', () => {
  it('brings one at once and then one in each period', async () => {
    const { reports } = listen(channelTo(await pod('--utilization', '0.7')))
    await vi.waitFor(() => expect(reports.length).toBeGreaterThan(3), waits)
    expect(reports[0]).toMatchObject({ application_utilization: 0.7, rps_fractional: 1, eps: 0 })
    const slow = listen(channelTo(await pod('--utilization', '0.7')), 3600)
    await vi.waitFor(() => expect(slow.reports).toHaveLength(1), waits)
  })

  it('is opened again when the server ends it', async () => {
    const server = await pod('--utilization', '0.7')
    const { reports } = listen(channelTo(server), 3600)
    await vi.waitFor(() => expect(reports).toHaveLength(1), waits)
    server.running.openStreams.endAll()
    await vi.waitFor(() => expect(reports).toHaveLength(2), waits)
  })

  it('is not asked for again of a server that does not know it', async () => {
    const channel = channelTo(await pod())
    const createCall = vi.spyOn(channel, 'createCall')
    const { unsupported } = listen(channel)
    await vi.waitFor(() => expect(unsupported).toHaveBeenCalledOnce(), waits)
    await new Promise((resolve) => setTimeout(resolve, 1500))
    expect(createCall).toHaveBeenCalledOnce()
  })

  it('ends for good when it is closed, even while it begins', async () => {
    const server = await pod('--utilization', '0.7')
    const channel = channelTo(server)
    const first = listen(channel)
    first.stream.close()
    const second = listen(channel)
    await vi.waitFor(() => expect(second.reports.length).toBeGreaterThan(0), waits)
    second.stream.close()
    const { length } = second.reports
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect([first.reports.length, second.reports.length]).toEqual([0, length])
    // It would wait for streams that are still open.
    await new Promise((resolve) => server.running.server.tryShutdown(resolve))
  })

  it('survives a connection that is lost while it begins, and asks again', async () => {
    const channel = channelTo(await pod('--utilization', '0.7'))
    const createCall = channel.createCall.bind(channel)
    vi.spyOn(channel, 'createCall').mockImplementationOnce((...args) =>
      Object.assign(createCall(...args), { start: () => Promise.reject(new Error('Cannot create call, not READY')) }),
    )
    const { reports } = listen(channel)
    await vi.waitFor(() => expect(reports.length).toBeGreaterThan(0), waits)
  })
})
