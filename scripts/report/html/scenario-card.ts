import { hasRun, isAsExpected, type NotRun, type Row, type ScenarioResult } from '../../cluster/result.ts'
import { percent } from '../../lib/bars.ts'
import { milliseconds } from '../duration.ts'
import { type Markup, markup } from '../markup.ts'
import { digest, type PodShare, podNames, podShares } from '../pod-shares.ts'
import { type Reference, referenceShare } from '../reference-share.ts'
import { errorsText, tookText } from '../sentences.ts'
import { crossCheck } from './cross-check.ts'
import { rebalanceSection } from './rebalance-section.ts'
import { type ShareBar, type ShareLine, shareChart } from './share-chart.ts'
import { stepList } from './step-list.ts'
import { notRunVerdict, verdictMark } from './verdict-mark.ts'

/**
 * Everything there is to a row.
 *
 * @param id unique on the page
 */
export function scenarioCard(row: Row, id: string): Markup {
  return markup`<article class="card" id="${id}" aria-labelledby="${id}-name">
${hasRun(row) ? resultOf(row, id) : notRun(row, id)}
</article>
`
}

function notRun({ scenario, expected, reason, failed }: NotRun, id: string): Markup {
  return markup`<header><h2 id="${id}-name">${scenario}</h2> ${notRunVerdict(failed)}
<span class="quiet">expected ${expected}</span></header>
<p>${reason}</p>`
}

function resultOf(result: ScenarioResult, id: string): Markup {
  const { scenario, expected, verdict, reason, steps, truth, rebalance, checks } = result
  const name = podNames(result)
  const reference = referenceShare(result)
  const what = { of: 'pod', during: steps.length > 0 ? 'under all weights together' : undefined, tick: reference?.text }
  return markup`<header><h2 id="${id}-name">${scenario}</h2> ${verdictMark(isAsExpected(result), verdict)}
<span class="quiet">expected ${expected}</span></header>
<p>${reason}</p>
<ul class="facts" aria-label="Numbers">${facts(result).map((fact) => markup`<li>${fact}</li>`)}</ul>
${checkList(checks)}
${shareChart(shareLines(result, name, reference), what)}
${steps.length > 0 && stepList(steps)}
${rebalance !== null && rebalanceSection(rebalance, name, id)}
${crossCheck(truth)}`
}

function facts(result: ScenarioResult): string[] {
  const { requests, clients, failed, jain, maxOverMean, tookSeconds, latencyMilliseconds: latency } = result
  const statuses = errorsText(result.errors)
  return [
    `${requests} calls of ${clients === 1 ? 'one client' : `${clients} clients`}`,
    statuses === '' ? `${failed} failed` : `${failed} failed (${statuses})`,
    latency && `p50 ${milliseconds(latency.p50)}, p99 ${milliseconds(latency.p99)}`,
    `Jain ${jain.toFixed(3)}`,
    `busiest pod ${maxOverMean.toFixed(2)} × the mean`,
    tookSeconds > 0 && `took ${tookText(tookSeconds)}`,
  ].filter((fact) => typeof fact === 'string')
}

function checkList(checks: ScenarioResult['checks']): Markup | false {
  const items = checks.map(({ what, found, met }) => markup`<li>${verdictMark(met, what)}: ${found}</li>`)
  return checks.length > 0 && markup`<ul class="plain" aria-label="Checks">${items}</ul>`
}

function shareLines(result: ScenarioResult, name: (pod: string) => string, reference?: Reference): ShareLine[] {
  const bar = ({ pod, calls, share }: PodShare): ShareBar => {
    const label = name(pod)
    return { label, place: placeOf(result, pod, label), calls, share, reference: reference?.share }
  }
  const { first, between, last } = digest(podShares(result.counts), 24)
  if (between === undefined) return first.map(bar)
  const { pods, least, most } = between
  return [...first.map(bar), `… ${pods} more pods with ${percent(least)} to ${percent(most)} each`, ...last.map(bar)]
}

/** The release where there are several and the name does not tell, and the zone where it has a name. */
function placeOf({ pods }: ScenarioResult, pod: string, label: string): string {
  const release = pods[pod]?.release ?? ''
  const releases = new Set(Object.values(pods).map((place) => place.release))
  const isTold = releases.size < 2 || label.startsWith(release)
  return [isTold ? '' : release, pods[pod]?.zone].filter(Boolean).join(', ')
}
