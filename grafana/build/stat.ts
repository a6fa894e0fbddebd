import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  ReduceDataOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common'
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat'
import { describe, type PanelOptions, type Placed } from './panel.ts'
import { lettered, overTime, type Query } from './query.ts'

/** One big number per series, coloured by its thresholds, over a line of how it came there. */
export function stat(options: Omit<PanelOptions, 'height'> & { readonly queries: readonly Query[] }): Placed {
  const placed = { ...options, height: 4 }
  const builder = describe(new PanelBuilder(), placed, lettered(options.queries.map(overTime)))
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('').values(false))
    .colorMode(BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.Area)
    .textMode(BigValueTextMode.Auto)
  return { width: options.width, height: placed.height, panel: builder }
}
