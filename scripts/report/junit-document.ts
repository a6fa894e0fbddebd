import { Markup, markup } from './markup.ts'
import { oneLine } from './visible.ts'

/** A test; without an outcome it has passed. */
export interface JunitCase {
  readonly className: string
  readonly name: string
  readonly seconds?: number
  readonly outcome?: JunitOutcome
}

export interface JunitOutcome {
  readonly kind: 'failure' | 'error' | 'skipped'
  /** In short; `text` at length. */
  readonly message: string
  readonly type?: string
  readonly text?: string
}

export interface JunitSuite {
  readonly name: string
  readonly cases: readonly JunitCase[]
  /** Default: what its tests took. */
  readonly seconds?: number
  /** As the format's schema wants it: in UTC, and without a zone. */
  readonly timestamp?: string | undefined
  readonly properties?: Readonly<Record<string, string>>
}

/** JUnit XML, which CI systems show as tests. */
export function junitDocument(suites: readonly JunitSuite[]): string {
  const { text } = markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="evenly" ${totals(
    suites.flatMap(({ cases }) => cases),
    suites.reduce((sum, suite) => sum + secondsOf(suite), 0),
  )}>${suites.map(suiteMarkup)}
</testsuites>`
  return text
}

function suiteMarkup(suite: JunitSuite): Markup {
  const { name, cases, timestamp } = suite
  const attributes = markup`${totals(cases, secondsOf(suite))}${timestamp && markup` timestamp="${timestamp}"`}`
  return markup`
  <testsuite name="${oneLine(name)}" ${attributes}>${properties(suite)}${cases.map(caseMarkup)}
  </testsuite>`
}

const secondsOf = ({ seconds, cases }: JunitSuite): number =>
  seconds ?? cases.reduce((sum, each) => sum + (each.seconds ?? 0), 0)

function totals(cases: readonly JunitCase[], seconds: number): Markup {
  const count = (kind: string): number => cases.filter(({ outcome }) => outcome?.kind === kind).length
  const counts = markup`tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}"`
  return markup`${counts} skipped="${count('skipped')}" time="${seconds.toFixed(3)}"`
}

function properties({ properties: named = {} }: JunitSuite): Markup | undefined {
  const entries = Object.entries(named)
  if (entries.length === 0) return undefined
  return markup`
    <properties>${entries.map(
      ([name, value]) => markup`
      <property name="${name}" value="${value}"/>`,
    )}
    </properties>`
}

function caseMarkup({ className, name, seconds = 0, outcome }: JunitCase): Markup {
  const opening = markup`
    <testcase classname="${oneLine(className)}" name="${oneLine(name)}" time="${seconds.toFixed(3)}"`
  if (outcome === undefined) return markup`${opening}/>`
  const { kind, type, message, text } = outcome
  const element = new Markup(kind)
  const attributes = markup`${type && markup`type="${type}" `}message="${oneLine(message)}"`
  return markup`${opening}>
      <${element} ${attributes}${text === undefined ? markup`/>` : markup`>${text}</${element}>`}
    </testcase>`
}
