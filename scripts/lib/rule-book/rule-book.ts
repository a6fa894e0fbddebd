import { chartEntries } from './chart-entries.ts'
import { ignoreEntries } from './ignore-entries.ts'
import { liveEntries } from './live-entries.ts'
import { manifestEntries } from './manifest-entries.ts'
import type { RuleEntry, RuleGroup } from './rule-entry.ts'
import { schemaEntries } from './schema-entries.ts'

/** Every rule of `evenly check` and `evenly doctor`, in the order in which they are documented. */
export function ruleBook(): readonly RuleEntry[] {
  known ??= readBook()
  return known
}

let known: readonly RuleEntry[] | undefined

/** A rule that looks at manifests and at the chart's values has one id, and is explained once. */
function readBook(): RuleEntry[] {
  const [manifests, values] = [manifestEntries(), chartEntries()]
  const both = manifests.map((entry) => {
    const twin = values.find(({ id }) => id === entry.id)
    return twin ? { ...entry, cure: `${entry.cure}\n\nIn values of the chart: ${twin.title}. ${twin.cure}` } : entry
  })
  const others = values.filter(({ id }) => !manifests.some((entry) => entry.id === id))
  return [...both, ...liveEntries, ...others, ...schemaEntries, ...ignoreEntries]
}

/** The headings under which rules stand, in their order. */
export const groupTitles: Readonly<Record<RuleGroup, string>> = {
  manifests: 'Manifests of any chart',
  live: 'What only a live cluster shows: evenly doctor',
  values: 'Values of the chart that do not go together',
  schema: 'Values that are wrong by themselves',
  ignores: 'Comments that ask for something to be ignored',
}
