import { exitCode } from '../exit.ts'
import type { JudgedFinding } from './apply-ignores.ts'

/** How many findings there are of each kind; those that are ignored count as nothing else. */
export interface Summary {
  readonly errors: number
  readonly advice: number
  readonly ignored: number
}

export function summaryOf(findings: readonly JudgedFinding[]): Summary {
  const counted = findings.filter(({ ignored }) => ignored === undefined)
  const errors = counted.filter(({ severity }) => severity === 'error').length
  return { errors, advice: counted.length - errors, ignored: findings.length - counted.length }
}

/**
 * `2 errors, 1 piece of advice, 1 ignored in 98 objects`
 *
 * @param objects of Kubernetes that were looked at; undefined when there were values alone
 */
export function summaryText({ errors, advice, ignored }: Summary, objects?: number): string {
  const parts = [
    `${errors || 'no'} error${errors === 1 ? '' : 's'}`,
    advice === 0 ? 'no advice' : `${advice} piece${advice === 1 ? '' : 's'} of advice`,
    ...(ignored > 0 ? [`${ignored} ignored`] : []),
  ]
  const where = objects === undefined ? '' : ` in ${objects} object${objects === 1 ? '' : 's'}`
  return `${parts.join(', ')}${where}`
}

/** What cannot be read weighs more than an error, and advice nothing. */
export function exitCodeOf({ errors }: Summary, unreadable: readonly string[]): number {
  if (unreadable.length > 0) return exitCode.badInput
  return errors > 0 ? exitCode.verdictNotMet : exitCode.asExpected
}
