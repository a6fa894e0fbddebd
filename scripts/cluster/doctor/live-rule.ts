import type { Severity } from '../../lib/findings/finding.ts'
import type { Manifest, Path } from '../../lib/manifests/manifest.ts'
import type { Live } from './live.ts'

/** One thing that goes wrong with gRPC and that only a live cluster shows. One file a rule, as with rules on manifests. */
export interface LiveRule {
  readonly id: string
  readonly title: string
  /** What it is unless one case of it is milder. */
  readonly severity: Severity
  /** The mechanism, and what is looked at: Markdown. */
  readonly why: string
  /** What to do: Markdown. */
  readonly cure: string
  readonly sources: readonly string[]
  readonly check: (live: Live) => Iterable<LiveViolation>
}

/** One breach of a rule. */
export interface LiveViolation {
  readonly object: Manifest
  readonly path: Path
  /** What is seen; it goes on with `; FIX.` */
  readonly reason: string
  readonly fix: string
  /** Where this case is milder than the rule. */
  readonly severity?: Severity
}
