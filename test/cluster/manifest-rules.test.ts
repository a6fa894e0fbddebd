import { afterAll, describe, expect, it } from 'vitest'
import { allRules } from '../../scripts/lib/manifest-rules/all-rules.ts'
import { whereThereIs } from '../support/where-there-is.ts'
import { exampleOf } from './manifest-rules/example.ts'
import { type Measure, measureOf, type Observation } from './manifest-rules/measure.ts'
import { Stage } from './manifest-rules/stage.ts'
import { noCluster } from './support/on-cluster.ts'

const proven = allRules.flatMap(({ proof, ...rule }) => (proof ? [{ ...rule, proof }] : []))

/** Longer than all waits of a measuring together, so that it is they that say what did not come about. */
const timeout = 20 * 60_000

whereThereIs('rules on manifests', noCluster, () => {
  // Also what a test has left that was ended from outside.
  afterAll(() => Stage.clearAll())

  // As many at a time as the config's maxConcurrency says: each mostly waits for pods to start and to be ready.
  describe.concurrent('a rule on manifests', () => {
    it.each(proven.map((rule) => [rule.id, rule] as const))(
      '%s is measured to be right, and its patch to mend it',
      async (id, rule) => {
        const { before, after } = await exampleOf(rule)
        const wrong = await observed(before, id, await measureOf(rule, rule.proof.before))
        const cured = await observed(after, id, await measureOf(rule, rule.proof.after))
        process.stderr.write(`${id}: ${told(wrong)}; patched: ${told(cured)}\n`)
        expect([wrong.measured, cured.measured], `${told(wrong)}\n${told(cured)}`).toEqual([
          rule.proof.before,
          rule.proof.after,
        ])
      },
      timeout,
    )
  })
})

async function observed(objects: readonly object[], id: string, measure: Measure): Promise<Observation> {
  const stage = await Stage.set(objects, id)
  try {
    return await measure(stage)
  } finally {
    await stage.clear()
  }
}

const told = ({ measured, figures }: Observation): string => `${measured} (${figures})`
