import type { ChartValues } from '../chart-rules/chart-values.ts'
import { checkRules, type Problem as RuleProblem } from '../chart-rules/check-rules.ts'
import type { Severity } from '../findings/finding.ts'
import { isMap, type Values } from '../values.ts'
import type { Chart } from './chart.ts'
import type { Edit } from './describe-error.ts'
import { overDefaults } from './merge-values.ts'
import type { Path } from './place.ts'
import { schemaFaults } from './schema-problems.ts'

/** Something wrong with values, before it is put into words: looking for the word that was meant takes long. */
export interface Fault {
  readonly kind: string
  readonly severity: Severity
  readonly path: Path
  readonly describe: () => Problem
}

/** Something wrong with values, wherever they stand. */
export interface Problem {
  readonly id: string
  readonly severity: Severity
  readonly path: Path
  readonly reason: string
  readonly fix: string
  readonly suggestion?: string | undefined
  /** What may mend it in its place, and values that may when they are laid over; the best first, and none of it tried. */
  readonly edits?: readonly Edit[]
  readonly mends?: readonly object[]
}

/**
 * What a chart's schema and its rules have against values that a user gives. In place of what the schema refuses rules see the
 * default, so that one run tells all.
 */
export function faultsIn(given: Values, chart: Chart): Fault[] {
  const merged = overDefaults(chart.defaults, given)
  const alone = schemaFaults(chart, merged)
  const refused = alone.filter(({ severity }) => severity === 'error')
  const sound = refused.reduce((values, { path }) => restored(values, chart.defaults, path), merged)
  const together = refused.length === 0 || chart.accepts(sound) ? checkRules(sound as unknown as ChartValues) : []
  return [...alone, ...together.map((problem) => inPlace(problem, sound))]
}

/** Values with the default in the place of what is wrong there, or nothing where there is no default. */
export function restored(values: Values, defaults: unknown, [key, ...deeper]: Path): Values {
  if (key === undefined) return isMap(defaults) ? defaults : {}
  const preset = isMap(defaults) && Object.hasOwn(defaults, key) ? defaults[key] : undefined
  const { [key]: value, ...others } = values
  if (deeper.length > 0 && isMap(value)) return { ...others, [key]: restored(value, preset, deeper) }
  return preset === undefined ? others : { ...others, [key]: preset }
}

function inPlace({ path: words, ...problem }: RuleProblem, values: Values): Fault {
  const path = pathIn(values, words.split('.'))
  return { kind: problem.id, severity: problem.severity, path, describe: () => ({ ...problem, path }) }
}

/** A path of words between dots as keys, of which some may hold dots themselves. */
function pathIn(values: unknown, words: readonly string[]): Path {
  if (words.length === 0) return []
  const lengths = words.map((_, i) => i + 1)
  const length = lengths.find((n) => isMap(values) && Object.hasOwn(values, words.slice(0, n).join('.'))) ?? 1
  const key = words.slice(0, length).join('.')
  return [key, ...pathIn(isMap(values) ? values[key] : undefined, words.slice(length))]
}
