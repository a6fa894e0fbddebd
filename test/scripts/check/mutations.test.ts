import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { afterAll, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { chartFolder, chartRules } from '../../../scripts/lib/chart-rules/table.ts'
import { ownChart } from '../../../scripts/lib/check/chart.ts'
import { checkValues } from '../../../scripts/lib/check/check-values.ts'
import { mergeValues } from '../../../scripts/lib/check/merge-values.ts'
import { parseValues, type ValuesFile } from '../../../scripts/lib/check/values-file.ts'
import type { Finding } from '../../../scripts/lib/findings/finding.ts'
import { chart, projectRoot, runTool } from '../../chart/helm.ts'
import { whereThereIs } from '../../support/where-there-is.ts'
import { seededRandom } from '../seeded-tally.ts'
import { buildHelmValidation, helmRefusals } from './helm-validation.ts'
import { type Mutation, mutate } from './mutate.ts'

const count = 10_000
const seed = 20261122

const folder = await mkdtemp(join(tmpdir(), 'evenly-mutations-'))
afterAll(() => rm(folder, { recursive: true }))
const program = join(folder, 'helm-validation')
const missing = await buildHelmValidation(program)

const { defaults } = ownChart()
const schema = JSON.parse(await readFile(join(chartFolder, 'values.schema.json'), 'utf8'))
/** Ajv as it comes, which `evenly check` has made quicker. */
const accepts = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema)
const rules = new Set(chartRules().map(({ id }) => id))

const scenarios = await Promise.all(
  (await readdir(join(projectRoot, 'values'))).map(async (file) =>
    parseValues(await readFile(join(projectRoot, 'values', file), 'utf8'), file),
  ),
)

interface Mutant extends Mutation {
  readonly file: ValuesFile
}

function mutants(): Mutant[] {
  const random = seededRandom(seed)
  return Array.from({ length: count }, (_, i) => {
    const { values, file } = scenarios[i % scenarios.length] as ValuesFile
    const mutation = mutate(values, defaults, random)
    return { ...mutation, file: parseValues(stringify(mutation.values, { version: '1.1' }), file) }
  })
}

const isOfSchema = ({ rule, severity }: Finding): boolean => severity === 'error' && !rules.has(rule)

/** What is wrong with how a finding is told. */
function complaint({ file, line, column, sourceLine, message, rule, path }: Finding, { text }: ValuesFile): string {
  const lines = text.split('\n')
  if (file === '' || line < 1 || line > lines.length) return `line ${line} of ${lines.length}`
  if (lines[line - 1] !== sourceLine) return `line ${line} is not ${sourceLine}`
  if (column < 1 || column > sourceLine.length + 1) return `column ${column} of ${sourceLine.length}`
  if (rule === '' || path === '') return 'no rule or no path'
  return /^[^\n]{5,}; [^\n]{5,}[.?]$/.test(message) && !/undefined|\[object/.test(message) ? '' : `message ${message}`
}

const told = ({ kind, path, file }: Mutant): string => `${kind} at ${path.join('.')} of ${file.file}`

whereThereIs(`${count} mutations of the scenarios`, missing, () => {
  const all = mutants()
  const findings = all.map(({ file }) => checkValues([file]))

  it('are accepted and refused by ajv, by Helm and by the check alike', async () => {
    const helm = await helmRefusals(
      program,
      all.map(({ file }) => file.text),
    )
    const ajv = all.map(({ file }) => accepts(mergeValues(defaults, [file.values])))
    const ours = findings.map((some) => !some.some(isOfSchema))
    const differing = all.filter((_, i) => (helm[i] === null) !== ajv[i] || ours[i] !== ajv[i])
    expect(differing.map(told)).toEqual([])
    expect(helm).toHaveLength(count)
    const refused = ours.filter((accepted) => !accepted).length
    expect(refused).toBeGreaterThan(count / 4)
    expect(refused).toBeLessThan((count * 7) / 8)
  }, 600_000)

  it('are told of in sentences, each with its place', () => {
    const complaints = all.flatMap((mutant, i) =>
      (findings[i] ?? [])
        .map((finding) => complaint(finding, mutant.file))
        .filter(Boolean)
        .map((why) => `${told(mutant)}: ${why}`),
    )
    expect(complaints).toEqual([])
  })

  it('are mended by the patches that are given, and by nothing that breaks something else', () => {
    const patched = all.flatMap((mutant, i) => {
      const some = findings[i] ?? []
      return some.filter(({ patch }) => patch !== undefined).map((finding) => ({ mutant, some, finding }))
    })
    expect(patched.length).toBeGreaterThan(count / 5)
    const tried = patched.filter((_, i) => i % 5 === 0)
    const wrong = tried.filter(({ mutant, some, finding }) => {
      const { values } = parseValues(finding.patch ?? '', 'patch')
      const text = stringify(mergePatch(mutant.file.values, values), { version: '1.1' })
      const after = checkValues([parseValues(text, 'patched')])
      const names = (list: readonly Finding[]) => list.map(({ rule, path }) => `${rule} ${path}`)
      const isThere = names(after).filter((name) => name === names([finding])[0]).length
      const wasThere = names(some).filter((name) => name === names([finding])[0]).length
      const isNew = names(after).some((name) => !names(some).includes(name))
      return isThere >= wasThere || (isNew && !some.some(({ rule }) => rule === 'object' || rule === 'null-value'))
    })
    expect(wrong.map(({ mutant, finding }) => `${told(mutant)}: ${finding.rule} ${finding.path}`)).toEqual([])
  }, 600_000)

  it('are refused by helm template as by its validation alone', async () => {
    const sample = all.flatMap((mutant, i) => (i % (count / 50) === 0 ? [{ mutant, some: findings[i] ?? [] }] : []))
    expect(sample).toHaveLength(50)
    for (const { mutant, some } of sample) {
      const { code, stderr } = await runTool('helm', ['template', 'x', chart, '-f', '-'], mutant.file.text)
      const isSchemas = stderr.includes("values don't meet the specifications of the schema")
      expect(isSchemas, told(mutant)).toBe(some.some(isOfSchema))
      if (!isSchemas)
        expect(code !== 0, `${told(mutant)}: ${stderr}`).toBe(some.some(({ severity }) => severity === 'error'))
    }
  }, 600_000)
})

/** RFC 7386. */
function mergePatch(values: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch
  const after = new Map(Object.entries(typeof values === 'object' && !Array.isArray(values) ? { ...values } : {}))
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) after.delete(key)
    else after.set(key, mergePatch(after.get(key), value))
  }
  return Object.fromEntries(after)
}
