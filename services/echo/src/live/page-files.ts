import { readFileSync } from 'node:fs'
import { extname } from 'node:path'

/** A file of the live page, as the browser gets it: nothing is built, so that what runs is what was written. */
export interface PageFile {
  readonly name: string
  readonly type: string
  readonly text: string
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** Read one by one by a path that is written out: the bundle finds them so, and takes them in. */
const texts = {
  'index.html': readFileSync(new URL('../page/index.html', import.meta.url), 'utf8'),
  'page.css': readFileSync(new URL('../page/page.css', import.meta.url), 'utf8'),
  'card.css': readFileSync(new URL('../page/card.css', import.meta.url), 'utf8'),
  'bars.css': readFileSync(new URL('../page/bars.css', import.meta.url), 'utf8'),
  'controls.css': readFileSync(new URL('../page/controls.css', import.meta.url), 'utf8'),
  'icon.svg': readFileSync(new URL('../page/icon.svg', import.meta.url), 'utf8'),
  'action-group.js': readFileSync(new URL('../page/action-group.js', import.meta.url), 'utf8'),
  'call-actions.js': readFileSync(new URL('../page/call-actions.js', import.meta.url), 'utf8'),
  'card.js': readFileSync(new URL('../page/card.js', import.meta.url), 'utf8'),
  'connections.js': readFileSync(new URL('../page/connections.js', import.meta.url), 'utf8'),
  'controls.js': readFileSync(new URL('../page/controls.js', import.meta.url), 'utf8'),
  'dom.js': readFileSync(new URL('../page/dom.js', import.meta.url), 'utf8'),
  'format.js': readFileSync(new URL('../page/format.js', import.meta.url), 'utf8'),
  'headline.js': readFileSync(new URL('../page/headline.js', import.meta.url), 'utf8'),
  'main.js': readFileSync(new URL('../page/main.js', import.meta.url), 'utf8'),
  'matrix.js': readFileSync(new URL('../page/matrix.js', import.meta.url), 'utf8'),
  'peers.js': readFileSync(new URL('../page/peers.js', import.meta.url), 'utf8'),
  'rate-chart.js': readFileSync(new URL('../page/rate-chart.js', import.meta.url), 'utf8'),
  'scenario-actions.js': readFileSync(new URL('../page/scenario-actions.js', import.meta.url), 'utf8'),
  'seconds.js': readFileSync(new URL('../page/seconds.js', import.meta.url), 'utf8'),
  'share-bars.js': readFileSync(new URL('../page/share-bars.js', import.meta.url), 'utf8'),
  'spans.js': readFileSync(new URL('../page/spans.js', import.meta.url), 'utf8'),
  'stream.js': readFileSync(new URL('../page/stream.js', import.meta.url), 'utf8'),
  'uplot.js': readFileSync(new URL(import.meta.resolve('uplot/dist/uPlot.iife.min.js')), 'utf8'),
}

export const pageFiles: readonly PageFile[] = Object.entries(texts).map(([name, text]) => {
  return { name, type: types[extname(name)] ?? 'application/octet-stream', text }
})
