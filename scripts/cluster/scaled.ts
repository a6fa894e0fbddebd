import { leastToStay } from '../lib/stickiness.ts'
import { type Changed, measureChanges } from './change-run.ts'
import { boundOf, scaling } from './changes.ts'
import type { Check } from './result.ts'
import type { Scenario } from './scenario.ts'
import type { Setup } from './setup.ts'

/** Servers, count after count, and what it took. */
export interface Scaled extends Changed {
  readonly counts: readonly number[]
}

/** Scales a scenario's servers to what it says, under load. */
export async function measureScaled(setup: Setup): Promise<Scaled> {
  const { scenario } = setup
  const counts = [setup.judgedServers().length, scenario.scaleTo]
  const load = {
    requests: undefined,
    concurrency: undefined,
    rps: undefined,
    clients: 1,
    slowPodMilliseconds: 0,
    args: [],
  }
  return { ...(await measureChanges(setup, load, scaling(counts))), counts }
}

/**
 * Whether the pods that joined were found, or not, as the scenario says; and whether keys kept to their pods.
 *
 * @param scenario with its values as they are installed
 */
export function scaledChecks(scenario: Scenario, scaled: Scaled): Check[] {
  const { counts, reports } = scaled
  const { failed, requests } = scaled.rebalance
  const [before = 0, after = 0, ...more] = counts
  const keys = reports.flatMap((report) => (report.keys && more.length === 0 && after > before ? [report.keys] : []))
  return [
    joinedCheck(scenario, scaled),
    { what: 'scaling fails no call', found: `${failed} of ${requests} calls failed.`, met: failed === 0 },
    ...keys.map((served) => keysCheck(served, { before, after })),
  ]
}

function joinedCheck({ newPods, values }: Scenario, { counts, patienceSeconds, rebalance: { joined } }: Scaled): Check {
  const wanted = counts.reduce((sum, count, index) => sum + Math.max(0, count - (counts[index - 1] ?? count)), 0)
  const waits = joined.flatMap(({ firstCallSeconds }) => (firstCallSeconds === null ? [] : [firstCallSeconds]))
  const slowest = Math.max(0, ...waits)
  const bound = boundOf(values)
  const when = waits.length === 0 ? ` within ${patienceSeconds} s` : `, the last after ${slowest.toFixed(1)} s`
  const never = newPods === 'never'
  const asWanted = never ? waits.length === 0 : waits.length === joined.length && slowest <= bound
  return {
    what: never ? 'pods that join are never found' : `pods that join are found within ${bound} s`,
    found: `${waits.length} of ${joined.length} pods that joined got calls${when}.`,
    met: joined.length === wanted && asWanted,
  }
}

function keysCheck(served: Readonly<Record<string, object>>, change: { before: number; after: number }): Check {
  const all = Object.values(served)
  const stayed = all.filter((peers) => Object.keys(peers).length === 1).length
  const least = leastToStay(all.length, change)
  return {
    what: `of ${all.length} keys at least ${least} stay, as Envoy's ring promises from ${change.before} pods to ${change.after}`,
    found: `${stayed} keys were answered by one pod before and after.`,
    met: stayed >= least,
  }
}
