import { createHash } from 'node:crypto'
import { isAbsolute, relative, resolve, sep } from 'node:path'
import packageJson from '../../../package.json' with { type: 'json' }
import { ruleBook } from '../rule-book/rule-book.ts'
import { addressOf, type RuleEntry } from '../rule-book/rule-entry.ts'
import type { JudgedFinding } from './apply-ignores.ts'
import type { Report } from './formats.ts'
import { shortLine } from './short-line.ts'
import { exitCodeOf, summaryOf } from './summary.ts'

/**
 * Findings as SARIF 2.1.0, which code scanning reads. Advice is of level `note`; what is ignored is suppressed, with its
 * reason; what could not be read is a notification.
 */
export function sarifLog(report: Report): string {
  const { findings, unreadable } = report
  const used = ruleBook().filter(({ id }) => findings.some(({ rule }) => rule === id))
  const seen = new Map<string, number>()
  const run = {
    tool: {
      driver: {
        name: 'evenly',
        version: packageJson.version,
        informationUri: 'https://github.com/evenly-grpc/evenly',
        rules: used.map(descriptorOf),
      },
    },
    columnKind: 'utf16CodeUnits',
    invocations: [
      {
        executionSuccessful: unreadable.length === 0,
        exitCode: exitCodeOf(summaryOf(findings), unreadable),
        toolExecutionNotifications: unreadable.map((text) => ({ level: 'error', message: { text } })),
      },
    ],
    results: findings.map((finding) => resultOf(finding, used, seen)),
  }
  const $schema = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json'
  return JSON.stringify({ $schema, version: '2.1.0', runs: [run] }, undefined, 2)
}

const levels = { error: 'error', advice: 'note' } as const

function descriptorOf(rule: RuleEntry): object {
  const { id, title, severity, why, cure } = rule
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: { text: `${why}\n\n${cure}`, markdown: `${why}\n\n${cure}` },
    helpUri: addressOf(id),
    defaultConfiguration: { level: levels[severity] },
  }
}

function resultOf(finding: JudgedFinding, rules: readonly RuleEntry[], seen: Map<string, number>): object {
  const { rule, severity, object, path, message, ignored, ignoredBy } = finding
  const ruleIndex = rules.findIndex(({ id }) => id === rule)
  const name = [object, path].filter((part) => part !== undefined && part !== '').join(' ')
  return {
    ruleId: rule,
    ...(ruleIndex >= 0 && { ruleIndex }),
    level: levels[severity],
    message: { text: name === '' ? message : `${name}: ${message}` },
    locations: [{ ...physical(finding), logicalLocations: [{ fullyQualifiedName: name || 'all of it' }] }],
    partialFingerprints: { 'evenlyFinding/v1': fingerprintOf(finding, seen) },
    ...(ignored !== undefined && {
      suppressions: [{ kind: ignoredBy === 'option' ? 'external' : 'inSource', justification: ignored }],
    }),
  }
}

/** What is said on the command line is in no file. */
function physical({ file, line, column, sourceLine }: JudgedFinding): object {
  if (file === '--set') return {}
  const region = { startLine: line, startColumn: column, snippet: { text: shortLine(sourceLine) } }
  return { physicalLocation: { artifactLocation: { uri: uriOf(file) }, region } }
}

/** Relative to the working directory, which is where a pipeline has its checkout, if it is below it. */
function uriOf(file: string): string {
  if (file === '-') return 'stdin'
  const path = relative('.', resolve(file))
  const shown = path.startsWith('..') || isAbsolute(path) ? resolve(file) : path
  const uri = shown.toWellFormed().split(sep).map(encodeURIComponent).join('/')
  return shown === path ? uri : `file://${uri.startsWith('/') ? '' : '/'}${uri}`
}

/** The same for the same mistake wherever its line has moved to; of several alike the first, the second and so on. */
function fingerprintOf({ rule, file, object, path, message }: JudgedFinding, seen: Map<string, number>): string {
  const identity = JSON.stringify([rule, uriOf(file), object ?? null, path, message.replace(/\d+/g, '#')])
  const count = (seen.get(identity) ?? 0) + 1
  seen.set(identity, count)
  return createHash('sha256').update(`${identity} ${count}`).digest('hex').slice(0, 32)
}
