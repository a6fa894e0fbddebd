import { describe, expect, it } from 'vitest'
import { boardNames, type ClassicDashboard, chartDashboards, panelsOf, resourceText } from './dashboard-files.ts'

const pairs = boardNames.map((name, i) => [name, chartDashboards[i] as ClassicDashboard] as const)

describe.each(pairs)("%s in Grafana 13's schema", (name, classic) => {
  const { apiVersion, kind, metadata, spec } = JSON.parse(resourceText(name)) as Resource
  const panels = Object.values(spec.elements).map((element) => element.spec)

  it('is a resource of the same name, title and time', () => {
    expect({ apiVersion, kind, metadata }).toEqual({
      apiVersion: 'dashboard.grafana.app/v2',
      kind: 'Dashboard',
      metadata: { name: classic.uid },
    })
    expect(spec).toMatchObject({
      title: classic.title,
      editable: false,
      timeSettings: { timezone: 'browser', autoRefresh: '10s', from: 'now-30m', to: 'now' },
    })
  })

  it('has the same panels, which look and ask alike', () => {
    expect(panels.map(({ title, description, vizConfig }) => [title, description, vizConfig.group])).toEqual(
      panelsOf(classic).map(({ title, description, type }) => [title, description, type]),
    )
    expect(panels.map(({ vizConfig }) => vizConfig.spec.fieldConfig)).toEqual(
      panelsOf(classic).map(({ fieldConfig }) => fieldConfig),
    )
    expect(panels.map(({ data }) => data.spec.transformations.map(({ group }) => group))).toEqual(
      panelsOf(classic).map(({ transformations = [] }) => transformations.map(({ id }) => id)),
    )
    const asked = panels.flatMap(({ data }) =>
      data.spec.queries.map(({ spec }) => [spec.refId, spec.query.spec.expr, spec.query.spec.instant ?? false]),
    )
    expect(asked).toEqual(
      panelsOf(classic).flatMap(({ targets = [] }) =>
        targets.map(({ refId, expr, instant = false }) => [refId, expr, instant]),
      ),
    )
  })

  it('has every panel in one place, in rows of the same headings', () => {
    const { rows } = spec.layout.spec
    const rowTitles = classic.panels.filter(({ type }) => type === 'row').map(({ title }) => title)
    expect(rows.map((row) => row.spec.title)).toEqual(rowTitles)
    const placed = rows.flatMap((row) => row.spec.layout.spec.items.map((item) => item.spec))
    expect(placed.map(({ element }) => element.name)).toEqual(Object.keys(spec.elements))
    expect(placed.map(({ x, width, height }) => [x, width, height])).toEqual(
      panelsOf(classic).map(({ gridPos }) => [gridPos.x, gridPos.w, gridPos.h]),
    )
  })

  it('offers the same choices, and asks the chosen data source alone', () => {
    expect(spec.variables.map((variable) => variable.spec.name)).toEqual(
      classic.templating.list.map(({ name }) => name),
    )
    const used = [...JSON.stringify(spec).matchAll(/"datasource":\{"name":"([^"]*)"\}/g)].map(([, source]) => source)
    expect(new Set(used)).toEqual(new Set([`\${datasource}`]))
    expect(used.length).toBeGreaterThan(panels.length)
  })
})

interface Resource {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: object
  readonly spec: {
    readonly elements: Readonly<Record<string, { readonly spec: Panel }>>
    readonly variables: readonly { readonly spec: { readonly name: string } }[]
    readonly layout: { readonly spec: { readonly rows: readonly Row[] } }
  }
}

interface Panel {
  readonly title: string
  readonly description: string
  readonly vizConfig: { readonly group: string; readonly spec: { readonly fieldConfig: unknown } }
  readonly data: {
    readonly spec: {
      readonly transformations: readonly { readonly group: string }[]
      readonly queries: readonly {
        readonly spec: {
          readonly refId: string
          readonly query: { readonly spec: { readonly expr: string; readonly instant?: boolean } }
        }
      }[]
    }
  }
}

interface Row {
  readonly spec: { readonly title: string; readonly layout: { readonly spec: { readonly items: readonly Item[] } } }
}

interface Item {
  readonly spec: Readonly<Record<'x' | 'width' | 'height', number>> & { readonly element: { readonly name: string } }
}
