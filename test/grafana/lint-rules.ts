import * as units from '@grafana/grafana-foundation-sdk/units'
import type { ClassicDashboard, ClassicPanel, Target } from './dashboard-files.ts'
import { panelsOf } from './dashboard-files.ts'
import { filledIn, selectedMetrics, syntaxErrors } from './promql.ts'

/** A rule of Grafana's dashboard-linter: what is wrong with a dashboard, a sentence each. */
export type LintRule = (dashboard: ClassicDashboard) => string[]

/**
 * The 17 rules, by the linter's names. Written anew, since the linter itself cannot be had as a Go module, and stricter where
 * its own are easy on kinds of panels that it does not know. Source: https://github.com/grafana/dashboard-linter/tree/main/docs
 */
export const lintRules: Readonly<Record<string, LintRule>> = {
  'template-datasource-rule': ({ templating }) => {
    const sources = templating.list.filter(({ type }) => type === 'datasource')
    const [one] = sources
    const right = one?.name === 'datasource' && one.label === 'Data source' && one.query === 'prometheus'
    return sources.length === 1 && right ? [] : ['there is no single data source variable of that name and label']
  },
  'template-job-rule': needsVariable('job'),
  'template-instance-rule': needsVariable('instance'),
  'template-label-promql-rule': ({ templating }) =>
    templating.list
      .filter(({ type }) => type === 'query')
      .flatMap(({ name, query }) => {
        const [, series] = /^label_values\((.+), \w+\)$/.exec(query) ?? []
        if (series === undefined) return [`${name}: ${query} is no label_values(SERIES, LABEL)`]
        return syntaxErrors(filledIn(series)).map((error) => `${name}: ${error}`)
      }),
  'template-on-time-change-reload-rule': ({ templating }) =>
    templating.list.filter(({ type, refresh }) => type === 'query' && refresh !== 2).map(({ name }) => name),
  'panel-datasource-rule': eachPanel(({ datasource, targets = [] }) =>
    [{ datasource }, ...targets].some((one) => one.datasource?.uid !== `\${datasource}`) ? 'another data source' : '',
  ),
  'panel-title-description-rule': eachPanel(({ title, description }) =>
    title && description ? '' : 'no title or no description',
  ),
  'panel-units-rule': eachPanel(({ fieldConfig }) => {
    const overrides = fieldConfig?.overrides.flatMap(({ properties }) => properties.filter(({ id }) => id === 'unit'))
    const used = [fieldConfig?.defaults.unit, ...(overrides ?? []).map(({ value }) => value)]
    return used.every((unit) => knownUnits.has(unit)) ? '' : `one of these is no unit: ${used.join(', ')}`
  }),
  'panel-no-targets-rule': eachPanel(({ targets = [] }) => (targets.length > 0 ? '' : 'nothing is asked')),
  'target-promql-rule': eachTarget(({ expr }) => syntaxErrors(filledIn(expr)).join('; ')),
  'target-rate-interval-rule': eachSelected(({ range, calledBy }) =>
    (calledBy === 'rate' || calledBy === 'irate') && range !== rateInterval ? 'a rate over a range of its own' : '',
  ),
  'target-job-rule': eachSelected(({ matchers }) => (matchers.includes('job=~"x"') ? '' : 'no job')),
  'target-instance-rule': eachSelected(({ matchers }) => (matchers.includes('instance=~"x"') ? '' : 'no instance')),
  'target-counter-agg-rule': eachSelected(({ metric, calledBy = '' }) =>
    metric.endsWith('_total') && !['rate', 'irate', 'increase'].includes(calledBy) ? 'a bare counter' : '',
  ),
  'target-logql-rule': eachTarget(asksPrometheus),
  'target-logql-auto-rule': eachTarget(asksPrometheus),
  'uneditable-dashboard-rule': ({ editable }) =>
    editable ? ['it can be edited, and the next import undoes that'] : [],
}

/** A range that no query has by itself. */
const rateInterval = '4321s'

const knownUnits: ReadonlySet<unknown> = new Set(Object.values(units))

function needsVariable(name: string): LintRule {
  return ({ templating }) => (templating.list.some((one) => one.name === name) ? [] : [`no variable ${name}`])
}

function eachPanel(rule: (panel: ClassicPanel) => string): LintRule {
  return (dashboard) => panelsOf(dashboard).flatMap((panel) => named(panel.title, rule(panel)))
}

function eachTarget(rule: (target: Target) => string): LintRule {
  return (dashboard) =>
    panelsOf(dashboard).flatMap(({ title, targets = [] }) =>
      targets.flatMap((target) => named(`${title} ${target.refId}`, rule(target))),
    )
}

function eachSelected(rule: (selected: ReturnType<typeof selectedMetrics>[number]) => string): LintRule {
  return eachTarget(({ expr }) =>
    selectedMetrics(filledIn(expr, { __rate_interval: rateInterval }))
      .map(rule)
      .filter(Boolean)
      .join('; '),
  )
}

/** No query is for Loki, so there is no LogQL to look at. */
function asksPrometheus({ datasource }: Target): string {
  return datasource?.type === 'prometheus' ? '' : `asks ${datasource?.type}`
}

const named = (where: string, problem: string): string[] => (problem === '' ? [] : [`${where}: ${problem}`])
