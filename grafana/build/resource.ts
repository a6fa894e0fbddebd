import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import {
  AnnotationQueryBuilder,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  type FieldConfigSource,
  grid,
  gridItem,
  manifest,
  PanelBuilder,
  QueryGroupBuilder,
  QueryVariableBuilder,
  row,
  rows,
  TargetBuilder,
  TimeSettingsBuilder,
  TransformationBuilder,
  VariableRefresh,
  VariableSort,
  VizConfigKindBuilder,
} from '@grafana/grafana-foundation-sdk/dashboardv2'
import { type Dataquery, QueryV2Builder } from '@grafana/grafana-foundation-sdk/prometheus'
import type { Manifest } from '@grafana/grafana-foundation-sdk/resource'
import { firingAlerts } from './annotations.ts'
import { type Board, shared } from './board.ts'
import { layOut } from './layout.ts'
import { type DrawnLink, linksFrom } from './links.ts'
import { datasource } from './query.ts'
import { datasourceVariable, labelValues, type QueryVariable } from './variables.ts'

/** A board in Grafana 13's schema, as a resource: `dashboard.grafana.app/v2`. */
export function dashboardResource({ uid, title, description, variables, sections }: Board): Manifest {
  const builder = new DashboardBuilder(title)
    .description(description)
    .tags([...shared.tags])
    .cursorSync(DashboardCursorSync.Crosshair)
    .editable(false)
    .timeSettings(
      new TimeSettingsBuilder()
        .timezone(shared.timezone)
        .from(shared.from)
        .to(shared.to)
        .autoRefresh(shared.refresh)
        .autoRefreshIntervals(['10s', '30s', '1m', '5m']),
    )
    .variables([dataSource(), ...variables.map(choice)])
    .links(linksFrom(uid).map(link))
    .annotations([alerts()])
  const layout = rows()
  let id = 1
  for (const section of sections) {
    const lines = grid()
    for (const { placed, position, ...laid } of layOut(section, id, 0).laid) {
      const name = `panel-${laid.id}`
      builder.element(name, panel(placed.panel.build(), laid.id))
      lines.item(gridItem(name).x(position.x).y(position.y).width(position.w).height(position.h))
    }
    id += section.panels.length
    layout.row(row(section.title).layout(lines))
  }
  return manifest(uid, builder.layout(layout)).build()
}

/** The same panel: the schemas differ in what is around queries and looks, not in those. */
function panel({ type, title = '', description = '', ...classic }: Panel, id: number): PanelBuilder {
  const queries = (classic.targets ?? []).map((target) => {
    const { refId = '', datasource: _, ...spec } = target as Dataquery
    const query = { ...promQuery().build(), spec }
    return new TargetBuilder().refId(refId).query({ build: () => query })
  })
  const transformations = (classic.transformations ?? []).map((one) =>
    new TransformationBuilder().group(one.id).options(one.options),
  )
  // The two schemas' types differ in enums of the same words.
  const fieldConfig = classic.fieldConfig as unknown as FieldConfigSource
  return new PanelBuilder()
    .id(id)
    .title(title)
    .description(description)
    .data(new QueryGroupBuilder().targets(queries).transformations(transformations))
    .visualization(new VizConfigKindBuilder().group(type).options(classic.options).fieldConfig(fieldConfig))
}

const promQuery = () => new QueryV2Builder().datasource({ name: datasource.uid })

const dataSource = () =>
  new DatasourceVariableBuilder(datasourceVariable.name)
    .label(datasourceVariable.label)
    .pluginId(datasourceVariable.type)

function choice(variable: QueryVariable): QueryVariableBuilder {
  const definition = labelValues(variable)
  const query = { ...promQuery().build(), spec: { qryType: 1, query: definition, refId: variable.name } }
  return new QueryVariableBuilder(variable.name)
    .label(variable.label)
    .description(variable.description)
    .query({ build: () => query })
    .definition(definition)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .current({ selected: true, text: ['All'], value: ['$__all'] })
}

const link = ({ title, tooltip, url }: DrawnLink) =>
  new DashboardLinkBuilder()
    .title(title)
    .type(DashboardLinkType.Link)
    .url(url)
    .tooltip(tooltip)
    .icon('dashboard')
    .includeVars(false)
    .keepTime(true)

function alerts(): AnnotationQueryBuilder {
  const { name, expr, iconColor, titleFormat, textFormat } = firingAlerts
  return new AnnotationQueryBuilder()
    .name(name)
    .enable(true)
    .hide(false)
    .iconColor(iconColor)
    .query(promQuery().expr(expr))
    .legacyOptions({ titleFormat, textFormat })
}
