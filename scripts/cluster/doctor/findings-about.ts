import { pathText } from '../../lib/check/place.ts'
import type { Finding } from '../../lib/findings/finding.ts'
import { checkModel } from '../../lib/manifest-rules/check-manifests.ts'
import type { Manifest } from '../../lib/manifests/manifest.ts'
import { titleOf } from '../../lib/manifests/manifest.ts'
import type { Model } from '../../lib/manifests/model.ts'
import type { Service } from '../../lib/manifests/service.ts'
import { objectsAbout } from './about.ts'
import type { Live } from './live.ts'
import type { LiveRule, LiveViolation } from './live-rule.ts'
import { liveRules } from './live-rules.ts'

/**
 * What the rules of `evenly check` find about one Service. A finding counts that is there with and without the rest of the cluster:
 * without it none is about others, and with it none comes from their absence.
 */
export function findingsAbout(
  model: Model,
  service: Service,
  modelOf: (objects: readonly Manifest[]) => Model,
): Finding[] {
  const near = new Set(checkModel(modelOf(objectsAbout(model, service))).map(keyOf))
  return checkModel(model)
    .filter((finding) => near.has(keyOf(finding)) && !ofManifestsOnly.has(finding.rule))
    .map(withoutPlace)
}

/** Findings of the rules on a live cluster. */
export const liveFindings = (live: Live): Finding[] =>
  liveRules.flatMap((rule) => [...rule.check(live)].map((violation) => findingOf(rule, violation)))

/** An autoscaler writes the number that such a rule minds. */
const ofManifestsOnly = new Set(['replicas-beside-autoscaler'])

const keyOf = ({ rule, object, path, message }: Finding): string => JSON.stringify([rule, object, path, message])

/** There is no file. */
const withoutPlace = (finding: Finding): Finding => ({ ...finding, line: 0, column: 0, sourceLine: '' })

function findingOf({ id, severity }: LiveRule, violation: LiveViolation): Finding {
  const { object, path, reason, fix } = violation
  return {
    file: object.source.file,
    line: 0,
    column: 0,
    sourceLine: '',
    rule: id,
    severity: violation.severity ?? severity,
    object: titleOf(object),
    path: pathText(path),
    message: `${reason}; ${fix}.`,
  }
}
