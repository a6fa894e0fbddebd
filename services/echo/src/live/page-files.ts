import { readFileSync } from 'node:fs'

/** A file of the live page, as the browser gets it: nothing is built, so that what runs is what was written. */
export interface PageFile {
  readonly name: string
  readonly type: string
  readonly text: string
}

const html = 'text/html; charset=utf-8'
const css = 'text/css; charset=utf-8'
const javascript = 'text/javascript; charset=utf-8'
const svg = 'image/svg+xml'

/** Read one by one by a path that is written out: the bundle finds them so, and takes them in. */
export const pageFiles: readonly PageFile[] = [
  { name: 'index.html', type: html, text: readFileSync(new URL('../page/index.html', import.meta.url), 'utf8') },
  { name: 'page.css', type: css, text: readFileSync(new URL('../page/page.css', import.meta.url), 'utf8') },
  { name: 'card.css', type: css, text: readFileSync(new URL('../page/card.css', import.meta.url), 'utf8') },
  { name: 'bars.css', type: css, text: readFileSync(new URL('../page/bars.css', import.meta.url), 'utf8') },
  { name: 'controls.css', type: css, text: readFileSync(new URL('../page/controls.css', import.meta.url), 'utf8') },
  { name: 'icon.svg', type: svg, text: readFileSync(new URL('../page/icon.svg', import.meta.url), 'utf8') },
  {
    name: 'action-group.js',
    type: javascript,
    text: readFileSync(new URL('../page/action-group.js', import.meta.url), 'utf8'),
  },
  {
    name: 'call-actions.js',
    type: javascript,
    text: readFileSync(new URL('../page/call-actions.js', import.meta.url), 'utf8'),
  },
  { name: 'card.js', type: javascript, text: readFileSync(new URL('../page/card.js', import.meta.url), 'utf8') },
  {
    name: 'connections.js',
    type: javascript,
    text: readFileSync(new URL('../page/connections.js', import.meta.url), 'utf8'),
  },
  {
    name: 'controls.js',
    type: javascript,
    text: readFileSync(new URL('../page/controls.js', import.meta.url), 'utf8'),
  },
  { name: 'dom.js', type: javascript, text: readFileSync(new URL('../page/dom.js', import.meta.url), 'utf8') },
  { name: 'format.js', type: javascript, text: readFileSync(new URL('../page/format.js', import.meta.url), 'utf8') },
  {
    name: 'headline.js',
    type: javascript,
    text: readFileSync(new URL('../page/headline.js', import.meta.url), 'utf8'),
  },
  { name: 'main.js', type: javascript, text: readFileSync(new URL('../page/main.js', import.meta.url), 'utf8') },
  { name: 'matrix.js', type: javascript, text: readFileSync(new URL('../page/matrix.js', import.meta.url), 'utf8') },
  { name: 'peers.js', type: javascript, text: readFileSync(new URL('../page/peers.js', import.meta.url), 'utf8') },
  {
    name: 'rate-chart.js',
    type: javascript,
    text: readFileSync(new URL('../page/rate-chart.js', import.meta.url), 'utf8'),
  },
  {
    name: 'scenario-actions.js',
    type: javascript,
    text: readFileSync(new URL('../page/scenario-actions.js', import.meta.url), 'utf8'),
  },
  { name: 'seconds.js', type: javascript, text: readFileSync(new URL('../page/seconds.js', import.meta.url), 'utf8') },
  {
    name: 'share-bars.js',
    type: javascript,
    text: readFileSync(new URL('../page/share-bars.js', import.meta.url), 'utf8'),
  },
  { name: 'spans.js', type: javascript, text: readFileSync(new URL('../page/spans.js', import.meta.url), 'utf8') },
  { name: 'stream.js', type: javascript, text: readFileSync(new URL('../page/stream.js', import.meta.url), 'utf8') },
  {
    name: 'uplot.js',
    type: javascript,
    text: readFileSync(new URL('../../../../node_modules/uplot/dist/uPlot.iife.min.js', import.meta.url), 'utf8'),
  },
]
