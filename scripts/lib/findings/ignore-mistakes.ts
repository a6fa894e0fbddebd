import { nearest } from '../check/nearest.ts'
import type { Finding } from './finding.ts'
import type { IgnoreComment } from './ignore-comments.ts'

/** The rule about comments that nothing is ignored by. */
export const unusedRule = 'unused-ignore'

/** Why a comment is not heeded, or not all of it: it gives no reason, or a rule that is none. */
export function ignoreMistakes(comment: IgnoreComment, known: readonly string[]): Finding[] {
  const { rules, reason } = comment
  const example = `write # evenly-ignore ${rules[0] ?? 'RULE'}: REASON`
  if (rules.length === 0) return [findingOf(comment, `it names no rule to ignore; ${example}.`)]
  const unknown = rules.filter((rule) => !known.includes(rule))
  return [
    ...(reason === '' ? [findingOf(comment, `it gives no reason, so it is not heeded; ${example}.`)] : []),
    ...unknown.map((rule) => {
      const suggestion = nearest(rule, known)
      const fix = suggestion === undefined ? 'evenly explain lists them all.' : `did you mean ${suggestion}?`
      return { ...findingOf(comment, `there is no rule ${rule} to ignore; ${fix}`), suggestion }
    }),
  ]
}

/** That a rule of a comment finds nothing where the comment is for. */
export function unusedIgnore(comment: IgnoreComment, rule: string): Finding {
  const message = `${rule} finds nothing here that it could ignore; remove it, or put it before or behind what it is for.`
  return { ...findingOf(comment, message), rule: unusedRule, severity: 'advice' }
}

function findingOf({ file, line, column, sourceLine }: IgnoreComment, message: string): Finding {
  return { file, line, column, sourceLine, rule: 'ignore', severity: 'error', path: '# evenly-ignore', message }
}
