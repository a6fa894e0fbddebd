import { percent } from '../lib/bars.ts'
import { judge } from '../lib/verdict.ts'
import { totalOf } from './counts.ts'
import type { Judged } from './outcome.ts'
import { odds, type Ruling, ruling } from './ruling.ts'

/**
 * What a window of calls shows of a client that knows which pod is slow, by the first rule that holds:
 * 1. `insufficient`: it is not known which pod is slow, or there is no other.
 * 2. `pinned`: all calls are on one pod, more than chance explains.
 * 3. `insufficient`: so few calls that an even spread could leave the slow pod without any with probability alpha or more.
 * 4. `load-aware`: the slow pod has the fewest calls, and fewer than an even spread gives it with probability alpha.
 * 5. `load-blind`.
 */
export function ofSlowPod({ counts, slowPod, alpha }: Judged): Ruling {
  const pods = Object.keys(counts)
  if (slowPod === undefined || !Object.hasOwn(counts, slowPod)) {
    return ruling('insufficient', 'It is not known which pod is slow.')
  }
  if (pods.length < 2) return ruling('insufficient', `${slowPod} is the only pod, so there is no choice.`)
  const calls = totalOf(counts)
  const slow = counts[slowPod] ?? 0
  const even = judge(Object.values(counts), { policy: 'random', alpha, names: pods })
  if (even.verdict === 'pinned') return ruling('pinned', even.reason, even.pValue)
  const tally = `${slow} of ${calls} calls (${percent(calls === 0 ? 0 : slow / calls)}) went to ${slowPod}, which is slow`
  const fair = `an even share of ${pods.length} pods is ${percent(1 / pods.length)}`
  const none = (1 - 1 / pods.length) ** calls
  if (none >= alpha) return ruling('insufficient', `${tally}: too few calls to tell (${fair}).`, none)
  const { pValue } = judge([slow, calls - slow], { policy: 'weighted', weights: [1, pods.length - 1], alpha })
  const fewest = pods.every((pod) => pod === slowPod || slow < (counts[pod] ?? 0))
  if (fewest && pValue !== null && pValue < alpha) {
    return ruling('load-aware', `${tally}, the fewest, where ${fair} ${odds(pValue, alpha)}.`, pValue)
  }
  return ruling('load-blind', `${tally}, where ${fair}.`, pValue)
}
