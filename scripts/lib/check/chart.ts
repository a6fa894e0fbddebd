import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv, type ValidateFunction } from 'ajv'
import { load } from 'js-yaml'
import { chartFolder } from '../chart-rules/table.ts'
import type { Values } from '../values.ts'

/** What a chart says of its values. */
export interface Chart {
  readonly defaults: Values
  readonly schema: Schema
  /** The schema, compiled; it leaves what it has found in `errors`. */
  readonly accepts: ValidateFunction
}

/** As much of a JSON Schema as is looked at. */
export interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>
  readonly definitions?: Readonly<Record<string, unknown>>
}

/** The chart that comes with this program. */
export function ownChart(): Chart {
  known ??= readChart()
  return known
}

let known: Chart | undefined

/** All errors, from code that takes a third of the time to make: it runs on few values. A test holds the schema itself sound. */
const quickly = {
  ...{ allErrors: true, verbose: true, allowUnionTypes: true },
  ...{ strict: false, meta: false, validateSchema: false, inlineRefs: false, code: { optimize: false } },
} as const

function readChart(): Chart {
  const read = (file: string): string => readFileSync(join(chartFolder, file), 'utf8')
  const schema = JSON.parse(read('values.schema.json'))
  return { defaults: load(read('values.yaml')) as Values, schema, accepts: new Ajv(quickly).compile(schema) }
}
