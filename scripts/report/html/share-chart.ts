import { percent } from '../../lib/bars.ts'
import { type Markup, markup } from '../markup.ts'
import { ofWidth } from './of-width.ts'

/** A bar and the numbers beside it. */
export interface ShareBar {
  readonly label: string
  /** What else tells it from the others, such as its zone; may be empty. */
  readonly place: string
  readonly calls: number
  /** 0 to 1. */
  readonly share: number
  /** The share to hold it against, 0 to 1; undefined where there is none. */
  readonly reference: number | undefined
}

/** A bar, or the line that stands for those left out. */
export type ShareLine = ShareBar | string

/** What the bars of a chart are of. */
export interface ChartText {
  /** A pod or a release. */
  readonly of: string
  /** Which calls are meant, where that needs saying. */
  readonly during?: string | undefined
  /** What the ticks are; undefined where there are none. */
  readonly tick: string | undefined
}

/**
 * Horizontal bars with a tick at the share to hold each against, as a table: who cannot see the bars reads the numbers.
 */
export function shareChart(lines: readonly ShareLine[], { of, during, tick }: ChartText): Markup {
  const full = fullWidth(lines.filter((line) => typeof line !== 'string'))
  const calls = during === undefined ? of : `${of}, ${during}`
  return markup`<table class="chart">
<caption>Share of the calls per ${calls}; a full bar is ${full * 100} % ${tick && tickKey(tick)}</caption>
<thead><tr><th scope="col">${of}</th><th scope="col"><span class="unseen">bar</span></th>
<th scope="col" class="number">calls</th><th scope="col" class="number">share</th></tr></thead>
<tbody>${lines.map((line) => (typeof line === 'string' ? leftOut(line) : chartRow(line, full)))}</tbody>
</table>`
}

const tickKey = (text: string): Markup =>
  markup`<span class="legend"><svg class="tick" aria-hidden="true">
<line class="reference" x1="50%" x2="50%" y2="100%"/></svg> ${text}</span>`

/** The first round share that leaves a fifth of the width free, so that a bar past its tick shows as such. */
function fullWidth(bars: readonly ShareBar[]): number {
  const largest = bars.reduce((most, { share, reference }) => Math.max(most, share, reference ?? 0), 0)
  return [0.01, 0.02, 0.05, 0.1, 0.2, 0.5].find((width) => largest <= width * 0.8) ?? 1
}

const leftOut = (text: string): Markup => markup`
<tr><td colspan="4" class="quiet">${text}</td></tr>`

function chartRow({ label, place, calls, share, reference }: ShareBar, full: number): Markup {
  const tick = reference !== undefined && ofWidth(reference / full)
  const description = reference !== undefined && markup`<desc>The tick is at ${percent(reference)}.</desc>`
  return markup`
<tr><th scope="row">${label}${place !== '' && markup` <small>${place}</small>`}</th>
<td class="bars"><svg class="bar" role="img"><title>${label}: ${percent(share)} of the calls</title>${description}
<rect class="track" rx="3" width="100%" height="100%"/>
<rect class="share" rx="3" width="${ofWidth(share / full)}" height="100%"/>
${tick && markup`<line class="reference" x1="${tick}" x2="${tick}" y1="0" y2="100%"/>`}</svg></td>
<td class="number">${calls}</td><td class="number">${percent(share)}</td></tr>`
}
