import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus'

/** A question to Prometheus: PromQL, and how its series are called in the panel. */
export interface Query {
  readonly expr: string
  /** Grafana's `{{label}}` form; a table shows the labels themselves and needs none. */
  readonly legend?: string
}

/** The data source that the reader has chosen. */
export const datasource = { type: 'prometheus', uid: `\${datasource}` }

/** Asked at every step of the time shown. */
export const overTime = ({ expr, legend = '' }: Query): DataqueryBuilder =>
  query(expr).range().format(PromQueryFormat.TimeSeries).legendFormat(legend)

/** Asked once, at the end of the time shown: a number per series. */
export const atOnce = ({ expr, legend = '' }: Query): DataqueryBuilder =>
  query(expr).instant().format(PromQueryFormat.TimeSeries).legendFormat(legend)

/** Asked once: a row per series, a column per label. */
export const asRows = ({ expr }: Query): DataqueryBuilder => query(expr).instant().format(PromQueryFormat.Table)

/** Numbers queries A, B, C: overrides and transformations name them so. */
export const lettered = (queries: readonly DataqueryBuilder[]): DataqueryBuilder[] =>
  queries.map((one, i) => one.refId(String.fromCharCode('A'.charCodeAt(0) + i)))

/**
 * `interval` is the least step. It is how often the chart scrapes by default, and lets `$__rate_interval` hold four scrapes
 * where the data source was not told: one of 15 s would hold two, and lose a rate with every scrape that is late.
 */
function query(expr: string): DataqueryBuilder {
  return new DataqueryBuilder().expr(expr).interval('30s').datasource(datasource)
}
