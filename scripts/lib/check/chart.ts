import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv, type ValidateFunction } from 'ajv'
import { chartFolder } from '../chart-rules/table.ts'
import type { Values } from '../values.ts'
import { parseValues } from './values-file.ts'

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
  readonly additionalProperties?: unknown
}

/** The chart that comes with this program. */
export function ownChart(): Chart {
  known ??= readChart()
  return known
}

let known: Chart | undefined

function readChart(): Chart {
  const read = (file: string): string => readFileSync(join(chartFolder, file), 'utf8')
  const schema = JSON.parse(read('values.schema.json'))
  const ajv = new Ajv({ allErrors: true, verbose: true, strict: true, allowUnionTypes: true })
  return { defaults: parseValues(read('values.yaml'), 'values.yaml').values, schema, accepts: ajv.compile(schema) }
}
