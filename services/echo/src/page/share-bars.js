import { arrange, element, setText, unseen } from './dom.js'
import { number, percent } from './format.js'
import { callsIn, colourClass, peerLabel } from './peers.js'

/** A row of the table, and what in it changes. */
/** @typedef {{ row: HTMLElement, bar: HTMLElement, tick: HTMLElement, calls: HTMLElement, share: HTMLElement }} Row */

/** Longer names get more of the width. */
const shortName = 12
/** Past so many peers a full bar is no longer all calls: each has so few. */
const fullBars = 8

/** Calls per peer as moving bars, with a tick at the share that each should have: a table, which reads without them too. */
export class ShareBars {
  /** @type {Map<string, Row>} */
  #rows = new Map()
  #caption = element('caption')
  #body = element('tbody')
  /** @type {HTMLElement} */
  element

  /** @param {string} of what a row is: a pod or a client. */
  constructor(of) {
    const heads = [
      element('th', { scope: 'col' }, of),
      element('th', { scope: 'col' }, unseen('bar')),
      element('th', { scope: 'col', class: 'number' }, 'calls'),
      element('th', { scope: 'col', class: 'number' }, 'share'),
    ]
    const table = element(
      'table',
      { class: 'bars' },
      this.#caption,
      element('thead', {}, element('tr', {}, ...heads)),
      this.#body,
    )
    // Reached by keyboard, so that many rows can be scrolled through.
    this.element = element(
      'div',
      { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': `Calls per ${of}` },
      table,
    )
  }

  /**
   * @param {readonly string[]} peers in the order to show
   * @param {Readonly<Record<string, number>>} counts
   * @param {{ span: string, expected: number | undefined }} about the time that the counts are of, and how many peers should
   *   share the calls
   */
  update(peers, counts, { span, expected }) {
    const total = peers.reduce((sum, peer) => sum + callsIn(counts, peer), 0)
    const shares = peers.map((peer) => (total === 0 ? 0 : callsIn(counts, peer) / total))
    // Who knows one peer has nothing to hold it against.
    const reference = expected === undefined || expected < 2 ? undefined : 1 / expected
    const full = peers.length <= fullBars ? 1 : fullWidth(Math.max(reference ?? 0, ...shares))
    const tick = reference === undefined ? '' : `; the tick is the expected ${percent(reference)}`
    this.element.classList.toggle(
      'long',
      peers.some((peer) => peer.length > shortName),
    )
    setText(this.#caption, `Answered calls of the ${span}; a full bar is ${full * 100} %${tick}`)
    peers.forEach((peer, index) => {
      const { row, bar, tick: mark, calls, share } = this.#rows.get(peer) ?? this.#add(peer)
      row.classList.toggle('idle', callsIn(counts, peer) === 0)
      setText(calls, number(callsIn(counts, peer)))
      setText(share, percent(shares[index] ?? 0))
      bar.style.width = `${Math.min(100, (100 * (shares[index] ?? 0)) / full)}%`
      mark.hidden = reference === undefined
      if (reference !== undefined) mark.style.left = `${Math.min(100, (100 * reference) / full)}%`
    })
    for (const peer of this.#rows.keys()) if (!peers.includes(peer)) this.#rows.delete(peer)
    arrange(
      this.#body,
      peers.flatMap((peer) => this.#rows.get(peer)?.row ?? []),
    )
  }

  /** @param {string} peer */
  #add(peer) {
    const bar = element('div', { class: `bar ${colourClass(peer)}` })
    const tick = element('div', { class: 'tick' })
    const calls = element('td', { class: 'number calls' })
    const share = element('td', { class: 'number share' })
    const track = element('td', {}, element('div', { class: 'track', 'aria-hidden': 'true' }, bar, tick))
    const row = element('tr', {}, element('th', { scope: 'row' }, peerLabel(peer)), track, calls, share)
    const made = { row, bar, tick, calls, share }
    this.#rows.set(peer, made)
    return made
  }
}

/** The first round share that leaves a fifth of the width free. @param {number} largest */
const fullWidth = (largest) => [0.01, 0.02, 0.05, 0.1, 0.2, 0.5].find((width) => largest <= width * 0.8) ?? 1
