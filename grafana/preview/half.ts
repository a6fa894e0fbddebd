import { endOf, podOf } from './names.ts'
import { type RecordedSeries, type Recording, shownPanels } from './recording.ts'

/** What the panels without a time axis show at one moment: scores, shares and the matrix. */
export function half(title: string, { panels }: Recording, at: number, colorOf: ReadonlyMap<string, string>): string {
  const now = (panel: string): Now[] =>
    (panels[panel] ?? []).flatMap((series) => {
      const value = series.values[at]
      return value === null || value === undefined ? [] : [{ series, value }]
    })
  const tiles = scores.map(({ panel, name, decimals, good, bad }) => {
    const value = now(panel)[0]?.value
    const shown = value === undefined ? '–' : value.toFixed(decimals)
    return `<div class="tile"><b class="${value === undefined ? '' : gradeOf(value, good, bad)}">${shown}</b><small>${name}</small></div>`
  })
  const share = now(shownPanels.share)
  const shares = [...colorOf].map(([pod, color]) => {
    const value = share.find(({ series }) => podOf(series) === pod)?.value ?? 0
    const percent = `${(value * 100).toFixed(1)} %`
    return `<div class="share"><span>${endOf(pod)}</span><div><i style="width:${value * 100}%;background:${color}"></i></div><em>${percent}</em></div>`
  })
  return `<section class="card"><h2>${title}</h2><div class="tiles">${tiles.join('')}</div>
<h3>${shownPanels.share}</h3>${shares.join('')}
<h3>${shownPanels.matrix}</h3>${matrix(now(shownPanels.matrix), [...colorOf.keys()])}</section>`
}

interface Now {
  readonly series: RecordedSeries
  readonly value: number
}

/** The panels of one number, with the dashboard's thresholds where low is good. */
const scores = [
  { panel: shownPanels.stats[0], name: 'effective endpoints of 3', decimals: 1, good: Number.NaN, bad: Number.NaN },
  { panel: shownPanels.jain, name: "Jain's index", decimals: 2, good: Number.NaN, bad: Number.NaN },
  { panel: shownPanels.stats[1], name: 'coefficient of variation', decimals: 2, good: 0.23, bad: 0.5 },
  { panel: shownPanels.stats[2], name: 'busiest pod over the mean', decimals: 2, good: 1.25, bad: 2 },
  { panel: shownPanels.stats[3], name: 'idle pods', decimals: 0, good: 1, bad: 1 },
] as const

function gradeOf(value: number, good: number, bad: number): string {
  if (Number.isNaN(good)) return ''
  if (value >= bad) return 'bad'
  return value < good ? 'good' : 'fair'
}

/** A row per client, a column per pod. */
function matrix(cells: readonly Now[], pods: readonly string[]): string {
  const busy = cells.filter(({ value }) => value > 0)
  const most = Math.max(...busy.map(({ value }) => value), 1)
  const clients = [...new Set(busy.map(({ series }) => podOf(series)))].sort()
  const head = pods.map((pod) => `<th>${endOf(pod)}</th>`).join('')
  const rows = clients.map((client) => {
    const row = pods.map((pod) => {
      const value = busy.find(({ series }) => podOf(series) === client && series.labels.peer === pod)?.value ?? 0
      const strength = ((value / most) * 0.75).toFixed(2)
      return `<td style="background:rgba(47,111,222,${strength})">${value === 0 ? '' : value.toFixed(1)}</td>`
    })
    return `<tr><th>client ${endOf(client)}</th>${row.join('')}</tr>`
  })
  return `<table><thead><tr><th></th>${head}</tr></thead><tbody>${rows.join('')}</tbody></table>`
}
