/** @import { Seconds } from './seconds.js' */
import { element, setAttribute, setText } from './dom.js'
import { rate } from './format.js'
import { colourOf, colours, inOrder } from './peers.js'

const height = 130
const dark = matchMedia('(prefers-color-scheme: dark)')

/** Calls per second as layers, one per peer: one colour alone is a pinned client, layers of equal height an even one. */
export class RateChart {
  /** @type {uPlot | undefined} */
  #plot
  #drawn = ''
  #caption = element('figcaption')
  #place = element('div', { role: 'img' })
  /** @type {HTMLElement} */
  element

  constructor() {
    this.element = element('figure', { class: 'rate' }, this.#caption, this.#place)
    new ResizeObserver(() => this.#plot?.setSize({ width: this.#place.clientWidth, height })).observe(this.#place)
    dark.addEventListener('change', () => {
      this.#drawn = ''
    })
  }

  /** @param {Seconds} seconds */
  update(seconds) {
    // Outside the document there are neither colours nor a width.
    if (!this.#place.isConnected) return
    const layers = layersOf(seconds)
    const keys = layers.map(({ key }) => key).join(' ')
    const shown = `${keys} at ${seconds.newest}`
    // Nothing new to draw until another second is over.
    if (shown === this.#drawn) return
    const failed = seconds.failed()
    const anyFailed = failed.some((calls) => calls > 0)
    setText(
      this.#caption,
      `Calls per second over the last 2 minutes, in the colours of the bars${anyFailed ? '; dashed: failed' : ''}`,
    )
    const data = /** @type {uPlot.AlignedData} */ ([
      seconds.times(),
      ...stacked(layers.map(({ calls }) => calls)),
      anyFailed ? failed : failed.map(() => null),
    ])
    if (this.#plot && this.#drawn.startsWith(`${keys} at `)) this.#plot.setData(data)
    else this.#draw(layers, data)
    this.#drawn = shown
    setAttribute(this.#place, 'aria-label', describe(layers, failed.at(-1) ?? 0))
  }

  /** @param {Layer[]} layers @param {uPlot.AlignedData} data */
  #draw(layers, data) {
    this.#plot?.destroy()
    const colour = (/** @type {string} */ name) => resolved(this.#place, name)
    const axis = {
      stroke: colour('--quiet'),
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { show: false },
      font: '12px system-ui',
    }
    const series = layers.map(({ key }) => ({
      fill: colour(`--${key}`),
      stroke: colour('--card'),
      width: 1,
      points: { show: false },
    }))
    this.#plot = new uPlot(
      {
        width: this.#place.clientWidth || 300,
        height,
        legend: { show: false },
        cursor: { show: false },
        padding: [8, 20, 0, 0],
        scales: { x: { time: false }, y: { range: (_plot, _least, most) => [0, Math.max(1, most * 1.1)] } },
        axes: [
          {
            ...axis,
            size: 24,
            splits: (plot) => timeSplits(plot),
            values: (plot, at) => at.map((second) => timeLabel(plot, second)),
          },
          {
            ...axis,
            size: 48,
            space: 30,
            incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000, 100000],
          },
        ],
        series: [{}, ...series, { stroke: colour('--uneven'), width: 2, dash: [4, 3], points: { show: false } }],
      },
      data,
      this.#place,
    )
  }
}

/**
 * A colour of the style sheet as a canvas understands it: for the scheme that is in use.
 * @param {HTMLElement} place
 * @param {string} name
 */
function resolved(place, name) {
  place.style.color = `var(${name})`
  return getComputedStyle(place).color
}

/** @typedef {{ key: string, label: string, calls: number[] }} Layer */

/** The peers that have a colour, each for itself, and the rest as one; the first is drawn last, at the top of the stack. */
/** @param {Seconds} seconds @returns {Layer[]} */
function layersOf(seconds) {
  const peers = inOrder(seconds.peers())
  const own = peers.filter((peer) => colourOf(peer) !== undefined)
  const rest = peers.filter((peer) => colourOf(peer) === undefined)
  const layers = own.map((peer) => ({ key: `peer-${colourOf(peer)}`, label: peer, calls: seconds.callsOf(peer) }))
  if (rest.length === 0) return layers
  const calls = sums(rest.map((peer) => seconds.callsOf(peer)))
  return [...layers, { key: 'peer-rest', label: `${rest.length} others`, calls }]
}

/** Each layer on top of those that follow it, so that the first, the tallest, is drawn first and covered by the others. */
/** @param {number[][]} layers */
const stacked = (layers) => layers.map((_, index) => sums(layers.slice(index)))

/** @param {number[][]} rows */
const sums = (rows) => (rows[0] ?? []).map((_, column) => rows.reduce((sum, row) => sum + (row[column] ?? 0), 0))

/** @param {Layer[]} layers @param {number} failed */
function describe(layers, failed) {
  const now = layers.slice(0, colours + 1).map(({ label, calls }) => `${label} ${rate(calls.at(-1) ?? 0)}`)
  return `Calls per second, now: ${now.join(', ') || 'none'}; failed ${rate(failed)}`
}

/** @param {uPlot} plot */
function timeSplits(plot) {
  const newest = plot.data[0].at(-1) ?? 0
  return [newest - 119, newest - 60, newest]
}

/** @param {uPlot} plot @param {number} second */
function timeLabel(plot, second) {
  const ago = (plot.data[0].at(-1) ?? 0) - second
  if (ago === 0) return 'now'
  return ago >= 119 ? '2 min ago' : '1 min ago'
}
