import { answerersOf, type KeyCalls, scatteredKeys } from '../lib/stickiness.ts'
import { judge, type Policy } from '../lib/verdict.ts'
import { sum, totalOf } from './counts.ts'
import type { Spread } from './result.ts'
import { odds, type Ruling, ruling } from './ruling.ts'
import { ofSlowPod } from './slow-pod-outcome.ts'

/** How calls ought to spread: by a policy, `keys` each on one pod, `zone` the client's own first, `slow-pod` that pod last. */
export type JudgeAs = Policy | 'keys' | 'zone' | 'slow-pod'

/** A window of calls, and how to judge it. */
export interface OutcomeInput {
  readonly judgeAs: JudgeAs
  /** Pod to calls it answered, silent pods included. */
  readonly counts: Readonly<Record<string, number>>
  /** Clients that made the calls, as for `judge`. Default 1. */
  readonly clients?: number | undefined
  /** With policy `weighted`: pod to its weight; one without has 0. */
  readonly weights?: Readonly<Record<string, number>> | undefined
  /** With `keys`: who answered which. A window in which pods join or leave is not fair to them. */
  readonly keys?: KeyCalls | undefined
  /** With `zone`: pod to the zone it is in, and the zone of the clients; empty where it is not known. */
  readonly zones?: Readonly<Record<string, string>> | undefined
  readonly clientZone?: string | undefined
  /** With `slow-pod`: the pod that takes longer than the others. */
  readonly slowPod?: string | undefined
  /** The accepted rate of false alarms, in (0, 1). Default 0.001. */
  readonly alpha?: number | undefined
}

/** `pValue` is the probability that the verdict rests on; null when it rests on none. */
export type SpreadOutcome = Pick<Spread, 'verdict' | 'reason' | 'jain' | 'maxOverMean' | 'pValue'>

/**
 * What a window of calls shows. A policy is judged by `judge`; the others by the first rule that holds.
 *
 * `keys`, of which k were answered by n pods in c calls:
 * 1. `scattered`: more than one pod answered a key.
 * 2. `insufficient`: only one pod is known, or an even spread that knows no keys would keep each on one pod with probability
 *    n^(k-c), alpha or more.
 * 3. All on one pod: `pinned` where hashing does this to k keys with probability n^(1-k) below alpha, else `insufficient`.
 * 4. `insufficient`: every pod has equally many keys, as round robin gives them when keys come in turn and k is a multiple of n.
 * 5. `sticky`.
 *
 * `zone`:
 * 1. `insufficient`: a zone is not known, no pod is in the clients' zone, or all are.
 * 2. `zone-blind`: a call was answered in another zone.
 * 3. `insufficient`: an even spread would answer all calls in the clients' zone, with z of n pods, with probability (z/n)^c,
 *    alpha or more.
 * 4. `pinned`: all on one pod, where an even spread over the zone does this with probability z^(1-c) below alpha. With one pod in
 *    the zone a client that is pinned to it cannot be told from one that prefers its zone.
 * 5. `zone-first`.
 *
 * `slow-pod`: see slow-pod-outcome.ts.
 */
export function outcomeOf(input: OutcomeInput): SpreadOutcome {
  const { judgeAs, counts, clients, weights, alpha = 0.001 } = input
  const names = Object.keys(counts)
  const calls = Object.values(counts)
  if (judgeAs !== 'keys' && judgeAs !== 'zone' && judgeAs !== 'slow-pod') {
    const inOrder = weights && names.map((name) => (Object.hasOwn(weights, name) ? (weights[name] ?? 0) : 0))
    const judged = judge(calls, { policy: judgeAs, clients, alpha, names, weights: inOrder })
    const { verdict, reason, jain, maxOverMean, pValue } = judged
    return { verdict, reason, jain, maxOverMean, pValue }
  }
  const { jain, maxOverMean } = judge(calls, { policy: 'random', alpha, names })
  const rule = { keys: ofKeys, zone: ofZones, 'slow-pod': ofSlowPod }[judgeAs]
  return { ...rule({ ...input, alpha }), jain, maxOverMean }
}

export type Judged = OutcomeInput & { readonly alpha: number }

function ofKeys({ counts, keys = {}, alpha }: Judged): Ruling {
  const known = Object.values(keys)
    .map(answerersOf)
    .filter((peers) => peers.length > 0)
  const pods = [...new Set([...Object.keys(counts), ...known.flat()])]
  const calls = sum(Object.values(keys).map(totalOf))
  const tally = `${calls} calls with ${known.length} keys over ${pods.length} pods`
  const scattered = scatteredKeys(keys)
  const [first] = scattered
  if (first !== undefined) {
    const example = `${first} (${answerersOf(keys[first] ?? {}).join(' and ')})`
    const what = `Several pods answered ${scattered.length} of ${known.length} keys, such as ${example}`
    return ruling('scattered', `${what}, in ${calls} calls over ${pods.length} pods.`)
  }
  if (pods.length < 2 || calls === 0) return ruling('insufficient', `${tally} cannot show where a key goes.`)
  const byChance = pods.length ** (known.length - calls)
  if (byChance >= alpha) {
    const why = `are too few: each key may be on one pod by chance ${odds(byChance, alpha)}`
    return ruling('insufficient', `${tally} ${why}.`, byChance)
  }
  const keysPerPod = pods.map((pod) => known.filter(([only]) => only === pod).length)
  if (keysPerPod.includes(known.length)) {
    const byHash = pods.length ** (1 - known.length)
    return byHash < alpha
      ? ruling('pinned', `All of ${tally} went to one, more than hashing explains ${odds(byHash, alpha)}.`, byHash)
      : ruling('insufficient', `All of ${tally} went to one, as so few keys may ${odds(byHash, alpha)}.`, byHash)
  }
  if (new Set(keysPerPod).size === 1) {
    const fix = 'call with a number of keys that is no multiple of the pods'
    return ruling('insufficient', `Of ${tally}, each pod has as many keys, as in round robin: ${fix}.`)
  }
  return ruling('sticky', `Of ${tally}, each key stayed on one pod, beyond chance ${odds(byChance, alpha)}.`, byChance)
}

function ofZones({ counts, zones = {}, clientZone = '', alpha }: Judged): Ruling {
  const pods = Object.keys(counts)
  const zoneOf = (pod: string) => (Object.hasOwn(zones, pod) ? (zones[pod] ?? '') : '')
  const unknown = clientZone === '' ? 'the clients' : pods.find((pod) => zoneOf(pod) === '')
  if (unknown !== undefined) return ruling('insufficient', `The zone of ${unknown} is not known.`)
  const own = pods.filter((pod) => zoneOf(pod) === clientZone)
  if (own.length === 0 || own.length === pods.length) {
    const many = own.length === 0 ? 'No pod is' : `All of ${pods.length} pods are`
    return ruling('insufficient', `${many} in ${clientZone}, where the clients are, so there is no choice of zones.`)
  }
  const calls = totalOf(counts)
  const inZone = sum(own.map((pod) => counts[pod] ?? 0))
  const tally = `${inZone} of ${calls} calls were answered in ${clientZone}, where the clients and ${own.length} of ${pods.length} pods are`
  if (inZone < calls) return ruling('zone-blind', `${tally}.`)
  const byChance = (own.length / pods.length) ** calls
  if (byChance >= alpha) {
    return ruling('insufficient', `${tally}, too few to rule out chance ${odds(byChance, alpha)}.`, byChance)
  }
  const onOnePod = own.length ** (1 - calls)
  if (onOnePod < alpha && own.some((pod) => counts[pod] === calls)) {
    return ruling('pinned', `${tally}, but all of them by one pod ${odds(onOnePod, alpha)}.`, onOnePod)
  }
  return ruling('zone-first', `${tally}, beyond chance ${odds(byChance, alpha)}.`, byChance)
}
