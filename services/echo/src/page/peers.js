/** Peers past the 200th are counted under this name. */
export const otherPeers = '__other__'

/** Colours there are for peers of their own; the rest is grey. */
export const colours = 8

/** @type {Map<string, number>} */
const seen = new Map()
const names = new Intl.Collator('en', { numeric: true })

/**
 * Peers in the order that they keep: pod-2 before pod-10, the rest last.
 * @param {Iterable<string>} peers
 * @returns {string[]}
 */
export function inOrder(peers) {
  const last = (/** @type {string} */ peer) => Number(peer === otherPeers)
  return [...new Set(peers)].sort((a, b) => last(a) - last(b) || names.compare(a, b))
}

/**
 * The number of a peer's colour, 0 to 7, the same everywhere on the page for as long as it is open; undefined when all are
 * taken. First come, first served.
 * @param {string} peer
 * @returns {number | undefined}
 */
export function colourOf(peer) {
  const known = seen.get(peer)
  if (known !== undefined) return known
  if (peer === otherPeers || seen.size >= colours) return undefined
  seen.set(peer, seen.size)
  return seen.size - 1
}

/** The class that gives an element its peer's colour. @param {string} peer */
export const colourClass = (peer) => `peer-${colourOf(peer) ?? 'rest'}`

/**
 * The calls of a peer, 0 of one that is not in the counts; a peer may call itself __proto__.
 * @param {Readonly<Record<string, number>>} counts
 * @param {string} peer
 */
export const callsIn = (counts, peer) => (Object.hasOwn(counts, peer) ? (counts[peer] ?? 0) : 0)

/** What people read. @param {string} peer */
export const peerLabel = (peer) => (peer === otherPeers ? `${otherPeers}: all past the 200th` : peer)
