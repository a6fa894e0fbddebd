import { type Threshold, ThresholdsConfigBuilder, ThresholdsMode } from '@grafana/grafana-foundation-sdk/dashboard'

/** The colour from a value on; `null` is below all others. */
export type Step = readonly [from: number | null, color: string]

/** Colours by value, the lowest first. */
export function thresholds(steps: readonly Step[]): ThresholdsConfigBuilder {
  const list = steps.map(([value, color]): Threshold => ({ value, color }))
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(list)
}

/** One colour for all values: nothing is to be judged. */
export const plain: readonly Step[] = [[null, 'text']]

/** Good is high: red below `fair`, green from `good` on. */
export const lowIsBad = (fair: number, good: number): readonly Step[] => [
  [null, 'red'],
  [fair, 'yellow'],
  [good, 'green'],
]

/** Good is low: green below `fair`, red from `bad` on. */
export const highIsBad = (fair: number, bad: number): readonly Step[] => [
  [null, 'green'],
  [fair, 'yellow'],
  [bad, 'red'],
]

/** Anything but 0 is bad. */
export const someIsBad: readonly Step[] = [
  [null, 'green'],
  [1, 'red'],
]
