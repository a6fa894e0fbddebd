import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { half } from './half.ts'
import { endOf, podOf } from './names.ts'
import { type Recording, shownPanels } from './recording.ts'

/** Of Okabe and Ito, who chose them for all kinds of eyes. */
const colors = ['#0072b2', '#e69f00', '#009e73'] as const

/** A page that shows the recording; once it is loaded, `main` is the picture. */
export function picturePage(recording: Recording): string {
  const { times, changedAt, panels } = recording
  const calls = (panels[shownPanels.calls] ?? []).toSorted((a, b) => podOf(a).localeCompare(podOf(b)))
  const colorOf = new Map(calls.map((one, i) => [podOf(one), colors[i % colors.length] as string]))
  const start = times[0] ?? 0
  const picture = {
    times: times.map((time) => time - start),
    changedAt: (times[changedAt] ?? start) - start,
    calls: calls.map((one) => ({ values: one.values, color: colorOf.get(podOf(one)) })),
    jain: panels[shownPanels.jain]?.[0]?.values ?? [],
  }
  const legend = [...colorOf].map(([pod, color]) => `<span><i style="background:${color}"></i>${endOf(pod)}</span>`)
  return `<!doctype html><meta charset="utf-8"><style>${uplot('uPlot.min.css')}${own('picture.css')}</style>
<main>
<header><h1>Evenly / Distribution</h1>
<p>Three pods, two clients with 15 calls a second each. At the dashed line they change from the Service's one address to its headless name and round_robin.</p></header>
<div class="charts">
<section class="card"><h2>${shownPanels.calls}</h2><p class="legend">${legend.join('')}</p><div id="calls"></div></section>
<section class="card"><h2>${shownPanels.jain}</h2><p class="legend">100 %: all pods get the same. Below 80 % the alert GrpcLbSkewed begins.</p><div id="jain"></div></section>
</div>
<div class="halves">${half('Before: ClusterIP', recording, changedAt, colorOf)}${half('After: headless name, round_robin', recording, times.length - 1, colorOf)}</div>
</main>
<script>${uplot('uPlot.iife.min.js')}</script><script>const picture = ${JSON.stringify(picture)}
${own('charts.js')}</script>`
}

const own = (file: string): string => readFileSync(join(import.meta.dirname, file), 'utf8')

const uplot = (file: string): string =>
  readFileSync(createRequire(import.meta.url).resolve(`uplot/dist/${file}`), 'utf8')
