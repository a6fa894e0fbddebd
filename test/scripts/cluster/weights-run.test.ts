import { setImmediate as soon } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ClientLog } from '../../../scripts/cluster/client-log.ts'
import { measureSteps } from '../../../scripts/cluster/weights-run.ts'
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

const load = { requests: 500, concurrency: undefined, rps: 50, clients: 2, slowPodMilliseconds: 0, args: [] }
const steps = [
  { echo: 80, canary: 20 },
  { echo: 0, canary: 100 },
]

/** Two clients that tell in turn what `counts` says of the step they are in: a pause of 5 s ends each one's settling. */
async function measured(counts: (step: number) => Record<string, number>, more: readonly string[] = []) {
  const standIn = new StandInSetup({ judgeAs: 'weighted', expected: 'matches-weights', steps }, [
    podNamed('a'),
    podNamed('b', { release: 'canary' }),
  ])
  const clients = ['one', 'two', ...more]
  standIn.installClients.mockImplementation(async () => {
    standIn.pods.push(...clients.map((name) => podNamed(name, { component: 'client' })))
    return 'echo'
  })
  const end = { type: 'report', requests: 9, failed: 0, errors: {}, counts: {} }
  standIn.kubectl.mockImplementation(async () => {
    for (const name of clients) await standIn.end(name, end)
    return ''
  })
  const log = (client: string, begins: number, each: Record<string, number>) =>
    standIn.log(client, interval(begins, Date.now(), each, { failed: 1 }))
  let step = 0
  standIn.paused = async () => {
    step++
    const since = Date.now()
    // What began before weights had settled is of no weights in particular.
    await log('one', since - 1000, { a: 300, b: 300 })
    setTimeout(async () => {
      vi.setSystemTime(since + 500)
      for (const client of ['one', 'two']) await log(client, since - 1, { a: 100 })
      vi.setSystemTime(since + 1500)
      for (const client of ['one', 'two']) await log(client, since, counts(step))
    }, 20)
  }
  return { standIn, result: await measureSteps(standIn.setup, load) }
}

describe('measureSteps', () => {
  it('has intervals made no sooner than there can be enough of them', async () => {
    const made = vi.spyOn(ClientLog.prototype, 'intervals')
    await measured(() => ({ a: 250, b: 250 }))
    expect(made).toHaveBeenCalledTimes(steps.length * load.clients)
  })

  it('counts under each weights what began after they had settled', async () => {
    const { standIn, result } = await measured((step) => (step === 1 ? { a: 400, b: 100 } : { b: 500 }))
    expect(standIn.setWeights.mock.calls).toEqual(steps.map((weights) => [weights]))
    const settled = { requests: 1000, failed: 2, verdict: 'matches-weights' }
    expect(result.steps).toMatchObject([
      { ...settled, weights: steps[0], counts: { echo: 800, canary: 200 } },
      { ...settled, weights: steps[1], counts: { echo: 0, canary: 1000 } },
    ])
    expect(result).toMatchObject({
      verdict: 'matches-weights',
      reason: 'The shares were as weighted under each of echo 80, canary 20; echo 0, canary 100.',
      requests: 18,
      counts: { a: 0, b: 0 },
      checks: [{ found: '2 client pods made all of the calls.', met: true }],
    })
  })

  it('is what the first weights show that were not kept to', async () => {
    const { result } = await measured(() => ({ a: 400, b: 100 }))
    expect(result.verdict).toBe('skewed')
    expect(result.reason).toMatch(/^Under echo 0, canary 100: /)
  })

  it('waits for as long as the calls are due in, ten times over and a minute more', async () => {
    vi.useFakeTimers({ now: start, toFake: ['Date', 'setTimeout', 'clearTimeout'] })
    const waited = measured(() => ({})).catch(({ message }) => message)
    // In between, what is no timer goes on.
    for (let second = 0; second < 170; second++) {
      await vi.advanceTimersByTimeAsync(1000)
      await soon()
    }
    expect(await waited).toBe('waited for 1000 calls under new weights: not within 160 s')
  })

  it('tells of clients that were restarted', async () => {
    const { result } = await measured((step) => (step === 1 ? { a: 400, b: 100 } : { b: 500 }), ['one-again'])
    expect(result.checks).toEqual([
      {
        what: 'no client is restarted when weights change',
        found: '3 client pods made all of the calls.',
        met: false,
      },
    ])
  })
})
