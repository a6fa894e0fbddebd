import { hasRun, isAsExpected, type Row, type ScenarioResult } from '../cluster/result.ts'
import { digest, podShares } from './pod-shares.ts'
import { type RunInfo, versionsText, whenText } from './run-info.ts'
import { foundText, mark, notRunMark, shortfalls, summary } from './sentences.ts'
import { oneLine } from './visible.ts'

/** The rows as a table for a README, with a line on when and with what, and below what is not as expected. */
export function markdownTable(rows: readonly Row[], info?: RunInfo): string {
  const versions = versionsText(info)
  const head = [whenText(info), versions && `With ${versions}.`, `${summary(rows)}.`].filter(Boolean)
  const bad = rows.filter(hasRun).filter((row) => !isAsExpected(row))
  const notes = bad.flatMap((row) => shortfalls(row).map((reason) => `- ${escaped(`${row.scenario}: ${reason}`)}`))
  return [
    escaped(head.join(' ')),
    '',
    tableRow(columns),
    tableRow(columns.map(() => '---')),
    ...rows.map((row) => tableRow([link(row.scenario), ...cellsOf(row).map(escaped)])),
    ...(notes.length === 0 ? [] : ['', ...notes]),
  ].join('\n')
}

const columns = ['scenario', 'expected', 'verdict', 'share per pod, %', 'failed', 'new pods found']

const tableRow = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

/** Brackets may stand in an address, but end it here. */
function link(scenario: string): string {
  const file = encodeURIComponent(scenario.toWellFormed()).replaceAll('(', '%28').replaceAll(')', '%29')
  return `[${escaped(scenario)}](values/${file}.yaml)`
}

function cellsOf(row: Row): string[] {
  if (!hasRun(row)) return [row.expected, `${notRunMark(row)} ${row.reason}`, '', '', '']
  const { expected, verdict, failed, requests } = row
  const outcome = `${mark(isAsExpected(row))} ${verdict}`
  return [expected, outcome, sharesText(row), `${failed} of ${requests}`, foundText(row.rebalance)]
}

function sharesText({ counts }: ScenarioResult): string {
  const { first, between, last } = digest(podShares(counts))
  if (between === undefined) return first.map(({ share }) => percentage(share)).join(' / ')
  const [most = 0, least = 0] = [first.at(0)?.share, last.at(-1)?.share]
  return `${percentage(least)} to ${percentage(most)} on ${first.length + between.pods + last.length} pods`
}

const percentage = (share: number): string => (share * 100).toFixed(1)

/** Text in which nothing is Markdown or HTML, on one line. */
const escaped = (text: string): string => oneLine(text).replace(/[\\`*_[\]<>&|~]/g, '\\$&')
