import { styleText } from 'node:util'
import { bar, percent } from '../lib/bars.ts'
import type { ScenarioResult } from './scenario-run.ts'

const columns = ['scenario', 'expected', 'verdict', 'share per pod', 'failed', 'first call to new pods'] as const
type Row = readonly [string, string, string, string, string, string]

/** The results as a table for people; a scenario takes as many lines as it has pods. Coloured on a terminal. */
export function resultsTable(results: readonly ScenarioResult[]): string {
  const rows = [columns, ...results.flatMap(rowsOf)]
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  return lines.map((line, index) => (index === 0 ? styleText('bold', line) : colour(line))).join('\n')
}

function rowsOf(result: ScenarioResult): Row[] {
  const { scenario, expected, verdict, counts, total, newPods } = result
  const calls = Object.values(counts).reduce((sum, count) => sum + count, 0)
  const width = Math.max(...Object.keys(counts).map((pod) => pod.length))
  return Object.entries(counts).map(([pod, count], index) => {
    const share = calls === 0 ? 0 : count / calls
    const shown = `${pod.padEnd(width)} ${bar(share, 16).padEnd(16)} ${percent(share).padStart(7)}`
    const mark = verdict === expected ? '✔' : '✖'
    const found =
      newPods[pod] === undefined ? '' : `${pod} ${newPods[pod] === null ? 'never' : `after ${newPods[pod]} s`}`
    if (index > 0) return ['', '', '', shown, '', found]
    return [scenario, expected, `${mark} ${verdict}`, shown, `${total.failed} of ${total.requests}`, found]
  })
}

function colour(line: string): string {
  return line.replace(/[✔✖] \S+/, (verdict) => styleText(verdict.startsWith('✔') ? 'green' : 'red', verdict))
}
