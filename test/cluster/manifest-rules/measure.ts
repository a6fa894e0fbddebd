import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { ManifestRule, Measured } from '../../../scripts/lib/manifest-rules/manifest-rule.ts'
import { measureAdmission } from './admission.ts'
import { measureEnding } from './ending.ts'
import { measureGrowth } from './growth.ts'
import { measureOutcome } from './outcome.ts'
import { measureSpread } from './spread.ts'
import type { Stage } from './stage.ts'

/** What came of manifests on a cluster, and the figures behind it. */
export interface Observation {
  readonly measured: Measured
  readonly figures: string
}

/**
 * Puts a stage's objects on the cluster and looks what comes of them.
 *
 * @throws when it is neither of the two things that it tells apart
 */
export type Measure = (stage: Stage) => Promise<Observation>

/** How a rule is measured: by its own file here, RULE.ts with an exported `measure`, or else as its outcome is. */
export async function measureOf(rule: ManifestRule, expected: Measured): Promise<Measure> {
  const own = join(import.meta.dirname, `${rule.id}.ts`)
  if (!existsSync(own)) return measures[expected]
  const { measure } = await import(own)
  if (typeof measure !== 'function') throw new Error(`${own} exports no function called measure`)
  return measure
}

const measures: Readonly<Record<Measured, Measure>> = {
  pinned: measureSpread,
  even: measureSpread,
  fails: measureOutcome,
  succeeds: measureOutcome,
  starved: measureGrowth,
  shared: measureGrowth,
  refused: measureAdmission,
  accepted: measureAdmission,
  'never-ends': measureEnding,
  ends: measureEnding,
}
