import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { chart } from './helm.ts'

interface Suite {
  readonly suite: string
  readonly set?: Values
  readonly tests: readonly { readonly it: string; readonly set?: Values }[]
}
type Values = Record<string, unknown>

const accepts = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(
  JSON.parse(readFileSync(join(chart, 'values.schema.json'), 'utf8')),
)
const suites = readdirSync(join(chart, 'tests'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('_test.yaml'))
  .map((path): Suite => parse(readFileSync(join(chart, 'tests', path), 'utf8'), { merge: true }))

// The suites run without the schema, which Helm would compile for each of their tests and which takes half of the time.
describe.each(suites)('the suite $suite', ({ set = {}, tests }) => {
  it('sets only what the schema allows', () => {
    const refused = tests.flatMap(({ it, set: own = {} }) =>
      accepts(valuesOf({ ...set, ...own })) ? [] : [{ it, errors: accepts.errors }],
    )
    expect(refused).toEqual([])
  })
})

/** What `a.b: 1` sets, without nulls, which take values away before any schema sees them. */
function valuesOf(set: Values): Values {
  const values: Values = {}
  for (const [path, value] of Object.entries(set)) {
    const keys = path.split(/(?<!\\)\./).map((key) => key.replaceAll('\\.', '.').replace(/^\["?|"?\]$/g, ''))
    const last = keys.pop() ?? path
    let at = values
    for (const key of keys) at = at[key] = { ...(at[key] as Values) }
    at[last] = value
  }
  return withoutNulls(values) as Values
}

function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const kept = Object.entries(value).filter(([, inner]) => inner !== null)
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutNulls(inner)]))
}
