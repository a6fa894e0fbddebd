import { percent } from '../lib/bars.ts'
import { judge } from '../lib/verdict.ts'
import type { Check } from './result.ts'
import { odds } from './ruling.ts'

/**
 * Whether as many calls failed as were told to, by the exact two-sided binomial test. Not met by calls so few that all of them
 * could have failed, or none, by chance.
 *
 * @param percentToFail of the calls, 0 to 100; with 0 and with 100 a single call off is one too many
 */
export function failureCheck(requests: number, failed: number, percentToFail: number, alpha = 0.001): Check {
  const weights = [percentToFail, 100 - percentToFail]
  const { verdict, pValue } = judge([failed, requests - failed], { policy: 'weighted', weights, alpha })
  const met = verdict === 'matches-weights'
  const fit = `${met ? 'within' : 'beyond'} chance of ${percentToFail} %${pValue === null ? '' : ` ${odds(pValue, alpha)}`}`
  const share = requests === 0 ? '' : ` (${percent(failed / requests)})`
  return {
    what: `${percentToFail} % of the calls fail`,
    found: `${failed} of ${requests} calls failed${share}, ${verdict === 'insufficient' ? 'too few calls to tell' : fit}.`,
    met,
  }
}
