/** @import { Shown } from './types.d.ts' */
/** @import { Span } from './card.js' */
import { Card } from './card.js'
import { Controls } from './controls.js'
import { arrange, setText } from './dom.js'
import { overviewHeadline, peersOf } from './headline.js'
import { Matrix } from './matrix.js'
import { colourOf } from './peers.js'
import { spans } from './spans.js'
import { watchDistribution } from './stream.js'

/** @param {string} selector */
const part = (selector) => /** @type {HTMLElement} */ (document.querySelector(selector))
const [main, overview, state] = [part('main'), part('#overview'), part('#state')]
const choice = /** @type {HTMLSelectElement} */ (part('#span'))

/** @type {Map<string, Card>} */
const cards = new Map()
const matrix = new Matrix()
const controls = new Controls()
/** @type {readonly string[]} */
let order = []
/** @type {readonly Shown[]} */
let latest = []

let chosen = false
choice.addEventListener('change', () => {
  chosen = true
  update(latest)
})
watchDistribution(
  update,
  (greeting) => controls.connected(greeting.controls),
  (problem) => {
    document.body.classList.toggle('stale', problem !== undefined)
    document.body.classList.toggle('live', problem === undefined)
    setText(state, problem ?? 'Live')
  },
)

/** @param {readonly Shown[]} all */
function update(all) {
  latest = all
  // The lab calls fast and changes often: there the last seconds tell more.
  if (!chosen && all.some(({ scenario }) => scenario !== undefined)) choice.value = '10'
  for (const pod of all.flatMap(peersOf)) colourOf(pod)
  for (const shown of all) cardOf(shown).update(shown, span())
  for (const card of cards.values()) card.checkNews()
  setText(overview, all.length > 1 ? overviewHeadline(all) : all.length === 1 ? '' : emptyText())
  matrix.update(all, (shown) => span().countsOf(shown, cardOf(shown).seconds), span().name)
  matrix.element.hidden = all.length === 0
  order = withMissing(all.map(keyOf), order)
  const articles = order.flatMap((key) => cards.get(key)?.element ?? [])
  main.classList.toggle('many', cards.size > 1)
  arrange(main, cards.size > 1 ? [matrix.element, ...articles] : [...articles, matrix.element])
  controls.place(all, (shown) => cardOf(shown).controls)
}

/** @param {Shown} shown */
function cardOf(shown) {
  const card = cards.get(keyOf(shown)) ?? new Card(shown)
  cards.set(keyOf(shown), card)
  return card
}

/** @param {Shown} shown */
const keyOf = ({ scenario, name }) => scenario ?? name

/** The order of an update, with those that it lacks in the places that they had. */
/** @param {string[]} keys @param {readonly string[]} before */
function withMissing(keys, before) {
  before.forEach((key, index) => {
    if (!keys.includes(key)) keys.splice(index, 0, key)
  })
  return keys
}

const emptyText = () =>
  cards.size === 0 ? 'The scenarios are being started: each appears with its first verdict.' : ''

/** @returns {Span} */
function span() {
  return /** @type {Span} */ (spans[choice.value] ?? spans[60])
}
