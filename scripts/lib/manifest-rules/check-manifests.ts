import { stringify } from 'yaml'
import { pathText } from '../check/place.ts'
import type { Finding } from '../findings/finding.ts'
import { templateOf, titleOf } from '../manifests/manifest.ts'
import type { Mesh } from '../manifests/mesh.ts'
import { Model } from '../manifests/model.ts'
import { placeIn } from '../manifests/place-in.ts'
import { type ManifestText, readManifests } from '../manifests/read-manifests.ts'
import { allRules } from './all-rules.ts'
import type { ManifestRule, Violation } from './manifest-rule.ts'

export interface ManifestOptions {
  /** The mesh of namespaces that no manifest tells of; none when left out. */
  readonly mesh?: Mesh | undefined
  /** Default: all. */
  readonly rules?: readonly ManifestRule[]
}

/**
 * What goes wrong with gRPC in manifests, all of which are taken for one cluster; in the order of the texts and their lines.
 *
 * @throws EvenlyError (exit 65) for a text that cannot be read
 */
export const checkManifests = (texts: readonly ManifestText[], options: ManifestOptions = {}): Finding[] =>
  checkModel(new Model(readManifests(texts), options.mesh), options.rules)

/** The same of a model that is there. */
export function checkModel(model: Model, rules: readonly ManifestRule[] = allRules): Finding[] {
  const files = new Map(model.objects.map(({ source }, i) => [source.file, i]))
  return rules
    .flatMap((rule) => [...rule.check(model)].map((violation) => findingOf(rule, violation)))
    .toSorted(
      (one, other) =>
        (files.get(one.file) ?? 0) - (files.get(other.file) ?? 0) || one.line - other.line || one.column - other.column,
    )
}

/** `error` for what has been proven, unless this case of it cannot be settled by manifests. */
export const severityOf = ({ proof }: Pick<ManifestRule, 'proof'>, unsure = false): Finding['severity'] =>
  proof && !unsure ? 'error' : 'advice'

function findingOf(rule: ManifestRule, { object, path, reason, fix, patch, unsure }: Violation): Finding {
  return {
    ...placeIn(object, path),
    rule: rule.id,
    severity: severityOf(rule, unsure),
    object: titleOf(object),
    template: templateOf(object.source),
    path: pathText(path),
    message: `${reason}; ${fix}.`,
    patch: patch?.map((each) => stringify(each)).join('---\n'),
  }
}
