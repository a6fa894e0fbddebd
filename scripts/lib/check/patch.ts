import { isDeepStrictEqual } from 'node:util'
import { stringify } from 'yaml'
import { ruleChecks } from '../chart-rules/check-rules.ts'
import { isMap, type Values } from '../values.ts'
import type { Chart } from './chart.ts'
import type { Edit } from './describe-error.ts'
import { overlaid } from './merge-values.ts'
import type { Path } from './place.ts'
import { type Fault, faultsIn, type Problem, restored } from './problems.ts'
import { parseValues } from './values-file.ts'

/**
 * For each of the faults of values, what mends it when it is laid over them, as YAML; undefined where nothing that was tried
 * does. Each has been tried: its fault is gone, and there is none that was not there before. null takes a key away. It does so
 * with another -f of Helm's, too, except where the chart knows no such key: that one has to leave the file.
 */
export function patches(faults: readonly Fault[], given: Values, chart: Chart): (string | undefined)[] {
  if (faults.length === 0) return []
  const trial = new Trial(faults, given, chart)
  return faults.map((fault) => {
    const patch = candidates(fault.describe(), given, chart).find((candidate) => trial.mends(fault, candidate))
    return patch && written(patch)
  })
}

/** Where patches are tried: on the given values with the default in place of whatever the schema refuses, which is quick. */
class Trial {
  private readonly base: Values
  private readonly chart: Chart
  private readonly before: readonly string[]
  private readonly known: ReadonlySet<string>

  constructor(faults: readonly Fault[], given: Values, chart: Chart) {
    const without = (values: Values, { path }: Fault): Values => restored(values, chart.defaults, path)
    const left = faults.filter(({ kind }) => Object.hasOwn(ruleChecks, kind))
    this.chart = chart
    this.base = faults.filter((fault) => !left.includes(fault)).reduce(without, given)
    this.before = left.map(nameOf)
    const hiding = left.filter(({ kind }) => isOfNull(kind))
    const hidden = hiding.length > 0 ? faultsIn(hiding.reduce(without, this.base), chart) : []
    this.known = new Set([...faults, ...hidden].map(nameOf))
  }

  mends(fault: Fault, patch: Values): boolean {
    const name = nameOf(fault)
    const count = (names: readonly string[]): number => names.filter((one) => one === name).length
    const most = Math.max(0, count(this.before) - 1)
    const isMended = (values: Values): boolean => {
      const after = faultsIn(values, this.chart).map(nameOf)
      return count(after) <= most && after.every((one) => this.known.has(one))
    }
    if (!isMended(patched(this.base, patch))) return false
    return isUnknownKey(fault) || !holdsNull(patch) || isMended(overlaid(this.base, patch))
  }
}

const nameOf = ({ kind, path }: Fault): string => JSON.stringify([kind, path])

/** Where there is null no other rule is asked. */
const isOfNull = (id: string): boolean => id === 'object' || id === 'null-value'

const isUnknownKey = ({ kind }: Fault): boolean => kind === 'additionalProperties' || kind === 'unknown-key'

function candidates(problem: Problem, given: Values, { defaults }: Chart): Values[] {
  const { id, path, edits = [], mends = [] } = problem
  if (id === 'object') return [edited(given, path, { value: {} })]
  if (id === 'null-value') {
    const preset = path.reduce<unknown>((map, key) => (isMap(map) ? map[key] : undefined), defaults)
    return [edited(given, path, { value: preset })]
  }
  return [...edits.map((edit) => edited(given, path, edit)), ...(mends as readonly Values[])]
}

/** The least that has to be laid over values for an edit: a list as a whole, of maps the one key. */
function edited(given: Values, [key = '', ...deeper]: Path, edit: Edit): Values {
  const value = Object.hasOwn(given, key) ? given[key] : undefined
  if (deeper.length > 0) {
    if (Array.isArray(value)) return { [key]: copied(value, deeper, edit) }
    return { [key]: edited(isMap(value) ? value : {}, deeper, edit) }
  }
  if ('value' in edit) return { [key]: edit.value }
  return Object.hasOwn(given, edit.name) ? { [key]: null } : { [edit.name]: value, [key]: null }
}

function copied(at: unknown, [key, ...deeper]: Path, edit: Edit): unknown {
  const after = (value: unknown): unknown =>
    deeper.length > 0 ? copied(value, deeper, edit) : 'value' in edit ? edit.value : value
  if (Array.isArray(at)) return at.map((value, i) => (i === key ? after(value) : value))
  if (!isMap(at)) return at
  const name = deeper.length === 0 && 'name' in edit ? edit.name : key
  return Object.fromEntries(
    Object.entries(at).map(([one, value]) => (one === key ? [name, after(value)] : [one, value])),
  )
}

/** Values with a patch over them in which null takes a key away (RFC 7386). */
function patched(values: Values, patch: Values): Values {
  const after = new Map(Object.entries(values))
  for (const [key, value] of Object.entries(patch)) {
    const before = after.get(key)
    if (value === null) after.delete(key)
    else after.set(key, isMap(value) ? patched(isMap(before) ? before : {}, value) : value)
  }
  return Object.fromEntries(after)
}

const holdsNull = (value: unknown): boolean =>
  value === null || (typeof value === 'object' && Object.values(value).some(holdsNull))

/** As Helm would read it again, or not at all. */
function written(patch: Values): string | undefined {
  const text = stringify(patch, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false })
  return isDeepStrictEqual(parseValues(text, 'patch').values, patch) ? text : undefined
}
