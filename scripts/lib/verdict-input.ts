import { badInput, usageError } from './exit.ts'
import { policies, type VerdictOptions } from './verdict-types.ts'

/**
 * Refuses what no verdict can be given on. Counts that are not whole, below 0 or not a number are bad input (exit 65),
 * options that make no sense are a usage error (exit 64).
 *
 * @throws EvenlyError whose one sentence names the value, the reason and the fix
 */
export function checkVerdictInput(counts: readonly number[], options: VerdictOptions): void {
  const { policy, weights, clients = 1, alpha = 0.001, names } = options
  const wrong = counts.findIndex((count) => !Number.isSafeInteger(count) || count < 0)
  if (wrong >= 0) {
    throw badInput(`count ${wrong + 1} is ${counts[wrong]}, which is no number of calls: give whole numbers from 0 up`)
  }
  if (!policies.includes(policy)) throw usageError(`policy ${policy} is unknown: use one of ${policies.join(', ')}`)
  if (!(alpha > 0 && alpha < 1)) {
    throw usageError(`alpha ${alpha} is no rate of false alarms: give a number between 0 and 1, for example 0.001`)
  }
  if (!Number.isSafeInteger(clients) || clients < 1) {
    throw usageError(`clients ${clients} is no number of clients: give a whole number from 1 up`)
  }
  if (names && names.length !== counts.length) {
    throw usageError(`names is a list of ${names.length} but counts of ${counts.length}: give one name per peer`)
  }
  checkWeights(counts, policy, weights)
}

function checkWeights(counts: readonly number[], policy: string, weights: readonly number[] | undefined): void {
  if (policy !== 'weighted') {
    if (weights) throw usageError(`weights mean nothing to policy ${policy}: use policy weighted or leave them out`)
    return
  }
  if (!weights) throw usageError('policy weighted has no weights to compare with: give one weight per peer')
  if (weights.length !== counts.length) {
    throw usageError(`weights is a list of ${weights.length} but counts of ${counts.length}: give one weight per peer`)
  }
  const wrong = weights.findIndex((weight) => !Number.isFinite(weight) || weight < 0)
  if (wrong >= 0) throw usageError(`weight ${wrong + 1} is ${weights[wrong]}: give numbers from 0 up`)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  if (weights.length > 0 && !(total > 0 && Number.isFinite(total))) {
    throw usageError(`weights add up to ${total}, so no peer can be given a share: give at least one weight above 0`)
  }
}
