import { duration } from '../duration.ts'
import { type Markup, markup } from '../markup.ts'
import { oneLine } from '../visible.ts'
import type { Curves } from './curves.ts'
import { ofWidth } from './of-width.ts'

// Pixels. Across, all is a percentage, so that the chart fits any page while its letters keep their size.
const plotHeight = 170
const rowHeight = 18
const axisHeight = 24

/** Marks with their text in the chart; further ones are lines alone. */
const mostTexts = 8
const longestText = 24

/** What happened, at which second. */
export interface Mark {
  readonly second: number
  readonly text: string
}

/**
 * Calls per second per pod over time.
 *
 * @param id unique on the page
 */
export function rebalanceChart(curves: Curves, marks: readonly Mark[], description: string, id: string): Markup {
  const { intervals, lines, failed } = curves
  const highest = [...lines.map(({ rates }) => rates), failed].flat().reduce((most, rate) => Math.max(most, rate), 0)
  const above = Math.min(marks.length, mostTexts) * rowHeight + 6
  const scale: Scale = { end: intervals.at(-1)?.to ?? 1, top: roundUp(highest, [1, 2, 3, 4, 6, 8]), above }
  const pods = lines.map(({ rates, part }, index) => {
    return markup`<polyline class="line line-${index} ${part}" points="${pointsOf(rates, curves, scale)}"/>`
  })
  const height = above + plotHeight + axisHeight
  return markup`<svg class="curves" role="img" aria-labelledby="${id}-title ${id}-text" height="${height}">
<title id="${id}-title">Calls per second per pod, over ${duration(scale.end)}</title>
<desc id="${id}-text">${description}</desc>
${grid(scale)}
${marks.map((mark, index) => markLine(mark, index, scale))}
<svg y="${above}" width="100%" height="${plotHeight}" viewBox="0 0 1000 ${plotHeight}" preserveAspectRatio="none">
${failedBars(curves, scale)}
${pods}
</svg></svg>`
}

interface Scale {
  /** Seconds across. */
  readonly end: number
  /** Calls per second up. */
  readonly top: number
  /** Pixels above the plot, for the texts of marks. */
  readonly above: number
}

/** From the start of the first interval to the end of the last, through the middle of each. */
function pointsOf(rates: readonly number[], { intervals }: Curves, { end, top }: Scale): string {
  const middles = intervals.map(({ from, to }) => (from + to) / 2)
  const seconds = [intervals.at(0)?.from ?? 0, ...middles, end]
  const values = [rates.at(0), ...rates, rates.at(-1)]
  return seconds
    .map((second, index) => `${round((second / end) * 1000)},${round(plotHeight * (1 - (values[index] ?? 0) / top))}`)
    .join(' ')
}

function failedBars({ intervals, failed }: Curves, { end, top }: Scale): (Markup | false)[] {
  return intervals.map(({ from, to }, index) => {
    const rate = failed[index] ?? 0
    const height = round((rate / top) * plotHeight)
    const [x, width] = [round((from / end) * 1000), round(((to - from) / end) * 1000)]
    return (
      rate > 0 && markup`<rect class="failed" x="${x}" y="${plotHeight - height}" width="${width}" height="${height}"/>`
    )
  })
}

function grid({ end, top, above }: Scale): Markup[] {
  const step = roundUp(end / 6, [1, 2, 5])
  const seconds = Array.from({ length: Math.floor(end / step) + 1 }, (_, index) => round(index * step))
  const bottom = above + plotHeight
  return [
    ...[0, top / 2, top].map((rate) => {
      const y = round(bottom - (rate / top) * plotHeight)
      return markup`<line class="grid" x2="100%" y1="${y}" y2="${y}"/>
<text class="axis up" x="-6" y="${y + 4}">${round(rate)}</text>`
    }),
    ...seconds.map(
      (second) => markup`<text class="axis along" x="${ofWidth(second / end)}" y="${bottom + 18}">${second} s</text>`,
    ),
  ]
}

/** Each has a row for its text, beside the line and towards the middle. */
function markLine({ second, text }: Mark, index: number, { end, above }: Scale): Markup {
  const x = ofWidth(second / end)
  const isLate = second > end / 2
  const hasText = index < mostTexts
  const y = hasText ? (index + 1) * rowHeight - 5 : above
  const [side, distance] = isLate ? ['mark before', -5] : ['mark', 5]
  return markup`<line class="mark" x1="${x}" x2="${x}" y1="${y - 11}" y2="${above + plotHeight}"/>
${hasText && markup`<text class="${side}" x="${x}" dx="${distance}" y="${y}">${shortened(text)}</text>`}`
}

function shortened(text: string): string {
  const shown = oneLine(text)
  return shown.length > longestText ? `${shown.slice(0, longestText - 1)}…` : shown
}

const round = (number: number): number => Number(number.toFixed(2))

/** The next number that is one of these digits and zeros. */
function roundUp(number: number, digits: readonly number[]): number {
  if (number <= 0) return 1
  const power = 10 ** Math.floor(Math.log10(number))
  return (digits.find((digit) => digit * power >= number) ?? 10) * power
}
