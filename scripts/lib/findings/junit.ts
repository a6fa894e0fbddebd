import { type JunitCase, junitDocument } from '../../report/junit-document.ts'
import type { Finding } from './finding.ts'
import { isCounted, type Report } from './formats.ts'

/**
 * Findings as JUnit XML: a suite for each file, in it a test for each finding, or one that passes where there is none. Advice
 * is skipped rather than failed; what could not be read is an error.
 */
export function findingsJunit({ findings, files, unreadable }: Report): string {
  const counted = findings.filter(isCounted)
  const names = [...new Set([...files, ...counted.map(({ file }) => file)])]
  const suites = names.map((name) => {
    const own = counted.filter(({ file }) => file === name)
    return { name, cases: own.length > 0 ? own.map(caseOf) : [{ className: name, name: 'nothing is wrong' }] }
  })
  const broken = unreadable.map((message) => ({
    className: 'evenly.check',
    name: 'can be read',
    outcome: { kind: 'error' as const, message },
  }))
  return junitDocument([...suites, ...(broken.length > 0 ? [{ name: 'unreadable', cases: broken }] : [])])
}

function caseOf({ file, line, column, severity, rule, object, path, message, patch }: Finding): JunitCase {
  const about = [object, path].filter((part) => part !== undefined && part !== '').join(' ')
  const text = [`${file}:${line}:${column}`, message, ...(patch === undefined ? [] : ['', patch])].join('\n')
  const outcome =
    severity === 'error'
      ? { kind: 'failure' as const, type: rule, message, text }
      : { kind: 'skipped' as const, message: `advice: ${message}` }
  return { className: file, name: `${rule}: ${about} (line ${line})`, outcome }
}
