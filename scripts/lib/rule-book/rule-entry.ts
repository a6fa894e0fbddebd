import type { Finding, Severity } from '../findings/finding.ts'
import type { Proof } from '../manifest-rules/manifest-rule.ts'

/** What a rule looks at. */
export type RuleGroup = 'manifests' | 'live' | 'values' | 'schema' | 'ignores'

/** One rule of `evenly check`, as it is explained. */
export interface RuleEntry {
  readonly id: string
  readonly group: RuleGroup
  /** What goes wrong, in a few words. */
  readonly title: string
  readonly severity: Severity
  /** What was measured on a cluster before and after the cure. */
  readonly proof?: Proof | undefined
  /** Markdown, as `cure`. */
  readonly why: string
  readonly cure: string
  readonly sources: readonly string[]
  /** Something that breaks the rule; checked when it is asked for. */
  readonly example: () => Example
}

export interface Example {
  /** The file that holds it, or what it would be called. */
  readonly file: string
  readonly text: string
  /** What the rule says about it. */
  readonly findings: readonly Finding[]
}

/** Where a rule is explained on the web. */
export const addressOf = (id: string): string => `https://github.com/evenly-grpc/evenly/blob/main/docs/rules.md#${id}`
