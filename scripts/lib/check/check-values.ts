import type { ChartValues } from '../chart-rules/chart-values.ts'
import { checkRules, type Problem } from '../chart-rules/check-rules.ts'
import type { Severity } from '../chart-rules/table.ts'
import { isMap, type Values } from '../values.ts'
import { type Chart, ownChart } from './chart.ts'
import { mergeValues } from './merge-values.ts'
import { type Path, type Place, pathText, placeOf } from './place.ts'
import { type SchemaProblem, schemaProblems } from './schema-problems.ts'
import type { ValuesFile } from './values-file.ts'

/** Something wrong with values, and where. */
export interface Finding extends Place {
  readonly path: string
  readonly id: string
  readonly severity: Severity
  /** Why it is wrong and how to mend it. */
  readonly message: string
  /** The key or value that was most likely meant. */
  readonly suggestion: string | undefined
}

/**
 * What a chart's schema and its rules have against values files, which are laid over the chart's defaults in their order.
 * In place of what the schema refuses rules see the default, so that one run tells all. In the order of places.
 */
export function checkValues(files: readonly ValuesFile[], chart: Chart = ownChart()): Finding[] {
  const given = files.map(({ values }) => values)
  const merged = mergeValues(chart.defaults, given)
  const alone = schemaProblems(chart, merged)
  const refused = alone.filter(({ severity }) => severity === 'error')
  const sound = refused.reduce((values, { path }) => restored(values, chart.defaults, path), merged)
  const together = chart.accepts(sound) ? checkRules(sound as unknown as ChartValues) : []
  return [
    ...alone.map((problem) => findingOf(problem, problem.path, files)),
    ...together.map((problem) => findingOf(problem, problem.path.split('.'), files)),
  ].toSorted(
    (one, other) => rank(one, files) - rank(other, files) || one.line - other.line || one.column - other.column,
  )
}

function findingOf(problem: SchemaProblem | Problem, path: Path, files: readonly ValuesFile[]): Finding {
  const { id, severity, reason, fix } = problem
  const suggestion = 'suggestion' in problem ? problem.suggestion : undefined
  const message = `${reason}; ${fix}${fix.endsWith('?') ? '' : '.'}`
  return { ...placeOf(path, files), path: pathText(path), id, severity, message, suggestion }
}

const rank = (place: Place, files: readonly ValuesFile[]): number => files.findIndex(({ file }) => file === place.file)

/** Values with the default in the place of what is wrong there, or nothing where there is no default. */
function restored(values: Values, defaults: unknown, [key, ...deeper]: Path): Values {
  if (key === undefined) return isMap(defaults) ? defaults : {}
  const preset = isMap(defaults) && Object.hasOwn(defaults, key) ? defaults[key] : undefined
  const { [key]: value, ...others } = values
  if (deeper.length > 0 && isMap(value)) return { ...others, [key]: restored(value, preset, deeper) }
  return preset === undefined ? others : { ...others, [key]: preset }
}
