import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Change, measureChanges } from '../../../scripts/cluster/change-run.ts'
import { ClientLog } from '../../../scripts/cluster/client-log.ts'
import type { Load } from '../../../scripts/cluster/spread-run.ts'
import { interval } from '../stopwatch/intervals.ts'
import { podNamed, StandInSetup } from './stand-in-setup.ts'

const start = 1_700_000_000_000
beforeEach(() => {
  vi.useFakeTimers({ now: start, toFake: ['Date'] })
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const usual = {
  requests: undefined,
  concurrency: undefined,
  rps: undefined,
  clients: 1,
  slowPodMilliseconds: 0,
  args: [],
}
const report = { type: 'report', requests: 3, failed: 0, counts: {} }

/** A client that calls a and b, and a change by which c joins them. */
function joining(patienceSeconds?: number, values = {}) {
  const standIn = new StandInSetup({ values }, [
    podNamed('a'),
    podNamed('b'),
    podNamed('gateway', { component: 'gateway' }),
  ])
  const clients: string[] = []
  standIn.installClients.mockImplementation(async ({ replicaCount }: { replicaCount?: number }) => {
    clients.push(...['client', 'other'].slice(0, replicaCount))
    standIn.pods.push(...clients.map((name) => podNamed(name, { component: 'client' })))
    return 'echo'
  })
  standIn.kubectl.mockImplementation(async () => {
    for (const name of clients) await standIn.end(name, report)
    return ''
  })
  const make = async () => void standIn.pods.push(podNamed('c', { readyAt: Date.now() }))
  const change: Change = { name: 'one more', make }
  const log = (counts: Record<string, number>) => standIn.log('client', interval(Date.now() - 1000, Date.now(), counts))
  const measured = async (more: Partial<Load> = {}) => {
    const changed = measureChanges(standIn.setup, { ...usual, ...more }, [change], patienceSeconds)
    await standIn.following(more.clients ?? 1)
    await log({ a: 50, b: 50 })
    return changed
  }
  return { standIn, measured, log }
}

describe('measureChanges', () => {
  it('waits until each pod that joined has had its share, and no longer', async () => {
    const { standIn, measured, log } = joining(20)
    const made = vi.spyOn(ClientLog.prototype, 'intervals')
    const pauses: number[] = []
    let found = 0
    standIn.paused = (milliseconds) => {
      const waits = pauses.push(milliseconds)
      if (waits === 4) found = Date.now()
      return log(waits < 4 ? { a: 50, b: 50 } : { a: 34, b: 33, c: 33 })
    }
    const { rebalance, reports, client, overAt } = await measured()
    expect(pauses).toEqual([5000, 1000, 1000, 1000, 5000])
    expect(rebalance.joined).toEqual([{ pod: 'c', firstCallSeconds: 2, fairShareSeconds: 3 }])
    expect(rebalance.errors.map(({ phase }) => phase)).toEqual(['steady', 'one more', 'after'])
    expect(rebalance.requests).toBe(600)
    // At each of four looks, and twice for the result.
    expect(made).toHaveBeenCalledTimes(6)
    expect([reports, client?.name, overAt]).toMatchObject([[{ requests: 3 }], 'client', found])
    expect(standIn.progress.mock.calls.flat()).toEqual([
      'waiting for the client to start',
      'one more',
      ...Array(3).fill('one more: waiting up to 20 s for calls to c'),
    ])
  })

  it('waits for pods that get no calls until its patience ends', async () => {
    const { standIn, measured } = joining(3)
    const pauses: number[] = []
    standIn.paused = (milliseconds) => pauses.push(milliseconds)
    const { rebalance } = await measured()
    expect(pauses).toEqual([5000, 1000, 1000, 1000, 5000])
    expect(rebalance.joined).toEqual([{ pod: 'c', firstCallSeconds: null, fairShareSeconds: null }])
  })

  it('has the patience that the values need, when no other is asked for', async () => {
    const { standIn, measured } = joining(undefined, { server: { maxConnectionAgeSeconds: 1 } })
    const pauses: number[] = []
    standIn.paused = (milliseconds) => pauses.push(milliseconds)
    const { patienceSeconds } = await measured()
    expect(patienceSeconds).toBe(27)
    expect(pauses.filter((milliseconds) => milliseconds === 1000)).toHaveLength(27)
  })

  it('ends its clients no sooner than they have made the calls that were asked of each', async () => {
    const { standIn, measured, log } = joining(0)
    let ended = 0
    standIn.paused = async () => {
      if (++ended < 2) return
      // After the last pause, when it waits for calls.
      setTimeout(async () => {
        await log({ a: 50, b: 49 })
        expect(standIn.kubectl).not.toHaveBeenCalled()
        await log({ a: 1 })
      }, 20)
    }
    const { rebalance } = await measured({ requests: 100, clients: 2 })
    expect(rebalance.requests).toBe(200)
    expect(standIn.installClients.mock.calls[0]?.[0]).toEqual({
      requests: 10_000_000,
      rps: 100,
      peers: 2,
      replicaCount: 2,
    })
  })
})
