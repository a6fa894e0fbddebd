import type { JudgedFinding } from './apply-ignores.ts'

/** What findings can be printed as. */
export const findingFormats = ['text', 'json', 'sarif', 'junit'] as const
export type FindingFormat = (typeof findingFormats)[number]

/** All that one check has found. */
export interface Report {
  /** Those that are ignored too. */
  readonly findings: readonly JudgedFinding[]
  /** The inputs that could be read, as the user named them. */
  readonly files: readonly string[]
  /** A sentence for each input that could not. */
  readonly unreadable: readonly string[]
}

/** A report in a format, without a line break at the end; '' where people are told nothing. */
export const renderReport = (format: FindingFormat, report: Report): Promise<string> => renderers[format](report)

/** Each is read when it is asked for. */
const renderers: Readonly<Record<FindingFormat, (report: Report) => Promise<string>>> = {
  text: async ({ findings }) => {
    const shown = findings.filter(isCounted)
    return shown.length > 0 ? (await import('./human.ts')).humanText(shown) : ''
  },
  json: async ({ findings }) => (await import('./json.ts')).findingsJson(findings),
  sarif: async (report) => (await import('./sarif.ts')).sarifLog(report),
  junit: async (report) => (await import('./junit.ts')).findingsJunit(report),
}

export const isCounted = ({ ignored }: JudgedFinding): boolean => ignored === undefined
