import { styleText } from 'node:util'
import { aligned, shareLines } from '../lib/text-table.ts'
import type { ScenarioResult } from './scenario-run.ts'

const columns = ['scenario', 'expected', 'verdict', 'share per pod', 'failed', 'first call to new pods']

/** The results as a table for people; a scenario takes as many lines as it has pods. Coloured on a terminal. */
export function resultsTable(results: readonly ScenarioResult[]): string {
  const lines = aligned([columns, ...results.flatMap(rowsOf)])
  return lines.map((line, index) => (index === 0 ? styleText('bold', line) : colour(line))).join('\n')
}

function rowsOf(result: ScenarioResult): string[][] {
  const { scenario, expected, verdict, counts, total, newPods } = result
  const calls = Object.values(counts).reduce((sum, count) => sum + count, 0)
  const pods = Object.entries(counts).map(([label, count]) => ({ label, share: calls === 0 ? 0 : count / calls }))
  return shareLines(pods).map((shown, index) => {
    const pod = pods[index]?.label ?? ''
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
