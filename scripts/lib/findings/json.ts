import type { JudgedFinding } from './apply-ignores.ts'
import { shortLine } from './short-line.ts'
import { summaryOf } from './summary.ts'

/**
 * Findings for programs: `{version, findings, summary}`. `version` is that of this form, 1; every finding has every field, null
 * where there is nothing; the ignored ones stand among the others, with the reason in `ignored`.
 */
export const findingsJson = (findings: readonly JudgedFinding[]): string =>
  JSON.stringify({ version: 1, findings: findings.map(forMachines), summary: summaryOf(findings) }, undefined, 2)

const forMachines = (finding: JudgedFinding) => ({
  rule: finding.rule,
  severity: finding.severity,
  file: finding.file,
  line: finding.line,
  column: finding.column,
  sourceLine: shortLine(finding.sourceLine),
  object: finding.object ?? null,
  template: finding.template ?? null,
  path: finding.path,
  message: finding.message,
  suggestion: finding.suggestion ?? null,
  patch: finding.patch ?? null,
  ignored: finding.ignored ?? null,
})
