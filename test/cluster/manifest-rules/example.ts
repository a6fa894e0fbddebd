import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { checkManifests } from '../../../scripts/lib/manifest-rules/check-manifests.ts'
import type { ManifestRule } from '../../../scripts/lib/manifest-rules/manifest-rule.ts'
import { applyPatches } from '../../../scripts/lib/manifests/apply-patches.ts'
import type { Content } from '../../../scripts/lib/manifests/manifest.ts'
import { objectsIn, projectRoot } from '../../chart/helm.ts'

/** The objects of a rule's example, as they are and with the patch that `check` gives for them. */
export async function exampleOf(rule: ManifestRule): Promise<{ before: Content[]; after: Content[] }> {
  const file = `${rule.id}.yaml`
  const text = await readFile(join(projectRoot, 'scripts/lib/manifest-rules/examples', file), 'utf8')
  const findings = checkManifests([{ file, text }], { rules: [rule] })
  const patches = findings.flatMap(({ patch }) => (patch ? objectsIn(patch) : []))
  if (patches.length === 0) throw new Error(`${file}: its findings have no patch: ${JSON.stringify(findings)}`)
  const before = objectsIn(text)
  return { before, after: applyPatches(before, patches) }
}
