import type { Finding } from '../findings/finding.ts'
import { type IgnoreComment, ignoreComments } from '../findings/ignore-comments.ts'
import { ignoreMistakes, unusedIgnore } from '../findings/ignore-mistakes.ts'
import type { Example, RuleEntry } from './rule-entry.ts'

/** What is wrong with comments that ask for a finding to be passed over. They are heeded in values and in manifests. */
export const ignoreEntries: readonly RuleEntry[] = [
  {
    id: 'ignore',
    group: 'ignores',
    title: 'A comment asks to ignore something, and is not heeded',
    severity: 'error',
    why: `\`# evenly-ignore RULE: REASON\` has findings of a rule passed over: at the end of a line in what begins on that line, on a
line of its own in what follows, and before the first key in the whole document. Without a reason nobody can tell later whether
it still holds, and a rule that does not exist ignores nothing; so neither is heeded.`,
    cure: `Write \`# evenly-ignore RULE: REASON\`, with commas between several rules. \`--ignore 'RULE: REASON'\` does the same for
all that is checked.`,
    sources: [],
    example: () =>
      exampleOf('replicaCount: 2 # evenly-ignore autoscaling-replicas\n', (comment) =>
        ignoreMistakes(comment, comment.rules),
      ),
  },
  {
    id: 'unused-ignore',
    group: 'ignores',
    title: 'A comment ignores nothing',
    severity: 'advice',
    why: `What the comment was written for is no longer there, or the comment stands at another place. As it is it would hide the same
mistake if somebody made it anew.`,
    cure: 'Remove the comment, or put it before or behind what it is for.',
    sources: [],
    example: () =>
      exampleOf('replicaCount: 2 # evenly-ignore unknown-key: not yet in the chart\n', (comment) => [
        unusedIgnore(comment, 'unknown-key'),
      ]),
  },
]

function exampleOf(text: string, mistakes: (comment: IgnoreComment) => readonly Finding[]): Example {
  const file = 'values.yaml'
  return { file, text, findings: ignoreComments(text, file).flatMap(mistakes) }
}
