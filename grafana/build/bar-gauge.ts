import { PanelBuilder } from '@grafana/grafana-foundation-sdk/bargauge'
import {
  BarGaugeDisplayMode,
  BarGaugeValueMode,
  ReduceDataOptionsBuilder,
  VizOrientation,
} from '@grafana/grafana-foundation-sdk/common'
import { describe, type PanelOptions, type Placed } from './panel.ts'
import { atOnce, lettered, type Query } from './query.ts'

/** A bar per series, as long as its value. */
export function barGauge(options: PanelOptions & { readonly queries: readonly Query[] }): Placed {
  const builder = describe(new PanelBuilder(), options, lettered(options.queries.map(atOnce)))
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('').values(false))
    .orientation(VizOrientation.Horizontal)
    .displayMode(BarGaugeDisplayMode.Basic)
    .valueMode(BarGaugeValueMode.Text)
    .showUnfilled(true)
  return { width: options.width, height: options.height, panel: builder }
}
