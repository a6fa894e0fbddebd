import type { AddressCounts, Latency, Report } from '../../services/echo/src/report.ts'
import { Clients } from './clients.ts'
import { type Counts, sum, summed, zeroes } from './counts.ts'
import { failureCheck } from './failure-check.ts'
import { outcomeOf, type SpreadOutcome } from './outcome.ts'
import { type Places, placesOf } from './places.ts'
import type { Check, Step } from './result.ts'
import type { Setup } from './setup.ts'

/** How clients call. */
export interface Load {
  /** Calls of each client; undefined: as the scenario says. */
  readonly requests: number | undefined
  /** Calls of each client at a time; undefined: one. */
  readonly concurrency: number | undefined
  /** Calls per second of each client; undefined: one after another. */
  readonly rps: number | undefined
  /** Client pods, each with connections of its own. */
  readonly clients: number
  /** What one of the servers takes for each call; 0: no longer than the others. */
  readonly slowPodMilliseconds: number
  /** More arguments of the echo program. */
  readonly args: readonly string[]
}

/** Several clients' tallies as one. */
export interface Merged {
  readonly requests: number
  readonly failed: number
  readonly errors: Counts
  readonly counts: Counts
  /** Null with several clients, whose percentiles cannot be added up. */
  readonly latencyMilliseconds: Latency | null
  /** Of the first client, where it was asked to count so. */
  readonly addresses?: AddressCounts
  readonly reports: readonly Report[]
}

/** What calls showed. */
export interface Measured extends Merged, SpreadOutcome {
  readonly places: Places
  readonly checks: readonly Check[]
  readonly steps: readonly Step[]
}

/** Has clients make the scenario's calls, as Jobs that end by themselves, and judges how they were spread. */
export async function measureSpread(setup: Setup, load: Load): Promise<Measured> {
  const { scenario, settings } = setup
  const requests = load.requests ?? scenario.requests
  const { clients: count, concurrency } = load
  // Calls one after another or in rounds never show who is busy.
  const rps = load.rps ?? (concurrency === undefined ? scenario.rps : 0)
  const client = {
    requests,
    ...(concurrency && { concurrency }),
    ...(rps && { rps }),
    peers: setup.judgedServers().length,
  }
  const slowPod = slowPodOf(setup, load)
  const args = [...slowPodArgs(slowPod), ...load.args]
  const clients = await Clients.start(setup, { clients: count, client, args })
  settings.progress(`counting ${count > 1 ? `${count} times ` : ''}${requests} calls`)
  const merged = mergedOf(setup, await clients.reports())
  const places = await placesOf(setup, clients.pods()[0])
  const { failingPercent } = scenario
  const checks = failingPercent > 0 ? [failureCheck(merged.requests, merged.failed, failingPercent)] : []
  return { ...merged, ...judged(setup, merged, places, slowPod?.name), places, checks, steps: [] }
}

/** The client asks one of the servers to take its time. */
function slowPodArgs(slowPod: SlowPod | undefined): string[] {
  return slowPod ? ['--delay-milliseconds', String(slowPod.milliseconds), '--slow-peer', slowPod.name] : []
}

interface SlowPod {
  readonly name: string
  readonly milliseconds: number
}

/** As the user says, or the scenario. */
function slowPodOf(setup: Setup, { slowPodMilliseconds }: Load): SlowPod | undefined {
  const [pod] = setup.judgedServers()
  const milliseconds = slowPodMilliseconds || setup.scenario.slowPodMilliseconds
  return pod === undefined || milliseconds === 0 ? undefined : { name: pod.name, milliseconds }
}

/** Clients' reports as one tally over all the pods there are; one that served nothing is a 0. */
export function mergedOf(setup: Setup, reports: readonly Report[]): Merged {
  const known = zeroes(setup.servers().map(({ name }) => name))
  const [only, ...others] = reports
  return {
    requests: sum(reports.map(({ requests }) => requests)),
    failed: sum(reports.map(({ failed }) => failed)),
    errors: summed(reports.map(({ errors }) => errors)),
    counts: summed([known, ...reports.map(({ counts }) => counts)]),
    latencyMilliseconds: others.length === 0 ? (only?.latencyMilliseconds ?? null) : null,
    ...(only?.addresses && { addresses: only.addresses }),
    reports,
  }
}

function judged(
  { scenario }: Setup,
  { counts, reports }: Merged,
  places: Places,
  slowPod: string | undefined,
): SpreadOutcome {
  const { zones, clientZone } = places
  const { judgeAs } = scenario
  const judging = { keys: keysOf(reports), clients: reports.length, zones, clientZone, slowPod }
  const outcome = outcomeOf({ judgeAs, counts, ...judging })
  if (reports.length === 1 || judgeAs === 'keys' || judgeAs === 'zone' || judgeAs === 'slow-pod') return outcome
  // Every client for itself may be pinned while all of them together look spread.
  const silent = zeroes(Object.keys(counts))
  const alone = reports.map((report) => outcomeOf({ judgeAs: 'random', counts: { ...silent, ...report.counts } }))
  if (!alone.every(({ verdict }) => verdict === 'pinned')) return outcome
  return { ...outcome, verdict: 'pinned', reason: `Each of ${reports.length} clients stayed on one pod.`, pValue: null }
}

/** Keys to who answered them, to any client: all clients' proxies are to send a key to the same pod. */
function keysOf(reports: readonly Report[]): Record<string, Counts> | undefined {
  const all = reports.flatMap(({ keys }) => (keys ? Object.entries(keys) : []))
  const served: Record<string, Counts> = {}
  for (const [key, counts] of all) served[key] = summed([served[key] ?? {}, counts])
  return all.length === 0 ? undefined : served
}
