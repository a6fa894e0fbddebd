import type { Row } from '../cluster/result.ts'
import { htmlPage } from './html.ts'
import { junitXml } from './junit.ts'
import { markdownTable } from './markdown.ts'
import type { RunInfo } from './run-info.ts'
import { resultsTable } from './table.ts'

/** What results can be printed as. */
export const formats = ['table', 'json', 'junit', 'markdown', 'html'] as const
export type Format = (typeof formats)[number]

/**
 * Rows in a format, without a line break at the end.
 *
 * @param info when and with what they were measured, where that is known; a table and JSON hold the rows alone
 */
export const render = (format: Format, rows: readonly Row[], info?: RunInfo): string => renderers[format](rows, info)

const renderers: Readonly<Record<Format, (rows: readonly Row[], info?: RunInfo) => string>> = {
  table: resultsTable,
  json: (rows) => JSON.stringify(rows, undefined, 2),
  junit: junitXml,
  markdown: markdownTable,
  html: htmlPage,
}
