import { styleText } from 'node:util'
import { humanText, type Paint } from '../findings/human.ts'
import { groupTitles, ruleBook } from './rule-book.ts'
import type { RuleEntry, RuleGroup } from './rule-entry.ts'

/** Everything about a rule, for people. */
export function explanation(rule: RuleEntry, paint: Paint = styleText): string {
  const { id, title, severity, why, cure, sources } = rule
  const { file, text, findings } = rule.example()
  const heading = (words: string): string => paint('bold', words)
  return [
    `${heading(id)} (${severity}): ${title}`,
    severityText(rule),
    `${heading('Why')}\n${why}`,
    ...(findings.length > 0
      ? [`${heading('Example')} (${file})\n${exampleText(rule, text, humanText(findings, paint))}`]
      : []),
    `${heading('Cure')}\n${cure}`,
    ...(sources.length > 0 ? [`${heading('Sources')}\n${sources.join('\n')}`] : []),
  ].join('\n\n')
}

/** A manifest that breaks a rule is a page long and has a file of its own; values are a few lines. */
const exampleText = ({ group }: RuleEntry, text: string, shown: string): string =>
  group === 'manifests' ? shown : `${text.trimEnd().replace(/^/gm, '  ')}\n\n${shown}`

/** What a severity is founded on. */
export function severityText({ severity, proof, group }: RuleEntry): string {
  if (proof)
    return `Measured on a cluster with the example: ${proof.before.replace('-', ' ')} before, ${proof.after} after the patch.`
  if (group === 'manifests') return 'Advice: no test on a cluster proves it, so it fails no check.'
  if (group === 'live') return `${severity === 'error' ? 'An error' : 'Advice'}, seen on a running cluster alone.`
  return severity === 'error' ? 'An error: a check that finds it exits 79.' : 'Advice: it fails no check.'
}

/** All rules with their titles, in groups. */
export function listing(paint: Paint = styleText): string {
  const rules = ruleBook()
  const width = Math.max(...rules.map(({ id }) => id.length))
  const groups = Object.entries(groupTitles).map(([group, title]) => {
    const lines = rules.filter((rule) => rule.group === (group as RuleGroup)).map((rule) => lineOf(rule, width))
    return [paint('bold', title), ...lines].join('\n')
  })
  return groups.join('\n\n')
}

const lineOf = ({ id, severity, title }: RuleEntry, width: number): string =>
  `  ${id.padEnd(width)}  ${severity.padEnd(6)}  ${title}`
