import { TableCellBackgroundDisplayMode, TableCellDisplayMode } from '@grafana/grafana-foundation-sdk/common'
import { FieldColorBuilder, FieldColorModeId } from '@grafana/grafana-foundation-sdk/dashboard'
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table'
import { describe, type PanelOptions, type Placed } from './panel.ts'
import { asRows, lettered, type Query } from './query.ts'

interface MatrixOptions extends PanelOptions {
  readonly query: Query
  /** The label whose values are the rows. */
  readonly row: string
  /** The label whose values are the columns. */
  readonly column: string
}

/** A row per value of one label and a column per value of another; the deeper a cell's colour, the more. */
export function matrix(options: MatrixOptions): Placed {
  const { query, row, column, width, height } = options
  const builder = describe(new PanelBuilder(), options, lettered([asRows(query)]))
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.ContinuousBlues))
    .cellOptions({ type: TableCellDisplayMode.ColorBackground, mode: TableCellBackgroundDisplayMode.Basic })
    // The first column names the rows.
    .overrideByFieldType('string', [{ id: 'custom.cellOptions', value: { type: TableCellDisplayMode.Auto } }])
    .transformations([{ id: 'groupingToMatrix', options: { rowField: row, columnField: column, valueField: 'Value' } }])
  return { width, height, panel: builder }
}
