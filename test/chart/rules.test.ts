import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { ChartValues } from '../../scripts/lib/chart-rules/chart-values.ts'
import { checkRules, ruleChecks } from '../../scripts/lib/chart-rules/check-rules.ts'
import { chartRules } from '../../scripts/lib/chart-rules/table.ts'
import { mergeValues } from '../../scripts/lib/check/merge-values.ts'
import { tool } from '../../scripts/lib/tools.ts'
import type { Values } from '../../scripts/lib/values.ts'
import { chart, runTool, toolsTimeoutMs } from './helm.ts'

const release = { name: 'grpc', namespace: 'shop' }
const rules = chartRules()
const ids = rules.map(({ id }) => id)
const defaults: Values = parse(readFileSync(join(chart, 'values.yaml'), 'utf8'), { version: '1.1' })

const { clean, ...ruleCases }: Readonly<Record<string, readonly object[]>> = parse(
  readFileSync(join(import.meta.dirname, 'rule-cases.yaml'), 'utf8'),
)

beforeAll(() => tool('helm'), toolsTimeoutMs)

/** What Helm says: the lines of its refusal, or else the advice of its notes. */
async function helmSays(values: object): Promise<string[]> {
  const args = ['install', release.name, chart, '--namespace', release.namespace, '--dry-run=client', '-f', '-']
  const { code, stdout, stderr } = await runTool('helm', args, JSON.stringify(values))
  const text =
    code === 0 ? stdout : stderr.replace(/^Error: (?:INSTALLATION FAILED: )?execution error at \([^)]*\): /, '')
  const lines = text.split('\n').filter((line) => /\[[a-z-]+\]$/.test(line))
  if (code !== 0 && lines.length === 0) throw new Error(`${JSON.stringify(values)}: ${stderr}`)
  return lines.map((line) => line.replace(/^ADVICE: /, ''))
}

/** What TypeScript says, as far as Helm gets: a release that is refused has no notes. */
function weSay(values: object): string[] {
  const problems = checkRules(mergeValues(defaults, [values as Values]) as unknown as ChartValues, release)
  const errors = problems.filter(({ severity }) => severity === 'error')
  return (errors.length > 0 ? errors : problems).map(({ message }) => message)
}

const named = (id: string) => expect.stringMatching(new RegExp(`\\[${id}\\]$`))

describe('the table', () => {
  it('has the rules that TypeScript checks', () => {
    expect(Object.keys(ruleChecks).toSorted()).toEqual(ids.toSorted())
  })

  it('has the rules that the templates look for, each by its severity and in the same order', () => {
    const folder = join(chart, 'templates/rules')
    const templates = readdirSync(folder).filter((file) => file.endsWith('.tpl'))
    const texts = templates.map((file) => readFileSync(join(folder, file), 'utf8')).join('')
    const defined = [...texts.matchAll(/define "echo\.rule\.([^"]+)"/g)].map(([, id]) => id as string)
    expect(defined.toSorted()).toEqual(ids.toSorted())

    const validate = readFileSync(join(chart, 'templates/_validate.tpl'), 'utf8')
    const [errors = '', advice = ''] = readFileSync(join(folder, '_list.tpl'), 'utf8').split('"echo.adviceRules"')
    const listed = (text: string) => text.match(/(?<=list [^)\n]*")[a-z]+(-[a-z]+)*(?=")/g)
    expect(listed(validate + errors)).toEqual(rules.filter(({ severity }) => severity === 'error').map(({ id }) => id))
    expect(listed(advice)).toEqual(rules.filter(({ severity }) => severity === 'advice').map(({ id }) => id))
  })

  it('knows the rules whose edges are tried', () => {
    expect(Object.keys(ruleCases).filter((id) => !ids.includes(id))).toEqual([])
  })

  it('ends each sentence once, and fills in all of its words', () => {
    for (const { path, reason, fix, breaks, id } of rules) {
      expect(`${path} ${reason} ${fix}`, id).not.toMatch(/\.$|;/)
      expect(weSay(breaks).join('\n'), id).not.toMatch(/\{\w+\}|undefined|<nil>|NaN/)
    }
  })
})

describe('nothing', () => {
  it.each(clean ?? [])('is what both say of %j', async (values) => {
    expect(weSay(values)).toEqual([])
    expect(await helmSays(values)).toEqual([])
  })
})

describe.each(rules)('$id', ({ id, breaks, mends }) => {
  it('refuses what breaks it, and Helm and TypeScript say so in the same words', async () => {
    const said = weSay(breaks)
    expect(said).toContainEqual(named(id))
    expect(await helmSays(breaks)).toEqual(said)
  })

  it('accepts what mends it', async () => {
    const mended = mergeInto(breaks, mends)
    expect(weSay(mended)).not.toContainEqual(named(id))
    expect(await helmSays(mended)).toEqual(weSay(mended))
  })

  it.each(ruleCases[id] ?? [])('is the same to both on its edges: %j', async (values) => {
    expect(await helmSays(values)).toEqual(weSay(values))
  })
})

it('is the same to Helm and TypeScript whatever comes together', async () => {
  const some = fc.subarray([...rules], { minLength: 2, maxLength: 4 })
  for (const pair of pairs(fc.sample(some, { numRuns: 60, seed: 20261121 }))) {
    await Promise.all(
      pair.map(async (together) => {
        const values = together.map(({ breaks }) => breaks).reduce(mergeInto, {})
        const inHelm = (await helmSays(values)).map((line) => /\[([a-z-]+)\]$/.exec(line)?.[1])
        const inTypeScript = weSay(values).map((line) => /\[([a-z-]+)\]$/.exec(line)?.[1])
        expect(inHelm, JSON.stringify(values)).toEqual(inTypeScript)
        expect(inHelm).not.toEqual([])
      }),
    )
  }
}, 120_000)

const pairs = <T>(list: readonly T[]): T[][] => list.flatMap((_, i) => (i % 2 === 0 ? [list.slice(i, i + 2)] : []))

/** Values over values, without the defaults: null stays. */
function mergeInto(one: object, other: object): object {
  const merged: Record<string, unknown> = { ...one }
  for (const [key, value] of Object.entries(other)) {
    const before = merged[key]
    const deeper = isObject(before) && isObject(value)
    merged[key] = deeper ? mergeInto(before, value) : value
  }
  return merged
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
