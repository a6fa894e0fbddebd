import type { Interval } from '../../services/echo/src/progress.ts'
import type { Changed } from './change-run.ts'
import { type Counts, summed, zeroes } from './counts.ts'
import { outcomeOf, type SpreadOutcome } from './outcome.ts'
import { type Places, placesOf } from './places.ts'
import type { Check, Outcome, ScenarioResult, Step } from './result.ts'
import type { Scenario } from './scenario.ts'
import type { Setup } from './setup.ts'
import { mergedOf } from './spread-run.ts'
import type { Rebalance } from './stopwatch/rebalance-types.ts'

/** What changes under load showed: the spread once they were over, and what `checks` says of the way there. */
export async function resultOfChanges(
  setup: Setup,
  changed: Changed,
  checks: readonly Check[],
  tookSeconds: number,
): Promise<ScenarioResult> {
  const { scenario } = setup
  const { rebalance, reports } = changed
  const places = await placesOf(setup, changed.client)
  const after = changed.intervals.filter(({ from }) => from >= changed.overAt)
  const counts = summed([zeroes(Object.keys(places.pods)), ...after.map((interval) => interval.counts)])
  const { errors, latencyMilliseconds } = mergedOf(setup, reports)
  const { requests, failed } = rebalance
  return {
    scenario: scenario.name,
    expected: expectedAfter(scenario, Object.keys(places.pods), rebalance),
    ...outcomeAfter(scenario, counts, places, after),
    ...{ requests, failed, errors, counts, latencyMilliseconds },
    pods: places.pods,
    clients: reports.length,
    checks,
    steps: [],
    truth: {
      ...{ client: counts, server: null, proxy: null, proxyConnections: null, agrees: true },
      explanation: 'Not compared: servers that came or went do not tell what they counted.',
    },
    rebalance,
    tookSeconds,
  }
}

function outcomeAfter(
  { judgeAs, steps }: Scenario,
  counts: Counts,
  places: Places,
  after: readonly Interval[],
): SpreadOutcome {
  if (judgeAs === 'weighted') return outcomeOf({ judgeAs, counts, weights: podWeights(steps[0] ?? {}, places) })
  const { zones, clientZone } = places
  if (judgeAs === 'zone') return outcomeOf({ judgeAs, counts, zones, clientZone })
  // Windows that begin and end between two calls of a turn are off by more than a strict round robin may be.
  const spread = outcomeOf({ judgeAs: 'random', counts })
  if (judgeAs !== 'keys' || spread.verdict === 'insufficient') return spread
  const moved = after.flatMap((interval) => Object.keys(interval.moved))
  const reason = `${moved.length} keys changed their pod once the change was over.`
  return { ...spread, verdict: moved.length === 0 ? 'sticky' : 'scattered', reason, pValue: null }
}

/** Each release's weight, shared by its pods. */
function podWeights(weights: Step['weights'], { pods }: Places): Record<string, number> {
  const releases = Object.values(pods).map(({ release }) => release)
  const weightOf = (release: string) => (weights[release] ?? 0) / releases.filter((each) => each === release).length
  return Object.fromEntries(Object.entries(pods).map(([pod, { release }]) => [pod, weightOf(release)]))
}

/** What the spread is in the end: who never finds pods that join stays on those that are left of the ones before, if any are. */
function expectedAfter({ expected, newPods }: Scenario, pods: readonly string[], { joined }: Rebalance): Outcome {
  const stayed = pods.filter((name) => !joined.some(({ pod }) => pod === name))
  // No pod is made slow while pods come and go.
  if (newPods === 'found' || stayed.length === pods.length || stayed.length === 0) {
    return expected === 'load-aware' ? 'even' : expected
  }
  return expected === 'pinned' || stayed.length === 1 ? 'pinned' : 'skewed'
}
