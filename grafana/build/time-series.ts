import {
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common'
import { FieldColorBuilder, FieldColorModeId } from '@grafana/grafana-foundation-sdk/dashboard'
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries'
import { describe, type PanelOptions, type Placed } from './panel.ts'
import { lettered, overTime, type Query } from './query.ts'

interface TimeSeriesOptions extends PanelOptions {
  readonly queries: readonly Query[]
  /** Whether series lie on each other, so that the top is their sum. */
  readonly stacked?: boolean
}

/** Lines over time; where there are `steps`, a dashed line stands at each. */
export function timeSeries(options: TimeSeriesOptions): Placed {
  const { queries, stacked = false, steps, width, height } = options
  const builder = describe(new PanelBuilder(), { min: 0, ...options }, lettered(queries.map(overTime)))
    // By name, so that a pod has one colour in every panel.
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.PaletteClassicByName))
    .lineWidth(stacked ? 1 : 2)
    .fillOpacity(stacked ? 60 : 0)
    .showPoints(VisibilityMode.Never)
    .stacking(new StackingConfigBuilder().mode(stacked ? StackingMode.Normal : StackingMode.None).group('A'))
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.Table)
        .placement(LegendPlacement.Bottom)
        .showLegend(true)
        .calcs(['lastNotNull']),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending))
  if (steps) builder.thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed))
  return { width, height, panel: builder }
}
