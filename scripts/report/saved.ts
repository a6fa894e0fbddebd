import { Ajv, type ErrorObject } from 'ajv'
import type { Row } from '../cluster/result.ts'
import type { Series } from '../cluster/stopwatch/rebalance-types.ts'
import { describeError } from '../lib/check/describe-error.ts'
import { badInput } from '../lib/exit.ts'
import { isMap } from '../lib/values.ts'
import type { RunInfo } from './run-info.ts'
import { rowOf, type SavedRow } from './saved-row.ts'
import { infoSchema, notRunSchema, resultSchema } from './saved-schema.ts'
import { oneLine } from './visible.ts'

export interface Saved {
  readonly rows: readonly Row[]
  /** Undefined for a bare list. */
  readonly info: RunInfo | undefined
}

/**
 * Results out of the JSON they were saved as: the list that `-o json` prints, or `{info, rows}`, which tells besides when
 * and with what they were measured.
 *
 * @param name what the text is called in errors
 * @throws EvenlyError (exit 65) whose one sentence says what is wrong and what to do
 */
export function parseSaved(json: string, name: string): Saved {
  const value = parseJson(json, name)
  if (Array.isArray(value)) return { rows: rowsOf(value, name), info: undefined }
  if (!isMap(value) || !Array.isArray(value.rows)) throw badInput(`${name} holds no list of results: ${fix}`)
  return { rows: rowsOf(value.rows, name), info: value.info === undefined ? undefined : infoOf(value.info, name) }
}

const fix = 'give what `evenly matrix -o json` or `evenly demo --once -o json` printed'

function parseJson(json: string, name: string): unknown {
  if (json.trim() === '') throw badInput(`${name} is empty: ${fix}`)
  try {
    return JSON.parse(json)
  } catch (error) {
    throw badInput(`${name} is not JSON (${oneLine((error as Error).message)}): ${fix}`)
  }
}

function rowsOf(values: readonly unknown[], name: string): Row[] {
  if (values.length === 0) throw badInput(`${name} holds an empty list: ${fix}`)
  return values.map((value, index) => {
    const place = `${name}: result ${index + 1}`
    if (!isMap(value)) throw badInput(`${place} is no object: ${fix}`)
    check(value.verdict === null ? notRunSchema : resultSchema, value, `${place}${calledIn(value.scenario)}`)
    // The schemas are those of a saved row.
    const row = rowOf(value as unknown as SavedRow)
    if (row.verdict !== null && row.rebalance) checkSeries(row.rebalance.series, `${place}${calledIn(row.scenario)}`)
    return row
  })
}

const calledIn = (scenario: unknown): string => (typeof scenario === 'string' ? ` (${oneLine(scenario)})` : '')

function infoOf(value: unknown, name: string): RunInfo {
  check(infoSchema, value, `${name}: info`)
  const info = value as RunInfo
  if (Number.isNaN(Date.parse(info.startedAt))) throw badInput(`${name}: info: startedAt is no time: ${fix}`)
  return info
}

const ajv = new Ajv({ verbose: true, strict: true })

function check(schema: object, value: unknown, place: string): void {
  const accepts = ajv.compile(schema)
  if (accepts(value)) return
  const [error] = accepts.errors ?? []
  throw badInput(oneLine(`${place}: ${error ? problemOf(error) : 'is no result'}: ${fix}`))
}

/** What is wrong with one value, after the keys that lead to it. */
function problemOf(error: ErrorObject): string {
  const path = error.instancePath.slice(1).replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~')
  const { reason } = describeError(error)
  return path === '' ? reason : `${path}: ${reason}`
}

/** What a schema cannot say: the lists go together, and time goes on. */
function checkSeries({ seconds, calls, failed }: Series, place: string): void {
  const lists = [failed, ...Object.values(calls)]
  if (lists.some(({ length }) => length !== seconds.length)) {
    throw badInput(`${place}: rebalance.series has lists of different lengths: ${fix}`)
  }
  if (seconds.some((second, index) => second <= (seconds[index - 1] ?? -1))) {
    throw badInput(`${place}: rebalance.series.seconds do not rise: ${fix}`)
  }
}
