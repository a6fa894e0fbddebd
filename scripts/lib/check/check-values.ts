import type { Finding } from '../findings/finding.ts'
import type { Values } from '../values.ts'
import { type Chart, ownChart } from './chart.ts'
import { overlaid } from './merge-values.ts'
import { patches } from './patch.ts'
import { fileLayer, type Layer, pathText, placeOf, setLayer } from './place.ts'
import { faultsIn } from './problems.ts'
import { applySet } from './set-values.ts'
import type { ValuesFile } from './values-file.ts'

/**
 * What a chart's schema and its rules have against values files, which are laid over the chart's defaults in their order, and
 * over them what --set says. In the order of places; those in a --set, as file `--set` and the one of several that it is as line,
 * come last.
 *
 * @param sets `key=value` each, as Helm's --set has it
 * @throws EvenlyError (exit 64) for a set that Helm could not read
 */
export function checkValues(
  files: readonly ValuesFile[],
  sets: readonly string[] = [],
  chart: Chart = ownChart(),
): Finding[] {
  const { values, layers } = together(files, sets)
  const faults = faultsIn(values, chart)
  const mending = patches(faults, values, chart)
  const ranks = new Map(files.map(({ file }, rank) => [file, rank]))
  const rank = ({ file }: Finding): number => ranks.get(file) ?? files.length
  return faults
    .map((fault, i): Finding => {
      const { id: rule, severity, path, reason, fix, suggestion } = fault.describe()
      const message = `${reason}; ${fix}${fix.endsWith('?') ? '' : '.'}`
      const patch = mending[i]
      return { ...placeOf(path, layers), path: pathText(path), rule, severity, message, suggestion, patch }
    })
    .toSorted((one, other) => rank(one) - rank(other) || one.line - other.line || one.column - other.column)
}

function together(files: readonly ValuesFile[], sets: readonly string[]): { values: Values; layers: Layer[] } {
  const layers = files.map(fileLayer)
  let values = files.map((file) => file.values).reduce(overlaid, {})
  for (const [i, text] of sets.entries()) {
    const applied = applySet(values, text, i + 1)
    values = applied.values
    layers.push(setLayer(text, i + 1, applied.set))
  }
  return { values, layers }
}
