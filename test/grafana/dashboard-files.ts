import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { chartFolder, resourceFolder } from '../../grafana/build/files.ts'
import { projectRoot } from '../chart/helm.ts'

/** A query of a panel, as Grafana reads it. */
export interface Target {
  readonly refId: string
  readonly expr: string
  readonly format: string
  readonly instant?: boolean
  readonly legendFormat?: string
  readonly datasource?: { readonly type: string; readonly uid: string }
}

/** The part of a classic panel that is looked at here. */
export interface ClassicPanel {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly description?: string
  readonly datasource?: { readonly type: string; readonly uid: string }
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly targets?: readonly Target[]
  readonly transformations?: readonly { readonly id: string; readonly options: Record<string, unknown> }[]
  readonly fieldConfig?: {
    readonly defaults: { readonly unit?: string }
    readonly overrides: readonly { readonly properties: readonly { readonly id: string; readonly value: unknown }[] }[]
  }
}

export interface ClassicVariable {
  readonly name: string
  readonly type: string
  readonly label: string
  readonly query: string
  readonly refresh?: number
}

export interface ClassicDashboard {
  readonly uid: string
  readonly title: string
  readonly editable: boolean
  readonly panels: readonly ClassicPanel[]
  readonly templating: { readonly list: readonly ClassicVariable[] }
  readonly annotations: { readonly list: readonly { readonly name: string; readonly expr: string }[] }
  readonly links: readonly { readonly url: string }[]
}

export const boardNames = ['distribution', 'clients', 'mesh'] as const

/** The chart's dashboards as they lie there. */
export const chartDashboards: readonly ClassicDashboard[] = boardNames.map((name) =>
  JSON.parse(readFileSync(join(projectRoot, chartFolder, `${name}.json`), 'utf8')),
)

/** The same in Grafana 13's schema. */
export const resourceText = (name: string): string =>
  readFileSync(join(projectRoot, resourceFolder, `${name}.json`), 'utf8')

/** Panels that show something; rows are headings. */
export const panelsOf = ({ panels }: ClassicDashboard): readonly ClassicPanel[] =>
  panels.filter(({ type }) => type !== 'row')

/** Every query of every dashboard, with where it stands. */
export const allTargets: readonly { readonly where: string; readonly panel: ClassicPanel; readonly target: Target }[] =
  chartDashboards.flatMap((dashboard) =>
    panelsOf(dashboard).flatMap((panel) =>
      (panel.targets ?? []).map((target) => ({
        where: `${dashboard.title}: ${panel.title} ${target.refId}`,
        panel,
        target,
      })),
    ),
  )

/** What the linter is told to pass over: rule to reason, as in dashboard-linter's own file. */
export const exclusions: Readonly<Record<string, { readonly reason: string }>> = parse(
  readFileSync(join(projectRoot, 'grafana/.lint'), 'utf8'),
).exclusions
