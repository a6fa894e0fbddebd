import type { Interval } from '../../services/echo/src/progress.ts'
import type { Report } from '../../services/echo/src/report.ts'
import { patienceOf } from './changes.ts'
import { Clients } from './clients.ts'
import { isServer, type Pod } from './pod.ts'
import type { Setup } from './setup.ts'
import type { Load } from './spread-run.ts'
import { rebalanceOf } from './stopwatch/rebalance.ts'
import type { Phase, PodLife, Rebalance } from './stopwatch/rebalance-types.ts'

/** A change of the servers under load. */
export interface Change {
  /** Such as `scaling 3 to 5`. */
  readonly name: string
  /** Begins it, and resolves when the cluster is as it should be. */
  readonly make: (setup: Setup) => Promise<unknown>
}

export interface Changed {
  readonly rebalance: Rebalance
  readonly reports: readonly Report[]
  readonly intervals: readonly Interval[]
  /** The first client's pod. */
  readonly client: Pod | undefined
  /** When the last change was over, in milliseconds since 1970. */
  readonly overAt: number
  readonly patienceSeconds: number
}

const defaultRps = 100
const steadySeconds = 5

/**
 * Makes changes, one after another, while clients call in an open loop; the calls tell what each of them cost.
 *
 * @param patienceSeconds that clients have after each change to find the pods that joined; it goes on sooner when they have
 */
export async function measureChanges(
  setup: Setup,
  load: Load,
  changes: readonly Change[],
  patienceSeconds = patienceOf(setup.scenario.values),
): Promise<Changed> {
  const { progress, cluster } = setup.settings
  const rps = load.rps ?? defaultRps
  const calling = { requests: 10_000_000, rps, peers: setup.judgedServers().length }
  const clients = await Clients.start(setup, { clients: load.clients, client: calling, args: load.args })
  const phases: Phase[] = [{ name: 'steady', startsAt: Date.now() }]
  const now = () => rebalanceOf({ intervals: clients.intervals(), pods: podLives(setup), phases })
  await clients.until('the first calls', 60, () => clients.requests() > 0)
  await cluster.pause(steadySeconds * 1000)
  for (const change of changes) {
    progress(change.name)
    phases.push({ name: change.name, startsAt: Date.now() })
    await change.make(setup)
    await untilFound(setup, change, patienceSeconds, now)
  }
  const overAt = Date.now()
  phases.push({ name: 'after', startsAt: overAt })
  await cluster.pause(steadySeconds * 1000)
  const { requests: ofEach = 0 } = load
  const wanted = ofEach * load.clients
  await clients.until(`${wanted} calls`, 60 + ofEach / rps, () => clients.requests() >= wanted)
  const reports = await clients.stop()
  const [client] = clients.pods()
  return { rebalance: now(), reports, intervals: clients.intervals(), client, overAt, patienceSeconds }
}

/** Waits until every pod that joined has had its share for a first time, or patience ends. */
async function untilFound(
  setup: Setup,
  { name }: Change,
  patienceSeconds: number,
  now: () => Rebalance,
): Promise<void> {
  const { progress, cluster } = setup.settings
  const end = Date.now() + patienceSeconds * 1000
  while (Date.now() < end) {
    const missing = now().joined.filter(({ fairShareSeconds }) => fairShareSeconds === null)
    if (missing.length === 0) return
    progress(`${name}: waiting up to ${patienceSeconds} s for calls to ${missing.map(({ pod }) => pod).join(', ')}`)
    await cluster.pause(1000)
  }
}

/** The servers, of all that there were. */
function podLives(setup: Setup): PodLife[] {
  const servers = setup.namespace.pods.all().filter(isServer)
  return servers.map(({ name, readyAt, leavingAt, goneAt }) => ({ name, readyAt, leavingAt, goneAt }))
}
