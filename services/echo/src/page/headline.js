/** @import { Shown } from './types.d.ts' */
import { number, percent, plural } from './format.js'
import { inOrder } from './peers.js'

/** The peers to show: the pods that the lab knows and who served lately; elsewhere who served in the last 15 minutes. */
/** @param {Shown} shown @returns {string[]} */
export function peersOf({ pods, lastMinutes }) {
  if (pods) return inOrder([...pods, ...Object.keys(lastMinutes[1].counts)])
  return inOrder(Object.keys(lastMinutes[15].counts))
}

/** How many peers the calls ought to reach; undefined for a server, whose callers owe it nothing. @param {Shown} shown */
export function expectedPeers({ role, pods, window, peers }) {
  if (role === 'server') return undefined
  return pods?.length ?? window?.judgement.peers ?? peers
}

/** The sentence that a newcomer should read first. @param {Shown} shown @returns {string} */
export function headline(shown) {
  const { role, window, lastMinutes, filling } = shown
  if (lastMinutes[1].requests === 0) return 'No call in the last minute'
  if (role === 'server') return serverHeadline(shown)
  const counts = window?.counts ?? filling.counts
  const serving = Object.values(counts).filter((calls) => calls > 0).length
  if (serving === 0) return 'No call was answered'
  const known = Math.max(serving, expectedPeers(shown) ?? 0)
  if (serving === 1)
    return known === 1 ? 'The only pod known serves everything' : `1 of ${known} pods serves everything`
  if (!window) return `${serving} of ${known} pods have served; too few calls to judge`
  return manyHeadline(window, serving, known)
}

/** What the verdict means for those who never heard of it. @param {Shown} shown @returns {string} */
export function meaning({ role, window, policy }) {
  if (role === 'server') {
    return 'One pod sees its own calls only: whether they are spread over all pods, the page of a client tells.'
  }
  if (window?.judgement.verdict !== 'pinned') return ''
  return policy === 'pick_first'
    ? 'gRPC keeps one connection open and sends every call over it; pick_first, its default, wants no other.'
    : 'Every call goes over one connection: what the client dials shows it one address only.'
}

/** @param {readonly Shown[]} all @returns {string} */
export function overviewHeadline(all) {
  const pinned = all.filter(({ window }) => window?.judgement.verdict === 'pinned').length
  const even = all.filter(({ window }) => isGood(window?.judgement.verdict)).length
  const rest = all.length - pinned - even
  const parts = [
    pinned > 0 &&
      `${pinned} of ${plural(all.length, 'client')} ${pinned === 1 ? 'uses' : 'use'} one pod for everything`,
    even > 0 &&
      `${pinned > 0 ? even : `${even} of ${plural(all.length, 'client')}`} ${even === 1 ? 'spreads its' : 'spread their'} calls evenly`,
    rest > 0 && `${rest} ${rest === 1 ? 'does' : 'do'} neither`,
  ]
  return parts.filter(Boolean).join(', ')
}

/** Whether a verdict is what one wants. @param {string | undefined} verdict */
export const isGood = (verdict) => verdict === 'even' || verdict === 'matches-weights'

/** @param {Shown} shown */
function serverHeadline({ lastMinutes, name }) {
  const { requests, counts } = lastMinutes[1]
  return `${name} served ${plural(requests, 'call')} of ${plural(Object.keys(counts).length, 'client')} in the last minute`
}

/**
 * @param {NonNullable<Shown['window']>} window
 * @param {number} serving
 * @param {number} known
 */
function manyHeadline({ counts, requests, judgement: { verdict } }, serving, known) {
  const of = `${number(serving)} of ${plural(known, 'pod')}`
  if (verdict === 'even') return `${of} share the calls evenly`
  if (verdict === 'matches-weights') return `${of} share the calls by their weights`
  if (verdict === 'insufficient') return `${of} have served; too few calls to judge`
  if (serving < known)
    return `${of} serve, ${number(known - serving)} ${known - serving === 1 ? 'gets' : 'get'} nothing`
  const [busiest, calls] = Object.entries(counts).reduce((most, one) => (one[1] > most[1] ? one : most))
  return `${of} serve, unevenly: ${busiest} takes ${percent(calls / requests)}`
}
