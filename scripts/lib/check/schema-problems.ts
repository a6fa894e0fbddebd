import type { ErrorObject } from 'ajv'
import type { Severity } from '../chart-rules/table.ts'
import { isMap, type Values } from '../values.ts'
import type { Chart } from './chart.ts'
import { describeError, meant } from './describe-error.ts'
import type { Path } from './place.ts'

/** What is wrong with one value by itself. */
export interface SchemaProblem {
  readonly id: string
  readonly severity: Severity
  readonly path: Path
  readonly reason: string
  readonly fix: string
  /** The key or value that was most likely meant. */
  readonly suggestion?: string | undefined
}

/** Everything that a chart's schema has against values, and keys that it lets pass and that look misspelt. */
export function schemaProblems({ accepts, schema }: Chart, values: Values): SchemaProblem[] {
  const errors = accepts(values) ? [] : (accepts.errors ?? [])
  return [...errors.map((error) => problemOf(error, values)), ...slipsInGlobal(values, schema)]
}

function problemOf(error: ErrorObject, values: Values): SchemaProblem {
  const { key, ...described } = describeError(error)
  const path = pathOf(error.instancePath, values)
  return { ...described, severity: 'error', path: key === undefined ? path : [...path, key] }
}

/** `global` belongs to the parent chart, so that a key which is none of ours may well be right. */
function slipsInGlobal(values: Values, schema: Chart['schema']): SchemaProblem[] {
  const known = Object.keys(schema.properties?.global?.properties ?? {})
  const unknown = Object.keys(isMap(values.global) ? values.global : {}).filter((key) => !known.includes(key))
  return unknown.flatMap((key) => {
    const { suggestion, fix } = meant(key, known)
    const problem = { id: 'unknown-key', severity: 'warning' as const, path: ['global', key], suggestion, fix }
    return suggestion === undefined ? [] : [{ ...problem, reason: 'the chart has no such key' }]
  })
}

/** A JSON pointer as keys, and as numbers where it leads through lists. */
function pathOf(pointer: string, values: unknown): Path {
  let at = values
  return pointer
    .split('/')
    .slice(1)
    .map((step) => {
      const key = Array.isArray(at) ? Number(step) : step.replaceAll('~1', '/').replaceAll('~0', '~')
      at = (at as Readonly<Record<string | number, unknown>>)[key]
      return key
    })
}
