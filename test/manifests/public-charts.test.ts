import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Finding } from '../../scripts/lib/findings/finding.ts'
import { checkManifests } from '../../scripts/lib/manifest-rules/check-manifests.ts'
import { tool } from '../../scripts/lib/tools.ts'
import { runTool, toolsTimeoutMs } from '../chart/helm.ts'

// Charts in the manner of public ones, which no rule was written with. What is wrong with them, and what only looks so,
// was listed before they were checked; `added` and `missed` tell where the check knew better, and where it does not know.
const folder = join(import.meta.dirname, 'public-charts')
const charts = readdirSync(folder).sort()

interface Expected {
  readonly release: string
  readonly expected: readonly Entry[]
  /** What may be said, but need not. */
  readonly allowed: readonly Entry[]
  readonly 'near-misses': readonly NearMiss[]
  /** True findings that nobody had thought of. */
  readonly added?: readonly Entry[]
  /** Expected, but nobody says so, and why. */
  readonly missed?: readonly Entry[]
}

interface Entry {
  readonly object: string
  /** Other objects that the same may be said of. */
  readonly or?: readonly string[]
  /** `none` where no rule was planned for it: what says it does not matter. */
  readonly rule: string
  readonly severity: Finding['severity'] | 'any'
}

interface NearMiss {
  readonly object: string
  readonly rule: 'any' | readonly string[]
}

describe.each(charts)('what check says of the chart %s', (name) => {
  const { release, ...expected }: Expected = parse(readFileSync(join(folder, name, 'expected.yaml'), 'utf8'))
  const { added = [], missed = [] } = expected
  let findings: readonly Finding[] = []

  beforeAll(async () => {
    await tool('helm')
    const { code, stdout, stderr } = await runTool('helm', ['template', release, join(folder, name, 'chart')])
    expect([code, stderr]).toEqual([0, expect.anything()])
    findings = checkManifests([{ file: '-', text: stdout }])
  }, toolsTimeoutMs)

  it('is all that is wrong with it, but for what is known to be missed', () => {
    const unsaid = expected.expected.filter((entry) => !findings.some((finding) => matches(entry, finding)))
    expect(unsaid.map(nameOf)).toEqual(missed.map(nameOf))
  })

  it('is nothing else', () => {
    expect(
      unforeseen()
        .filter((finding) => !said(added, finding))
        .map(summaryOf),
    ).toEqual([])
  })

  it('is not of what only looks wrong', () => {
    const isNearMiss = ({ object, rule }: Finding) =>
      expected['near-misses'].some(
        (near) => near.object === object && (near.rule === 'any' || near.rule.includes(rule)),
      )
    expect(
      unforeseen()
        .filter((finding) => isNearMiss(finding) && !said(added, finding))
        .map(summaryOf),
    ).toEqual([])
  })

  const unforeseen = () => findings.filter((finding) => !said([...expected.expected, ...expected.allowed], finding))
})

const said = (entries: readonly Entry[], finding: Finding): boolean => entries.some((entry) => matches(entry, finding))

/** Ids of rules that were called otherwise, or were one with another, when the lists were made. */
const laterIds: Readonly<Record<string, readonly string[]>> = {
  'injection-blocked': ['inject-annotation'],
  'linkerd-caller': ['cluster-ip-pins', 'inject-annotation'],
  'port-protocol': ['port-http'],
  'route-host': ['service-port-missing'],
  'routes-twice': ['route-ignored'],
  'session-affinity': ['client-ip-affinity'],
}

const matches = (entry: Entry, finding: Finding): boolean =>
  [entry.object, ...(entry.or ?? [])].some((title) => isAbout(finding, title)) &&
  ['none', finding.rule].some((rule) => [entry.rule, ...(laterIds[entry.rule] ?? [])].includes(rule)) &&
  ['any', finding.severity].includes(entry.severity)

/** Whether a finding is of an object or, as with a pinned client, of the one that calls this Service by its name. */
function isAbout({ object, message }: Finding, title: string): boolean {
  const [kind = '', path = ''] = title.split(' ')
  const name = path.slice(path.indexOf('/') + 1)
  return object === title || (kind === 'Service' && new RegExp(`(?<![\\w.-])${name}(?![\\w-])`).test(message))
}

const nameOf = ({ object, rule }: Entry): string => `${rule} ${object}`
const summaryOf = ({ rule, object, severity, message }: Finding): string => `${severity} ${rule} ${object}: ${message}`
