import { badInput, EvenlyError, exitCode, usageError } from './exit.ts'

/** Calls per peer and what the peers are called, in one order. */
export interface NamedCounts {
  names: string[]
  counts: number[]
}

/** `--counts 118,91,91`: whole numbers from 0 up; peers become `peer 1`, `peer 2`, ... Throws a usage error of one sentence. */
export function parseCounts(list: string): NamedCounts {
  const counts = list.split(',').map((item, i) => {
    const count = Number(item)
    if (/^\s*\d+\s*$/.test(item) && Number.isSafeInteger(count)) return count
    throw usageError(
      `--counts has '${item}' in place ${i + 1}: give whole numbers of calls from 0 up, separated by commas`,
    )
  })
  return { names: numbered(counts), counts }
}

/**
 * Counts from a JSON object `{"pod-a": 118, "pod-b": 91}` or an array `[118, 91]`. As in all of JavaScript, object keys that
 * are whole numbers come first, ascending. Throws bad input (exit 65) of one sentence.
 */
export function countsFromJson(json: string): NamedCounts {
  const value = parseJson(json)
  if (typeof value !== 'object' || value === null) {
    throw badInput(`stdin holds ${JSON.stringify(value)}: give a JSON object {peer: calls} or an array of calls`)
  }
  const counts = Object.entries(value).map(([name, count]: [string, unknown]) => {
    if (typeof count === 'number' && Number.isSafeInteger(count) && count >= 0) return count
    throw badInput(`stdin has ${JSON.stringify(count)} calls for peer ${name}: give whole numbers from 0 up`)
  })
  return { names: Array.isArray(value) ? numbered(counts) : Object.keys(value), counts }
}

/** `--weights 70,30`: numbers from 0 up, not all 0, as many as `peers`. Throws a usage error of one sentence. */
export function parseWeights(list: string, peers: number): number[] {
  const weights = list.split(',').map((item, i) => {
    if (isDecimal(item)) return Number(item)
    throw usageError(`--weights has '${item}' in place ${i + 1}: give numbers from 0 up, separated by commas`)
  })
  if (weights.length !== peers) {
    throw usageError(`--weights is a list of ${weights.length} but --counts of ${peers}: give one weight per peer`)
  }
  if (weights.every((weight) => weight === 0)) {
    throw usageError('--weights are all 0, so no peer can be given a share: give at least one weight above 0')
  }
  return weights
}

/** `--clients 2`: a whole number from 1 up. Throws a usage error of one sentence. */
export function parseClients(value: string): number {
  const clients = Number(value)
  if (/^\d+$/.test(value) && Number.isSafeInteger(clients) && clients >= 1) return clients
  throw usageError(`--clients '${value}' is no number of clients: give a whole number from 1 up`)
}

/** `--alpha 0.001`: a number above 0 and below 1. Throws a usage error of one sentence. */
export function parseAlpha(value: string): number {
  const alpha = Number(value)
  if (isDecimal(value) && alpha > 0 && alpha < 1) return alpha
  throw usageError(`--alpha '${value}' is no rate of false alarms: give a number between 0 and 1, for example 0.001`)
}

/** A value of a fixed list. Throws a usage error of one sentence that names the option and the list. */
export function oneOf<T extends string>(option: string, allowed: readonly T[], value: string): T {
  const found = allowed.find((name) => name === value)
  if (found !== undefined) return found
  throw usageError(`${option} '${value}' is unknown: use one of ${allowed.join(', ')}`)
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch (error) {
    const message = 'stdin is not JSON: give an object {peer: calls} or an array of calls'
    throw new EvenlyError(exitCode.badInput, message, { cause: error })
  }
}

const numbered = (counts: readonly number[]): string[] => counts.map((_, i) => `peer ${i + 1}`)

/** Plain or scientific notation, finite: `70`, `.5`, `1e-3`. */
const isDecimal = (item: string): boolean =>
  /^\s*(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?\s*$/i.test(item) && Number.isFinite(Number(item))
