import { judge } from '../lib/verdict.ts'
import { Clients } from './clients.ts'
import { type Counts, sum, summed, zeroes } from './counts.ts'
import { outcomeOf } from './outcome.ts'
import { placesOf } from './places.ts'
import type { Check, Step } from './result.ts'
import type { Setup } from './setup.ts'
import { type Load, type Measured, mergedOf } from './spread-run.ts'

/** Seconds that a change of weights is given to reach the client's proxy; calls are counted from then on. */
const settlingSeconds = 5
const callsPerSecond = 100
/** Calls may take so many times as long as they are due in, where machines are busy. */
const patience = 10

/** Changes weights between releases while clients call, and judges the calls under each. */
export async function measureSteps(setup: Setup, load: Load): Promise<Measured> {
  const { scenario, settings } = setup
  const { requests: ofEach = scenario.requests, rps = callsPerSecond } = load
  const requests = ofEach * load.clients
  const limit = 60 + (patience * ofEach) / rps
  const endless = { requests: 10_000_000, rps, peers: setup.judgedServers().length }
  const clients = await Clients.start(setup, { clients: load.clients, client: endless, args: load.args })
  const steps: Step[] = []
  for (const weights of scenario.steps) {
    settings.progress(`weights ${textOf(weights)}: counting ${requests} calls`)
    await setup.setWeights(weights)
    steps.push(await measureStep(setup, clients, { weights, calls: requests, limit }))
  }
  const places = await placesOf(setup, clients.pods()[0])
  const merged = mergedOf(setup, await clients.stop())
  const off = steps.find(({ verdict }) => verdict !== 'matches-weights')
  const { jain, maxOverMean } = outcomeOf({ judgeAs: 'random', counts: merged.counts })
  const verdict = off?.verdict ?? 'matches-weights'
  const allMatch = `The shares were as weighted under each of ${steps.map(({ weights }) => textOf(weights)).join('; ')}.`
  const reason = off ? `Under ${textOf(off.weights)}: ${off.reason}` : allMatch
  return {
    ...merged,
    verdict,
    reason,
    jain,
    maxOverMean,
    pValue: null,
    places,
    steps,
    checks: [restartCheck(clients, load)],
  }
}

function restartCheck(clients: Clients, load: Load): Check {
  const pods = clients.pods().length
  return {
    what: 'no client is restarted when weights change',
    found: `${pods} client pod${pods === 1 ? '' : 's'} made all of the calls.`,
    met: pods === load.clients,
  }
}

const textOf = (weights: Step['weights']): string =>
  Object.entries(weights)
    .map(([release, weight]) => `${release} ${weight}`)
    .join(', ')

interface Window {
  readonly weights: Step['weights']
  readonly calls: number
  /** Seconds that it may take. */
  readonly limit: number
}

async function measureStep(setup: Setup, clients: Clients, { weights, calls, limit }: Window): Promise<Step> {
  await setup.settings.cluster.pause(settlingSeconds * 1000)
  const since = Date.now()
  const before = clients.requests()
  const window = await clients.until(`${calls} calls under new weights`, limit, () => {
    // All intervals that began since are told of after `before`, so there is no need to look at each of them earlier.
    if (clients.requests() - before < calls) return undefined
    const after = clients.intervals().filter(({ from }) => from >= since)
    return sum(after.map(({ requests }) => requests)) >= calls && after
  })
  const requests = sum(window.map((interval) => interval.requests))
  const failed = sum(window.map((interval) => interval.failed))
  const counts = byRelease(setup, weights, summed(window.map((interval) => interval.counts)))
  const names = Object.keys(weights)
  const { verdict, reason } = judge(
    names.map((name) => counts[name] ?? 0),
    { policy: 'weighted', weights: Object.values(weights), names },
  )
  return { weights, counts, requests, failed, verdict, reason }
}

/** Calls by release, in the order of the weights. */
function byRelease(setup: Setup, weights: Step['weights'], counts: Counts): Counts {
  const releases = new Map(setup.servers().map(({ name, release }) => [name, release]))
  return summed([
    zeroes(Object.keys(weights)),
    ...Object.entries(counts).map(([pod, calls]) => ({ [releases.get(pod) ?? pod]: calls })),
  ])
}
