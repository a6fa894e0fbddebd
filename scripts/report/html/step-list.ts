import type { Step } from '../../cluster/result.ts'
import { type Markup, markup } from '../markup.ts'
import { isStepMet, perRelease } from '../sentences.ts'
import { shareChart } from './share-chart.ts'
import { verdictMark } from './verdict-mark.ts'

/** The windows of calls under each weights. */
export const stepList = (steps: readonly Step[]): Markup => markup`<h3>Weights, one after another</h3>
<ol class="steps">${steps.map(
  (step) => markup`
<li><p><b>${perRelease(step.weights)}</b> ${verdictMark(isStepMet(step), step.verdict)}
<span class="quiet">${step.requests} calls, ${step.failed} failed</span></p>
${stepChart(step)}
<p class="quiet">${step.reason}</p></li>`,
)}</ol>`

function stepChart(step: Step): Markup {
  const [weights, counts] = [new Map(Object.entries(step.weights)), new Map(Object.entries(step.counts))]
  const [allWeight, allCalls] = [sum(weights.values()), sum(counts.values())]
  const bars = [...new Set([...weights.keys(), ...counts.keys()])].map((release) => {
    const calls = counts.get(release) ?? 0
    const reference = allWeight === 0 ? undefined : (weights.get(release) ?? 0) / allWeight
    return { label: release, place: '', calls, share: allCalls === 0 ? 0 : calls / allCalls, reference }
  })
  return shareChart(bars, { of: 'release', tick: 'weight' })
}

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, number) => total + number, 0)
