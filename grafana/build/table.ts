import { TableCellDisplayMode, TableSortByFieldStateBuilder } from '@grafana/grafana-foundation-sdk/common'
import type { DataTransformerConfig } from '@grafana/grafana-foundation-sdk/dashboard'
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table'
import { describe, type PanelOptions, type Placed } from './panel.ts'
import { asRows, lettered, type Query } from './query.ts'
import { type Step, thresholds } from './thresholds.ts'

/** A column that holds numbers: what one query returned. */
export interface Column {
  readonly query: Query
  /** Its heading. A column without one only brings labels, as an info metric does. */
  readonly name?: string
  readonly unit?: string
  readonly decimals?: number
  readonly steps?: readonly Step[]
}

interface TableOptions extends PanelOptions {
  readonly columns: readonly Column[]
  /** Headings of labels; the order is that of the columns. */
  readonly labels: Readonly<Record<string, string>>
  /** Heading of the column that rows are sorted by, the least first. */
  readonly sortBy: string
}

/** A row per set of labels, a column per label and per query that has a name; rows with the same labels are one. */
export function table(options: TableOptions): Placed {
  const { columns, labels, sortBy, width, height } = options
  const builder = describe(new PanelBuilder(), options, lettered(columns.map(({ query }) => asRows(query))))
    .transformations([{ id: 'merge', options: {} }, organized(columns, labels)])
    .sortBy([new TableSortByFieldStateBuilder().displayName(sortBy).desc(false)])
    .filterable(true)
  for (const { name, unit = options.unit, decimals, steps } of columns) {
    if (name === undefined) continue
    const cells = { id: 'custom.cellOptions', value: { type: TableCellDisplayMode.ColorText } }
    builder.overrideByName(name, [
      { id: 'unit', value: unit },
      ...(decimals === undefined ? [] : [{ id: 'decimals', value: decimals }]),
      ...(steps === undefined ? [] : [{ id: 'thresholds', value: thresholds(steps).build() }, cells]),
    ])
  }
  return { width, height, panel: builder }
}

/** Labels first, then values under their names; without the time, which is the same in all. */
function organized(columns: readonly Column[], labels: Readonly<Record<string, string>>): DataTransformerConfig {
  // Of one query the column is called Value, of several each has its letter.
  const field = (i: number) => (columns.length === 1 ? 'Value' : `Value #${String.fromCharCode('A'.charCodeAt(0) + i)}`)
  const values = columns.map(({ name }, i) => ({ field: field(i), name }))
  const shown = values.flatMap(({ field, name }) => (name === undefined ? [] : [[field, name] as const]))
  const hidden = values.filter(({ name }) => name === undefined).map(({ field }) => [field, true] as const)
  const order = [...Object.keys(labels), ...shown.map(([field]) => field)]
  return {
    id: 'organize',
    options: {
      excludeByName: { Time: true, ...Object.fromEntries(hidden) },
      indexByName: Object.fromEntries(order.map((field, i) => [field, i])),
      renameByName: { ...labels, ...Object.fromEntries(shown) },
    },
  }
}
