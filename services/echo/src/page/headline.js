/** @import { Shown } from './types.d.ts' */
import { number, percent, plural } from './format.js'
import { callsIn, inOrder } from './peers.js'

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
  return slowHeadline(shown) ?? manyHeadline(window, serving, known)
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
  const verdicts = all.map(({ window }) => window?.judgement.verdict ?? 'insufficient')
  const found = doings
    .map(({ verdicts: told, one, many }) => ({
      one,
      many,
      count: verdicts.filter((verdict) => told.includes(verdict)).length,
    }))
    .filter(({ count }) => count > 0)
  return found
    .map(({ one, many, count }, index) => {
      const clients = index === 0 ? `${count} of ${plural(all.length, 'client')}` : count
      return `${clients} ${count === 1 ? one : many}`
    })
    .join(', ')
}

const goodVerdicts = ['even', 'matches-weights', 'load-aware']

/** Whether a verdict is what one wants. @param {string | undefined} verdict */
export const isGood = (verdict) => verdict !== undefined && goodVerdicts.includes(verdict)

/** What clients do, with the verdicts that tell it, for one of them and for several. */
const doings = [
  { verdicts: ['pinned'], one: 'uses one pod for everything', many: 'use one pod for everything' },
  { verdicts: ['even', 'matches-weights'], one: 'spreads its calls evenly', many: 'spread their calls evenly' },
  { verdicts: ['skewed'], one: 'spreads its calls unevenly', many: 'spread their calls unevenly' },
  { verdicts: ['load-aware'], one: 'spares its slow pod', many: 'spare their slow pods' },
  { verdicts: ['load-blind'], one: 'does not spare its slow pod', many: 'do not spare their slow pods' },
  { verdicts: ['insufficient'], one: 'has too few calls to judge', many: 'have too few calls to judge' },
]

/** @param {Shown} shown */
function serverHeadline({ lastMinutes, name }) {
  const { requests, counts } = lastMinutes[1]
  return `${name} served ${plural(requests, 'call')} of ${plural(Object.keys(counts).length, 'client')} in the last minute`
}

/** What becomes of a pod that is slow; undefined where the verdict does not rest on one. @param {Shown} shown */
function slowHeadline({ window, slowPeer }) {
  if (!window || slowPeer === undefined) return undefined
  const { verdict, requests } = window.judgement
  const slow = `${slowPeer} ${percent(callsIn(window.counts, slowPeer) / requests)}`
  if (verdict === 'load-aware') return `The slow pod gets the fewest calls: ${slow}`
  return verdict === 'load-blind' ? `The slow pod is not spared: ${slow}` : undefined
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
