/** @import { Shown } from './types.d.ts' */
import { arrange, element, setAttribute, setText } from './dom.js'
import { number, percent } from './format.js'
import { peersOf } from './headline.js'
import { callsIn, colourClass, inOrder, peerLabel } from './peers.js'

/** So many pods have a column of their own. */
const mostColumns = 24

/** @typedef {{ client: string, anchor: string | undefined, counts: Readonly<Record<string, number>>, pods: readonly string[] | undefined }} MatrixRow */

/** Who called whom: a row per client, a column per pod, and in each cell the calls of that client that the pod answered. */
export class Matrix {
  #note = element('p', { class: 'note', id: 'matrix-note' })
  #head = element('tr')
  #body = element('tbody')
  #columns = ''
  /** @type {Map<string, HTMLTableRowElement>} */
  #rows = new Map()
  /** @type {HTMLElement} */
  element

  constructor() {
    const labels = { 'aria-labelledby': 'matrix-title', 'aria-describedby': 'matrix-note' }
    const table = element('table', { class: 'matrix', ...labels }, element('thead', {}, this.#head), this.#body)
    const title = element('h2', { id: 'matrix-title' }, 'Clients × servers')
    const scroll = element(
      'div',
      { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': 'Clients × servers' },
      table,
    )
    this.element = element('section', { class: 'card' }, title, this.#note, scroll)
  }

  /**
   * @param {readonly Shown[]} all
   * @param {(shown: Shown) => Readonly<Record<string, number>>} countsOf answered calls per peer of the time that is chosen
   * @param {string} span the name of that time
   */
  update(all, countsOf, span) {
    const rows = all.flatMap((shown) => rowsOf(shown, countsOf(shown)))
    const pods = inOrder(all.flatMap((shown) => (shown.role === 'server' ? [shown.name] : peersOf(shown))))
    const [columns, others] = [pods.slice(0, mostColumns), pods.slice(mostColumns)]
    setText(this.#note, `Answered calls of the ${span}: rows are clients, columns the pods that served`)
    this.#showHead(columns, others.length)
    for (const row of rows) this.#showRow(row, columns, others)
    const clients = rows.map(({ client }) => client)
    for (const client of this.#rows.keys()) if (!clients.includes(client)) this.#rows.delete(client)
    arrange(
      this.#body,
      clients.flatMap((client) => this.#rows.get(client) ?? []),
    )
  }

  /** @param {readonly string[]} columns @param {number} others */
  #showHead(columns, others) {
    const shown = [...columns, others].join(' ')
    if (shown === this.#columns) return
    this.#columns = shown
    const heads = columns.map((pod) => {
      const swatch = element('span', { class: `swatch ${colourClass(pod)}`, 'aria-hidden': 'true' })
      return element('th', { scope: 'col' }, swatch, peerLabel(pod))
    })
    const more = others > 0 ? [element('th', { scope: 'col' }, `${others} others`)] : []
    this.#head.replaceChildren(element('th', { scope: 'col' }, 'client'), ...heads, ...more)
    this.#rows.clear()
    this.#body.replaceChildren()
  }

  /** @param {MatrixRow} row @param {readonly string[]} columns @param {readonly string[]} others */
  #showRow({ client, anchor, counts, pods }, columns, others) {
    const cells = columns.map((pod) => callsIn(counts, pod))
    if (others.length > 0) cells.push(others.reduce((sum, pod) => sum + callsIn(counts, pod), 0))
    const total = Object.values(counts).reduce((sum, calls) => sum + calls, 0)
    const row = this.#rows.get(client) ?? this.#addRow(client, anchor, cells.length)
    cells.forEach((calls, index) => {
      const cell = row.cells[index + 1]
      if (!cell) return
      const share = total === 0 ? 0 : calls / total
      const pod = columns[index]
      const absent = calls === 0 && pod !== undefined && pods?.includes(pod) === false
      setText(cell, absent ? '–' : `${number(calls)} (${percent(share)})`)
      setAttribute(cell, 'class', `heat-${Math.ceil(share * 5)}`)
    })
  }

  /** @param {string} client @param {string | undefined} anchor @param {number} cells */
  #addRow(client, anchor, cells) {
    const name = anchor === undefined ? peerLabel(client) : element('a', { href: `#${anchor}` }, client)
    const row = element('tr', {}, element('th', { scope: 'row' }, name))
    for (let cell = 0; cell < cells; cell++) row.append(element('td'))
    this.#rows.set(client, row)
    return row
  }
}

/** A client's own row, or one per caller of a server. */
/** @param {Shown} shown @param {Readonly<Record<string, number>>} counts @returns {MatrixRow[]} */
function rowsOf(shown, counts) {
  if (shown.role === 'client') {
    const pods = shown.pods && peersOf(shown)
    return [{ client: shown.scenario ?? shown.name, anchor: anchorOf(shown), counts, pods }]
  }
  return peersOf(shown).map((client) => ({
    client,
    anchor: undefined,
    counts: { [shown.name]: callsIn(counts, client) },
    pods: undefined,
  }))
}

/** The id of a scenario's card; elsewhere there is one card only. @param {Shown} shown */
export const anchorOf = ({ scenario }) =>
  scenario === undefined ? undefined : `scenario-${encodeURIComponent(scenario)}`
