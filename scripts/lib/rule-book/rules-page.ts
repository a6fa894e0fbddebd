import { humanText, unpainted } from '../findings/human.ts'
import { severityText } from './explanation.ts'
import { groupTitles, ruleBook } from './rule-book.ts'
import type { RuleEntry, RuleGroup } from './rule-entry.ts'

/** docs/rules.md: every rule of `evenly check` under its id, so that the address of each stays. */
export function rulesPage(): string {
  const groups = Object.entries(groupTitles).map(([group, title]) => {
    const rules = ruleBook().filter((rule) => rule.group === (group as RuleGroup))
    return { title, rules }
  })
  const parts = [
    introduction,
    ...groups.map(({ title, rules }) => `${title}:\n\n${rules.map(lineOf).join('\n')}`),
    ...groups.flatMap(({ title, rules }) => [`## ${title}`, ...rules.map(sectionOf)]),
  ]
  return `${parts.join('\n\n')}\n`
}

const introduction = `<!-- Written by npm run generate from scripts/lib/rule-book. -->

# The rules of evenly check

\`evenly check\` looks at rendered manifests of any chart and at values files of this one. What it prints ends with the id of a
rule in brackets; \`evenly explain ID\` prints what stands here. An **error** makes it exit 79: Helm or the API server refuses
it, or it was measured on a cluster to go wrong, and the patch to mend it. **Advice** is what nobody measured; it fails nothing.

To have findings passed over, say why: \`--ignore 'ID: REASON'\` on the command line, or in the file, at the end of a line for what
begins on it, on a line of its own for what follows, before the first key for the whole document:

\`\`\`yaml
# evenly-ignore ID: REASON
\`\`\``

const lineOf = ({ id, title, severity }: RuleEntry): string => `- [${id}](#${id}) (${severity}): ${plain(title)}`

function sectionOf(rule: RuleEntry): string {
  const { id, title, why, cure, sources } = rule
  return [
    `### ${id}`,
    `**${plain(title)}**. ${severityText(rule)}`,
    why,
    ...exampleOf(rule),
    'To mend it:',
    cure,
    ...(sources.length > 0 ? [`Sources: ${sources.map((address) => `<${address}>`).join(', ')}`] : []),
  ].join('\n\n')
}

function exampleOf({ group, proof, example }: RuleEntry): string[] {
  const { file, text, findings } = example()
  if (findings.length === 0) return []
  const shown = fenced('text', humanText(findings, unpainted))
  if (group === 'manifests')
    return [`What it says of [its example](../${file})${proof ? ', with the patch that was measured' : ''}:`, shown]
  return ['For example:', fenced('yaml', text.trimEnd()), shown]
}

const fenced = (kind: string, text: string): string => `\`\`\`${kind}\n${text}\n\`\`\``

/** What Markdown would take for markup. */
const plain = (text: string): string => text.replace(/[<>*_[\]]/g, '\\$&')
