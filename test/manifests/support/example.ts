import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments, stringify } from 'yaml'
import type { Finding } from '../../../scripts/lib/findings/finding.ts'
import { allRules } from '../../../scripts/lib/manifest-rules/all-rules.ts'
import { checkManifests } from '../../../scripts/lib/manifest-rules/check-manifests.ts'
import { applyPatches } from '../../../scripts/lib/manifests/apply-patches.ts'
import type { Mesh } from '../../../scripts/lib/manifests/mesh.ts'

const examples = join(import.meta.dirname, '../../../scripts/lib/manifest-rules/examples')

/** The example of a rule with parts of its text replaced, each of which must be there. */
export function exampleWith(id: string, ...changes: readonly (readonly [from: string | RegExp, to: string])[]): string {
  return changes.reduce(
    (text, [from, to]) => {
      if (typeof from === 'string' ? !text.includes(from) : !from.test(text)) {
        throw new Error(`the example of ${id} has no ${from}`)
      }
      return text.replace(from, to)
    },
    readFileSync(join(examples, `${id}.yaml`), 'utf8'),
  )
}

/** What a rule finds in manifests: `error Service shop/orders: spec.ports[0].name`; keys with dots stand as they are. */
export const foundBy = (id: string, text: string, mesh?: Mesh): string[] =>
  findings(id, text, mesh).map(
    ({ severity, object, path }) => `${severity} ${object}: ${path.replace(/\["([^"]+)"\]/g, '.$1')}`,
  )

/** Manifests with the patches of all that a rule finds in them laid over. */
export function patchedBy(id: string, text: string): string {
  const objects = (yaml: string) => parseAllDocuments(yaml).map((document) => document.toJS())
  const patches = findings(id, text).flatMap(({ patch }) => (patch === undefined ? [] : objects(patch)))
  return applyPatches(objects(text), patches)
    .map((object) => stringify(object))
    .join('---\n')
}

const findings = (id: string, text: string, mesh?: Mesh): Finding[] =>
  checkManifests([{ file: 'manifests.yaml', text }], { mesh, rules: allRules.filter((rule) => rule.id === id) })

/** The labels of the pods of `orders` or of `client`, to take their sidecar away. */
export const withoutSidecar = (app: 'orders' | 'client'): readonly [string, string] => [
  `{app: ${app}, sidecar.istio.io/inject: "true"}`,
  `{app: ${app}}`,
]

/** Two documents in place of one. */
export const beside = (text: string, other: string): string => `${text}---\n${other}`
