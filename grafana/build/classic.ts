import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import {
  AnnotationQueryBuilder,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  type VariableModel,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { firingAlerts } from './annotations.ts'
import { type Board, shared } from './board.ts'
import { gridColumns, layOut } from './layout.ts'
import { type DrawnLink, linksFrom } from './links.ts'
import { datasource } from './query.ts'
import { datasourceVariable, labelValues, type QueryVariable } from './variables.ts'

/** A board in the classic schema, which Grafana 10 to 13, its sidecar and its operator read. */
export function classicDashboard({ uid, title, description, variables, sections }: Board): Dashboard {
  const builder = new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags([...shared.tags])
    .timezone(shared.timezone)
    .time({ from: shared.from, to: shared.to })
    .refresh(shared.refresh)
    .tooltip(DashboardCursorSync.Crosshair)
    .readonly()
    .variables([dataSource(), ...variables.map(choice)])
    .links(linksFrom(uid).map(link))
    .annotation(alerts())
  let [id, top] = [1, 0]
  for (const section of sections) {
    builder.withRow(new RowBuilder(section.title).id(id).gridPos({ x: 0, y: top, w: gridColumns, h: 1 }))
    const { laid, bottom } = layOut(section, id + 1, top + 1)
    for (const panel of laid) builder.withPanel(built(panel.placed.panel.build(), panel.id, panel.position))
    ;[id, top] = [id + 1 + laid.length, bottom]
  }
  return builder.build()
}

/** The SDK wants a builder, and a panel may be placed once per schema. */
const built = <P extends object>(panel: P, id: number, gridPos: object) => ({
  build: () => ({ ...panel, id, gridPos }) as never,
})

const dataSource = () =>
  new DatasourceVariableBuilder(datasourceVariable.name).label(datasourceVariable.label).type(datasourceVariable.type)

function choice(variable: QueryVariable): { build(): VariableModel } {
  const { name, label, description } = variable
  const query = labelValues(variable)
  return new QueryVariableBuilder(name)
    .label(label)
    .description(description)
    .datasource(datasource)
    .query(query)
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .current({ selected: true, text: ['All'], value: ['$__all'] })
}

const link = ({ title, tooltip, url }: DrawnLink) =>
  inSight(
    new DashboardLinkBuilder(title)
      .type(DashboardLinkType.Link)
      .url(url)
      .tooltip(tooltip)
      .icon('dashboard')
      .includeVars(false)
      .keepTime(true),
  )

const alerts = () =>
  inSight(
    new AnnotationQueryBuilder()
      .name(firingAlerts.name)
      .datasource(datasource)
      .enable(true)
      .iconColor(firingAlerts.iconColor)
      .expr(firingAlerts.expr)
      .titleFormat(firingAlerts.titleFormat)
      .textFormat(firingAlerts.textFormat),
  )

/** The SDK would put it into a menu, where nobody looks for it. */
function inSight<T extends { placement?: unknown }>(builder: Builder<T>): Builder<T> {
  const { placement: _, ...seen } = builder.build()
  return { build: () => seen as T }
}
