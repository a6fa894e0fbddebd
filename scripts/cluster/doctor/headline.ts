import { percent } from '../../lib/bars.ts'
import type { Finding } from '../../lib/findings/finding.ts'
import { allRules } from '../../lib/manifest-rules/all-rules.ts'
import type { Diagnosis } from './diagnosis.ts'
import { readyEndpoints } from './live.ts'
import { isFarOff } from './traffic.ts'
import { windowText } from './window-text.ts'

/** What a Service is, in one word. */
export type State = 'no-endpoints' | 'pinned' | 'skewed' | 'even' | 'one-pod' | 'quiet' | 'unseen'

export function stateOf({ live }: Pick<Diagnosis, 'live'>): State {
  if (readyEndpoints(live).length === 0) return 'no-endpoints'
  const { traffic } = live
  if (traffic === undefined) return 'unseen'
  if (traffic.requests === 0) return 'quiet'
  if (Object.keys(traffic.counts).length === 1) return 'one-pod'
  const { verdict } = traffic.verdict
  if (verdict === 'insufficient') return 'quiet'
  if (verdict === 'skewed') return isFarOff(traffic) ? 'skewed' : 'even'
  return verdict === 'pinned' ? 'pinned' : 'even'
}

/** The one line to read: what is the matter, and why, most likely. */
export function headline(diagnosis: Pick<Diagnosis, 'live' | 'findings'>): string {
  const { live, findings } = diagnosis
  const state = stateOf(diagnosis)
  const cause = causeOf(state, findings)
  const name = `${live.service.namespace}/${live.service.name}`
  const seen = `${name} ${seenText(state, diagnosis)}`
  if (state === 'no-endpoints') return `${seen}: ${cause === undefined ? 'nobody is behind it' : reasonOf(cause)}.`
  if (isUneven(state))
    return cause === undefined
      ? `${seen}; why cannot be seen here.`
      : `${seen}, because ${reasonOf(cause)} [${cause.rule}].`
  const errors = findings.filter(({ severity }) => severity === 'error').length
  if (cause === undefined)
    return `${seen}; ${errors === 0 ? 'nothing is wrong that would show here' : 'but see the errors below'}.`
  return `${seen}; but ${reasonOf(cause)} [${cause.rule}].`
}

const isUneven = (state: State): boolean => state === 'pinned' || state === 'skewed'

function seenText(state: State, { live }: Pick<Diagnosis, 'live'>): string {
  const { traffic } = live
  const pods = readyEndpoints(live).length
  if (state === 'no-endpoints') return 'has no ready endpoint, so every call to it fails'
  if (traffic === undefined) return `has ${pods} ready endpoint${pods === 1 ? '' : 's'}, and who serves cannot be seen`
  const counts = Object.values(traffic.counts)
  const busy = counts.filter((count) => count > 0).length
  const window = windowText(traffic)
  if (traffic.requests === 0) return `got no call in ${traffic.seconds} s, so how calls spread cannot be seen`
  if (state === 'quiet') return `got only ${window}, too few to tell how they spread`
  if (state === 'one-pod') return `has one ready pod, which served all of ${window}`
  if (state === 'pinned') return `is pinned: 1 of ${counts.length} pods served ${percent(1)} of ${window}`
  const [most, least] = [Math.max(...counts), Math.min(...counts)].map((count) => percent(count / traffic.requests))
  if (state === 'skewed')
    return `is skewed: ${busy} of ${counts.length} pods served ${window}, the busiest ${most} and the idlest ${least}`
  return `is even: ${counts.length} pods served ${window}, the busiest ${most} and the idlest ${least}`
}

/** The finding that explains most: what was seen first, then what was proven to do this, then any error. */
export function causeOf(state: State, findings: readonly Finding[]): Finding | undefined {
  const errors = findings.filter(({ severity, rule }) => severity === 'error' && rule !== 'uneven-calls')
  if (state === 'no-endpoints') return errors.find(({ rule }) => rule === 'no-endpoints')
  if (!isUneven(state)) return errors[0]
  const pinning = provenTo(/pinned/)
  const starving = provenTo(/starved/)
  const advice = findings.filter(
    ({ severity, rule }) =>
      severity === 'advice' && (pinning.has(rule) || starving.has(rule) || rule === 'proxy-sees-fewer'),
  )
  return (
    errors.find(({ rule }) => pinning.has(rule)) ??
    errors.find(({ rule }) => rule === 'starved-pods') ??
    errors.find(({ rule }) => starving.has(rule)) ??
    errors[0] ??
    advice[0]
  )
}

const provenTo = (what: RegExp): Set<string> =>
  new Set(allRules.filter(({ proof }) => what.test(proof?.before ?? '')).map(({ id }) => id))

/** Without what to do, which stands with the finding. */
const reasonOf = ({ message }: Finding): string => message.slice(0, message.lastIndexOf('; '))
