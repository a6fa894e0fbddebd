import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog'
import type { Panel, ThresholdsConfig } from '@grafana/grafana-foundation-sdk/dashboard'
import { datasource } from './query.ts'
import { plain, type Step, thresholds } from './thresholds.ts'

/** What every panel is told. */
export interface PanelOptions {
  readonly title: string
  /** How to read it, and what a bad value means. Grafana shows it under the panel's (i). */
  readonly description: string
  /** Of Grafana's units: https://github.com/grafana/grafana/blob/main/packages/grafana-data/src/valueFormats/categories.ts */
  readonly unit: string
  /** Of the 24 columns. */
  readonly width: number
  readonly height: number
  readonly decimals?: number
  readonly min?: number
  readonly max?: number
  /** Shown instead of "No data", where that has a meaning. */
  readonly noValue?: string
  readonly steps?: readonly Step[]
}

/** A panel, and the room it takes. */
export interface Placed {
  readonly width: number
  readonly height: number
  readonly panel: Builder<Panel>
}

/** What the SDK's panel builders have in common, which it gives no name. */
interface AnyPanelBuilder extends Builder<Panel> {
  title(title: string): this
  description(description: string): this
  datasource(ref: { type: string; uid: string }): this
  targets(targets: Builder<Dataquery>[]): this
  unit(unit: string): this
  decimals(decimals: number): this
  min(min: number): this
  max(max: number): this
  noValue(text: string): this
  thresholds(config: Builder<ThresholdsConfig>): this
}

/** Tells a panel of any kind what every panel is told. */
export function describe<B extends AnyPanelBuilder>(
  builder: B,
  options: PanelOptions,
  targets: Builder<Dataquery>[],
): B {
  const { title, description, unit, decimals, min, max, noValue, steps = plain } = options
  builder.title(title).description(description).datasource(datasource).targets(targets).unit(unit)
  builder.thresholds(thresholds(steps))
  if (decimals !== undefined) builder.decimals(decimals)
  if (min !== undefined) builder.min(min)
  if (max !== undefined) builder.max(max)
  if (noValue !== undefined) builder.noValue(noValue)
  return builder
}
