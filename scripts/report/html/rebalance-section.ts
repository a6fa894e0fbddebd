import type { Rebalance } from '../../cluster/stopwatch/rebalance-types.ts'
import { type Markup, markup } from '../markup.ts'
import { joinedText, leftText } from '../sentences.ts'
import { type Curves, curvesOf } from './curves.ts'
import { type Mark, rebalanceChart } from './rebalance-chart.ts'
import { chartInNumbers, rebalanceTables } from './rebalance-tables.ts'

type Name = (pod: string) => string

/** Of many changes, so many are told to who cannot see the chart; the tables have all. */
const told = 12

/**
 * How the calls followed the pods that came and went.
 *
 * @param id unique on the page
 */
export function rebalanceSection(rebalance: Rebalance, name: Name, id: string): Markup {
  const { requests, failed } = rebalance
  const curves = curvesOf(rebalance)
  const marks = shortMarks(rebalance, name)
  return markup`<h3>Pods that came and went</h3>
${curves && figure(curves, marks, descriptionOf(rebalance, marks, name), name, id)}
${rebalanceTables(rebalance, name)}
<p class="quiet">${failed} of ${requests} calls failed under load.</p>
${curves && chartInNumbers(curves, marks, name)}`
}

/** A mark may speak of a pod, and has less room for its name than any other place. */
function shortMarks({ series, joined, left }: Rebalance, name: Name): Mark[] {
  const pods = new Set([...Object.keys(series.calls), ...[...joined, ...left].map(({ pod }) => pod)])
  const named = [...pods].filter((pod) => pod !== '')
  return series.marks.map(({ second, text }) => {
    return { second, text: named.reduce((short, pod) => short.replaceAll(pod, () => name(pod)), text) }
  })
}

function descriptionOf(rebalance: Rebalance, marks: readonly Mark[], name: Name): string {
  const { joined, left } = rebalance
  return [
    ...marks.slice(0, told).map(({ second, text }) => `${second} s: ${text}.`),
    ...joined.slice(0, told).map((pod) => `${name(pod.pod)} joined: ${joinedText(pod, rebalance)}.`),
    ...left.slice(0, told).map((pod) => `${name(pod.pod)} left: ${leftText(pod)}.`),
  ].join(' ')
}

function figure(curves: Curves, marks: readonly Mark[], description: string, name: Name, id: string): Markup {
  const { lines, leftOut, failed } = curves
  const keys = lines.map(({ pod, part }, index) => {
    const line = markup`<line class="line line-${index} ${part}" x2="100%" y1="50%" y2="50%"/>`
    return key(line, part === 'stayed' ? name(pod) : `${name(pod)} (${part})`)
  })
  return markup`<figure>
<figcaption>Calls per second</figcaption>
${rebalanceChart(curves, marks, description, `${id}-curves`)}
<ul class="legend">${keys}
${failed.some((rate) => rate > 0) && key(markup`<rect class="failed" width="100%" height="100%"/>`, 'failed calls')}
${leftOut > 0 && markup`<li class="quiet">${leftOut} more pods are not drawn</li>`}</ul>
</figure>`
}

const key = (sample: Markup, text: string): Markup =>
  markup`<li><svg class="key" aria-hidden="true">${sample}</svg> ${text}</li>`
