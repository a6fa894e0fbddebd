import { credentials, experimental as grpc, Metadata } from '@grpc/grpc-js'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ReportedWeight } from '../../../../services/echo/src/balancing/load-reports/reported-weight.ts'
import type { Peer } from '../../../../services/echo/src/balancing/policies/peer.ts'
import {
  registerWeightedRoundRobin,
  WeightedPicker,
} from '../../../../services/echo/src/balancing/policies/weighted-round-robin.ts'
import { readWeightedRoundRobin } from '../../../../services/echo/src/balancing/policies/weighted-round-robin-settings.ts'
import type { StatedLoad } from '../../../../services/echo/src/load-reports/load-source.ts'
import { EchoClient } from '../../../../services/echo/src/wire.ts'
import { type EchoPod, hello, startPod } from '../../../support/echo-pod.ts'
import { EndpointList } from './endpoint-list.ts'

registerWeightedRoundRobin()
const waits = { timeout: 30_000, interval: 10 }
const soon = { reportingPeriod: '0.1s', blackoutPeriod: '0s', weightUpdatePeriod: '0.1s' }
const cleanups: (() => unknown)[] = []
let list: EndpointList
beforeEach(() => {
  list = new EndpointList()
})
afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean()
})

async function pod(name: string, utilization: string, ...args: string[]): Promise<EchoPod> {
  const started = await startPod(name, '127.0.0.1:0', ['--utilization', utilization, ...args])
  cleanups.push(() => started.stop())
  return started
}

const addresses = (pods: readonly EchoPod[]) => pods.map(({ address }) => address)

function open(settings: object, ...pods: EchoPod[]): InstanceType<typeof EchoClient> {
  const client = new EchoClient(list.target, credentials.createInsecure(), {
    'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ evenly_weighted_round_robin: settings }] }),
    'grpc.use_local_subchannel_pool': 1,
    'grpc.initial_reconnect_backoff_ms': 100,
  })
  cleanups.push(() => client.close())
  list.say(addresses(pods))
  return client
}

/** Who served so many calls, made one after another. */
async function served(client: InstanceType<typeof EchoClient>, calls: number): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (let call = 0; call < calls; call++) {
    const { reply, error } = await hello(client, {})
    const name = reply?.server?.pod ?? `${error?.details}`
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}

/** Waits until so many calls spread like this, to within one call of each. */
async function untilServed(client: InstanceType<typeof EchoClient>, wanted: Record<string, number>): Promise<void> {
  const calls = Object.values(wanted).reduce((sum, count) => sum + count, 0)
  await vi.waitFor(async () => {
    const counts = await served(client, calls)
    const off = Object.entries(wanted).map(([name, count]) => Math.abs((counts[name] ?? 0) - count))
    expect({ counts, off: Math.max(...off) }).toEqual({ counts, off: expect.toSatisfy((most) => most <= 1) })
  }, waits)
}

/** How often the pod's reports have been asked for from now on: for each stream one at once, then one in each period. */
function reportsOf({ load }: EchoPod) {
  return vi.spyOn(load as StatedLoad, 'report')
}

describe('evenly_weighted_round_robin', () => {
  it('gives pods at utilizations .2, .2 and .8 calls as 4 : 4 : 1', async () => {
    const client = open(soon, await pod('a', '.2'), await pod('b', '.2'), await pod('c', '.8'))
    await untilServed(client, { a: 40, b: 40, c: 10 })
    const counts = await served(client, 450)
    expect(Math.abs((counts.a as number) - 200)).toBeLessThanOrEqual(4)
    expect(Math.abs((counts.b as number) - 200)).toBeLessThanOrEqual(4)
    expect(Math.abs((counts.c as number) - 50)).toBeLessThanOrEqual(4)
  })

  it('follows a load that changes', async () => {
    const [a, b] = [await pod('a', '.2'), await pod('b', '.2')]
    const client = open(soon, a, b)
    await untilServed(client, { a: 20, b: 20 })
    Object.assign(a.load as StatedLoad, { utilization: 0.6 })
    await untilServed(client, { a: 10, b: 30 })
  })

  it('gives a pod that never reports its load as much as the others get on average, and says so once', async () => {
    const warned = vi.fn()
    process.on('warning', warned)
    cleanups.push(() => process.off('warning', warned))
    const [a, b] = [await pod('a', '.2'), await pod('b', '.6')]
    const client = open(soon, a, b, await pod('silent', 'off'), await pod('mute', 'off'))
    // Weights 5 and 5/3; their mean is 10/3.
    await untilServed(client, { a: 45, b: 15, silent: 30, mute: 30 })
    expect(warned.mock.calls).toEqual([[expect.objectContaining({ code: 'EVENLY_NO_LOAD_REPORTS' })]])
    expect(warned.mock.calls[0]?.[0].message).toMatch(
      /^evenly_weighted_round_robin: 127\.0\.0\.1:\d+ reports no load \(UNIMPLEMENTED\) and gets as many calls as the others on average: serve xds\.service\.orca\.v3\.OpenRcaService there\.$/,
    )
  })

  it('gives pods turns where none reports', async () => {
    const client = open(soon, await pod('a', 'off'), await pod('b', 'off'))
    await untilServed(client, { a: 20, b: 20 })
  })

  it('forgets what a pod told that tells nothing any more', async () => {
    const [a, b, c] = [await pod('a', '.2'), await pod('b', '.2'), await pod('c', '.8')]
    const client = open({ ...soon, weightExpirationPeriod: '1s' }, a, b, c)
    await untilServed(client, { a: 40, b: 40, c: 10 })
    // A report of nothing is none.
    Object.assign(c.load as StatedLoad, { utilization: 0 })
    await untilServed(client, { a: 30, b: 30, c: 30 })
  })

  it('keeps what it knows of pods that stay when others come and go', async () => {
    // With reports this seldom, what is forgotten is lost.
    const settings = { ...soon, reportingPeriod: '3600s' }
    const [a, b, c] = [await pod('a', '.2'), await pod('b', '.8'), await pod('c', '.8')]
    const [reports, reportsOfC] = [reportsOf(a), reportsOf(c)]
    const client = open(settings, a, b)
    await untilServed(client, { a: 40, b: 10 })
    list.say(addresses([b, a, c]))
    await vi.waitFor(() => expect(reportsOfC).toHaveBeenCalledOnce(), waits)
    await untilServed(client, { a: 40, b: 10, c: 10 })
    list.say(addresses([a, b]))
    await untilServed(client, { a: 40, b: 10 })
    expect(reports).toHaveBeenCalledOnce()
  })

  it('asks anew, and keeps what it knows, when it is told to ask more often', async () => {
    const pods = [await pod('a', '.2'), await pod('b', '.8')]
    const reports = reportsOf(pods[0] as EchoPod)
    const client = open({ ...soon, reportingPeriod: '3600s' }, ...pods)
    await untilServed(client, { a: 40, b: 10 })
    // From now on reports say nothing: what is forgotten is lost.
    for (const { load } of pods) Object.assign(load as StatedLoad, { utilization: 0 })
    list.say(addresses(pods), { policies: [{ evenly_weighted_round_robin: soon }] })
    await vi.waitFor(() => expect(reports.mock.calls.length).toBeGreaterThan(5), waits)
    await untilServed(client, { a: 40, b: 10 })
  })

  it('asks over the new connection when one is lost', async () => {
    const [a, b] = [await pod('a', '.2', '--max-connection-age-seconds', '0.3'), await pod('b', '.8')]
    const reports = reportsOf(a)
    const client = open({ ...soon, reportingPeriod: '3600s' }, a, b)
    await untilServed(client, { a: 40, b: 10 })
    await vi.waitFor(() => expect(reports.mock.calls.length).toBeGreaterThan(2), waits)
    await untilServed(client, { a: 40, b: 10 })
  })

  it('leaves nothing open when its client closes', async () => {
    const [a, b] = [await pod('a', '.2'), await pod('b', '.8')]
    const client = open(soon, a, b)
    await untilServed(client, { a: 40, b: 10 })
    client.close()
    // It would wait for streams that are still open.
    await Promise.all([a, b].map(({ running }) => new Promise((resolve) => running.server.tryShutdown(resolve))))
  })
})

describe('the turns of READY peers', () => {
  const args = { metadata: new Metadata(), extraPickInfo: {} }
  const peer = (name: string, readySince = 0) =>
    ({ readySince, leaf: { getPicker: () => ({ pick: () => name }) } }) as unknown as Peer

  function turns(peers: Peer[], settings: object, weightOf = (_: Peer) => undefined as ReportedWeight | undefined) {
    const at = { nextTurn: 0 }
    const picker = new WeightedPicker(peers, readWeightedRoundRobin(settings), weightOf, at)
    const counts: Record<string, number> = {}
    return (count: number) => {
      for (let turn = 0; turn < count; turn++) {
        const name = picker.pick(args) as unknown as string
        counts[name] = (counts[name] ?? 0) + 1
      }
      return counts
    }
  }

  it('are fewer for a new one, as its slow start says', () => {
    const now = performance.now()
    const peers = [peer('old', now - 100_000), peer('older', now - 200_000), peer('new', now)]
    expect(turns(peers, { slowStart: { window: '60s', minWeightPercent: 10 } })(2100)).toEqual({
      old: 1000,
      older: 1000,
      new: expect.toSatisfy((count) => Math.abs(count - 100) <= 1),
    })
  })

  it('are weighed anew as often as the settings say, and not more often', () => {
    vi.spyOn(performance, 'now').mockReturnValue(0)
    cleanups.push(() => vi.restoreAllMocks())
    const weight = new ReportedWeight()
    const at = vi.spyOn(weight, 'at')
    const go = turns([peer('a'), peer('b')], { weightUpdatePeriod: '2s' }, () => weight)
    go(100)
    expect(at).toHaveBeenCalledTimes(2)
    vi.mocked(performance.now).mockReturnValue(1990)
    go(100)
    expect(at).toHaveBeenCalledTimes(2)
    vi.mocked(performance.now).mockReturnValue(2000)
    go(100)
    expect(at).toHaveBeenCalledTimes(4)
  })

  it('are told in a config that says all its settings', () => {
    const settings = { reportingPeriod: '3s', errorUtilizationPenalty: 2 }
    const config = grpc.parseLoadBalancingConfig({ evenly_weighted_round_robin: settings })
    expect(config.toJsonObject()).toEqual({ evenly_weighted_round_robin: settings })
  })
})
