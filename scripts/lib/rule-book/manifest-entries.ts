import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { allRules } from '../manifest-rules/all-rules.ts'
import { checkManifests, severityOf } from '../manifest-rules/check-manifests.ts'
import type { ManifestRule } from '../manifest-rules/manifest-rule.ts'
import type { Example, RuleEntry } from './rule-entry.ts'

export const manifestEntries = (): RuleEntry[] =>
  allRules.map((rule) => {
    const { id, title, proof, why, cure, sources } = rule
    return {
      id,
      group: 'manifests',
      title,
      severity: severityOf(rule),
      proof,
      why,
      cure,
      sources,
      example: () => exampleOf(rule),
    }
  })

/** The rule's own, under its path from the project's top. */
function exampleOf(rule: ManifestRule): Example {
  const file = `scripts/lib/manifest-rules/examples/${rule.id}.yaml`
  const text = readFileSync(join(import.meta.dirname, '../../..', file), 'utf8')
  return { file, text, findings: checkManifests([{ file, text }], { rules: [rule] }) }
}
