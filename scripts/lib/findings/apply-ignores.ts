import type { Finding } from './finding.ts'
import { type IgnoreComment, ignoreComments, type Scope } from './ignore-comments.ts'
import { ignoreMistakes, unusedIgnore, unusedRule } from './ignore-mistakes.ts'
import type { IgnoreOption } from './ignore-option.ts'

/** A finding, and whether a comment in the file or an option of the command has it passed over. */
export interface JudgedFinding extends Finding {
  readonly ignoredBy?: 'comment' | 'option'
}

interface Text {
  readonly file: string
  readonly text: string
}

/** A rule that somebody wants passed over, and where. */
interface Wish {
  readonly rule: string
  readonly reason: string
  readonly by: 'comment' | 'option'
  readonly comment?: IgnoreComment
}

/**
 * Findings, those that options or comments ask for marked as ignored. A comment that gives no reason, or names a rule that is
 * none, is not heeded and becomes a finding (`ignore`); so does one that nothing is ignored by (`unused-ignore`), as advice.
 *
 * @param ruleIds every rule that there is; asked for only when there is something to ignore
 */
export async function applyIgnores(
  findings: readonly Finding[],
  texts: readonly Text[],
  options: readonly IgnoreOption[],
  ruleIds: () => Promise<readonly string[]>,
): Promise<JudgedFinding[]> {
  const comments = distinct(texts).flatMap(({ file, text }) => ignoreComments(text, file))
  if (comments.length === 0 && options.length === 0) return [...findings]
  const known = await ruleIds()
  const wishes: Wish[] = [
    ...comments.flatMap((comment) =>
      comment.reason === ''
        ? []
        : comment.rules.map((rule) => ({ rule, reason: comment.reason, by: 'comment' as const, comment })),
    ),
    ...options.map((option) => ({ ...option, by: 'option' as const })),
  ].filter(({ rule }) => known.includes(rule))
  const used = new Set<Wish>()
  const judged = [...findings, ...comments.flatMap((comment) => ignoreMistakes(comment, known))].map((finding) =>
    judge(finding, wishes, used),
  )
  const unused = wishes
    .filter((wish) => !used.has(wish) && wish.rule !== unusedRule)
    .flatMap(({ comment, rule }) => (comment === undefined ? [] : [unusedIgnore(comment, rule)]))
  const all = [...judged, ...unused.map((finding) => judge(finding, wishes, used))]
  return inOrder(all, texts)
}

function judge(finding: Finding, wishes: readonly Wish[], used: Set<Wish>): JudgedFinding {
  const heeded = wishes.filter((wish) => wish.rule === finding.rule && covers(wish, finding))
  for (const wish of heeded) used.add(wish)
  const [first] = heeded
  return first ? { ...finding, ignored: first.reason, ignoredBy: first.by } : finding
}

function covers({ comment }: Wish, { file, line, column }: Finding): boolean {
  if (comment === undefined) return true
  return comment.file === file && comment.scope !== undefined && contains(comment.scope, line, column)
}

function contains(
  { from: [firstLine, firstColumn], to: [lastLine, lastColumn] }: Scope,
  line: number,
  column: number,
): boolean {
  const begins = line > firstLine || (line === firstLine && column >= firstColumn)
  return begins && (line < lastLine || (line === lastLine && column < lastColumn))
}

const distinct = (texts: readonly Text[]): Text[] => [...new Map(texts.map((each) => [each.file, each])).values()]

/** As their texts were given, and then as they stand there. */
function inOrder(findings: readonly JudgedFinding[], texts: readonly Text[]): JudgedFinding[] {
  const rank = new Map([...texts].reverse().map(({ file }, i) => [file, texts.length - i]))
  const rankOf = ({ file }: Finding): number => rank.get(file) ?? texts.length + 1
  return findings.toSorted(
    (one, other) => rankOf(one) - rankOf(other) || one.line - other.line || one.column - other.column,
  )
}
