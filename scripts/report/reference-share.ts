import type { Outcome, ScenarioResult } from '../cluster/result.ts'

/** What to hold shares against. */
export interface Reference {
  /** What it is. */
  readonly text: string
  /** The share of every pod, 0 to 1. */
  readonly share: number
}

/**
 * The share that each pod is expected to have, or, where calls are expected to be uneven, would have if they were
 * not. Undefined where a strategy promises none: by keys, by zones, or by weights, which differ from step to step.
 */
export function referenceShare({ expected, counts }: ScenarioResult): Reference | undefined {
  const pods = Object.keys(counts).length
  if (pods === 0 || !isAboutEvenness(expected)) return undefined
  return { text: expected === 'even' ? 'expected share' : 'an even share, for comparison', share: 1 / pods }
}

const isAboutEvenness = (expected: Outcome): boolean =>
  ['even', 'pinned', 'skewed', 'insufficient', 'load-aware', 'load-blind'].includes(expected)
