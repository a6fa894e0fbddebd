import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { beforeAll, describe, expect, it } from 'vitest'
import { parseAnnotatedValues } from '../../../scripts/lib/annotated-values/parse.ts'
import { type Setting, sampleName } from '../../../scripts/lib/annotated-values/setting.ts'
import { tool } from '../../../scripts/lib/tools.ts'
import { chart, toolsTimeoutMs } from '../../chart/helm.ts'
import { helmComplaints } from './scratch-chart.ts'

const { settings } = parseAnnotatedValues(readFileSync(join(chart, 'values.yaml'), 'utf8'), 'values.yaml')
const schema = JSON.parse(readFileSync(join(chart, 'values.schema.json'), 'utf8'))

/** Values in which every declared key stands misspelt, once for each way, and no key stands as it should. */
interface Misspelt {
  readonly values: Record<string, unknown>
  /** The pointer of the object and the key in it, of each. */
  readonly keys: readonly string[]
  /** How many declared keys there are. */
  readonly declared: number
}

/** The likely slips: a letter twice, two in the wrong order, one left out, and the wrong case. */
const slips: readonly ((key: string) => string)[] = [
  (key) => `${key}${key.at(-1)}`,
  (key) => key.replace(/(.)(.)$/, '$2$1'),
  (key) => key.slice(0, -1),
  (key) => key.charAt(0).toUpperCase() + key.slice(1),
]

function misspell(keys: readonly Setting[], pointer = ''): Misspelt {
  const names = new Set(keys.map(({ key }) => key))
  const values: Record<string, unknown> = {}
  // A parent chart may keep anything in global, so that nothing can be wrong with a key there.
  const wrong = pointer === '/global' ? [] : keys.flatMap(({ key }) => slips.map((slip) => slip(key)))
  const fresh = [...new Set(wrong)].filter((key) => key !== '' && !names.has(key))
  for (const key of fresh) values[key] = 'misspelt'
  const inner = keys.flatMap(({ key, value }) => {
    if (value.kind === 'object') return [{ key, found: misspell(value.keys, `${pointer}/${key}`) }]
    if (value.kind === 'plain' || value.entry.kind === 'plain') return []
    const { values, ...rest } = misspell(value.entry.keys, `${pointer}/${key}/${sampleName}`)
    return [{ key, found: { values: { [sampleName]: values }, ...rest } }]
  })
  for (const { key, found } of inner) values[key] = found.values
  return {
    values,
    keys: [...fresh.map((key) => `${pointer} ${key}`), ...inner.flatMap(({ found }) => found.keys)],
    declared: keys.length + inner.reduce((sum, { found }) => sum + found.declared, 0),
  }
}

describe('every key of charts/echo, misspelt', () => {
  const { values, keys, declared } = misspell(settings)

  it('is a key of more than 300, each misspelt in three ways or more', () => {
    const inGlobal = settings.find(({ key }) => key === 'global')?.value
    const open = inGlobal?.kind === 'object' ? inGlobal.keys.length : 0
    expect(declared).toBeGreaterThan(300)
    expect(keys.length).toBeGreaterThan(3 * (declared - open))
  })

  it('is refused by ajv, with its place, and nothing else is', () => {
    const accepts = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(schema)
    expect(accepts(values)).toBe(false)
    const refused = accepts.errors?.map(({ instancePath, params, message }) =>
      params.additionalProperty === undefined
        ? `${instancePath}: ${message}`
        : `${instancePath} ${params.additionalProperty}`,
    )
    expect(refused?.sort()).toEqual(keys.toSorted())
  })

  describe.each(['helm', 'helm3'] as const)('by %s', (helm) => {
    beforeAll(() => tool(helm), toolsTimeoutMs)

    it('is refused, with its place, and nothing else is', async () => {
      const complaints = await helmComplaints(chart, values, helm)
      const refused = complaints.flatMap(({ at, says }) => {
        const [, list] = /^additional properties (.*) not allowed$/.exec(says) ?? []
        return list === undefined ? [`${at}: ${says}`] : [...list.matchAll(/'(.*?)'/g)].map(([, key]) => `${at} ${key}`)
      })
      expect(refused.sort()).toEqual(keys.toSorted())
    })
  })
})
