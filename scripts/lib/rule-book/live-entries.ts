import { liveRules } from '../../cluster/doctor/live-rules.ts'
import type { RuleEntry } from './rule-entry.ts'

/** What `evenly doctor` alone can find. An example of it would be a cluster. */
export const liveEntries: readonly RuleEntry[] = liveRules.map(({ id, title, severity, why, cure, sources }) => ({
  id,
  group: 'live',
  title,
  severity,
  why,
  cure,
  sources,
  example: () => ({ file: '', text: '', findings: [] }),
}))
