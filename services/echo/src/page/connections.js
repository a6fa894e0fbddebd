/** @import { ShownConnections } from '../live/shown-connections.ts' */
import { arrange, element, setText } from './dom.js'
import { duration, plural } from './format.js'

/** The connections of a process, folded away: their number is what matters first. */
export class Connections {
  #summary = element('summary')
  #body = element('tbody')
  /** @type {HTMLElement} */
  element

  constructor() {
    const heads = ['other end', 'state', 'age'].map((head) => element('th', { scope: 'col' }, head))
    const table = element('table', {}, element('thead', {}, element('tr', {}, ...heads)), this.#body)
    const scroll = element('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': 'Connections' }, table)
    this.element = element('details', {}, this.#summary, scroll)
  }

  /** @param {ShownConnections | undefined} connections */
  update(connections) {
    this.element.hidden = connections === undefined
    if (connections === undefined) return
    setText(this.#summary, summaryOf(connections))
    if (!(/** @type {HTMLDetailsElement} */ (this.element).open)) return
    const rows = connections.listed.map(({ peer, state, ageSeconds }, index) => {
      const row =
        this.#body.children[index] ?? element('tr', {}, element('th', { scope: 'row' }), element('td'), element('td'))
      const texts = [peer, state, ageSeconds === undefined ? '–' : duration(ageSeconds)]
      texts.forEach((text, column) => {
        const cell = row.children[column]
        if (cell) setText(cell, text)
      })
      return row
    })
    arrange(this.#body, rows)
  }
}

/** @param {ShownConnections} connections */
function summaryOf({ total, ready, listed }) {
  const ages = listed.flatMap(({ ageSeconds }) => ageSeconds ?? [])
  const oldest = ages.length === 0 ? '' : `, the oldest for ${duration(Math.max(...ages))}`
  if (ready === total) return `${plural(total, 'connection')} open${oldest}`
  return `${ready} of ${plural(total, 'connection')} ready${oldest}`
}
