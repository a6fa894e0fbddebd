/** @import { Shown } from './types.d.ts' */
import { Connections } from './connections.js'
import { element, setAttribute, setText } from './dom.js'
import { number, plural, rate } from './format.js'
import { expectedPeers, headline, isGood, meaning, peersOf } from './headline.js'
import { anchorOf } from './matrix.js'
import { RateChart } from './rate-chart.js'
import { Seconds } from './seconds.js'
import { ShareBars } from './share-bars.js'

/** The time that bars are of. @typedef {{ name: string, countsOf: (shown: Shown, seconds: Seconds) => Readonly<Record<string, number>> }} Span */

const silentMilliseconds = 3000

/** Everything about one distribution. */
export class Card {
  seconds = new Seconds()
  #title = element('h2')
  // Told by screen readers when it changes, and only then.
  #verdict = element('span', { class: 'verdict', 'aria-live': 'polite', 'aria-atomic': 'true' })
  #policy = element('span', { class: 'policy' })
  #about = element('p', { class: 'about' })
  #target = element('p', { class: 'target' })
  #headline = element('p', { class: 'headline' })
  #reason = element('p', { class: 'reason' })
  #meaning = element('p', { class: 'meaning' })
  #facts = element('p', { class: 'facts' })
  #failures = element('p', { class: 'failures' })
  /** @type {ShareBars} */
  #bars
  #chart = new RateChart()
  #connections = new Connections()
  #heardAt = 0
  /** Where the controls go, if there are any. */
  controls = element('div', { class: 'controls' })
  /** @type {HTMLElement} */
  element

  /** @param {Shown} shown */
  constructor(shown) {
    this.#bars = new ShareBars(shown.role === 'server' ? 'client' : 'pod')
    const id = anchorOf(shown)
    this.#title.id = `title-${id ?? 'only'}`
    const header = element('header', {}, this.#title, this.#verdict, this.#policy, this.#about)
    const words = [this.#headline, this.#reason, this.#meaning]
    const facts = element('div', { class: 'row' }, this.#facts, this.#failures)
    const rest = [
      this.#bars.element,
      this.#chart.element,
      facts,
      this.#target,
      this.#connections.element,
      this.controls,
    ]
    this.element = element(
      'article',
      { class: 'card', 'aria-labelledby': this.#title.id, tabindex: '-1' },
      header,
      ...words,
      ...rest,
    )
    if (id !== undefined) this.element.id = id
  }

  /** @param {Shown} shown @param {Span} span */
  update(shown, span) {
    this.#heardAt = performance.now()
    if (shown.series) this.seconds.add(shown.series)
    const { name, scenario, policy, target, window, lastMinutes, connections } = shown
    setText(this.#title, scenario ?? name)
    this.#showVerdict(shown)
    setText(this.#about, aboutText(shown))
    setText(this.#policy, policy === undefined ? '' : `policy ${policy}`)
    setText(this.#target, target === undefined ? '' : `${name} calls ${target}`)
    setText(this.#headline, headline(shown))
    setText(this.#reason, window && shown.role === 'client' ? window.judgement.reason : fillingText(shown))
    setText(this.#meaning, meaning(shown))
    this.#bars.update(peersOf(shown), span.countsOf(shown, this.seconds), {
      span: span.name,
      expected: expectedPeers(shown),
    })
    this.#chart.update(this.seconds)
    const { requests, failed, errors } = lastMinutes[1]
    setText(this.#facts, `${rate(requests / 60)} over the last minute, ${plural(requests, 'call')}`)
    const codes = Object.entries(errors).map(([code, calls]) => `${code} ${number(calls)}`)
    setText(this.#failures, failed === 0 ? 'none failed' : `${number(failed)} failed: ${codes.join(', ')}`)
    this.#failures.classList.toggle('bad', failed > 0)
    this.#connections.update(connections)
  }

  /** Says so when nothing was heard of its process for a while, though others are. */
  checkNews() {
    const silent = performance.now() - this.#heardAt > silentMilliseconds
    this.element.classList.toggle('stale', silent)
    if (silent) setText(this.#headline, 'No news of this client: what is shown is old')
  }

  /** @param {Shown} shown */
  #showVerdict({ window, role }) {
    const verdict = role === 'client' ? window?.judgement.verdict : undefined
    setText(this.#verdict, verdict ?? '')
    setAttribute(this.#verdict, 'class', `verdict ${moodOf(verdict)}`)
    for (const colour of ['good', 'bad'])
      this.#headline.classList.toggle(colour, this.#verdict.classList.contains(colour))
  }
}

/** @param {string | undefined} verdict */
function moodOf(verdict) {
  if (verdict === undefined || verdict === 'insufficient') return ''
  return isGood(verdict) ? 'good' : 'bad'
}

/** @param {Shown} shown */
function aboutText({ role, summary }) {
  if (role === 'server') return 'A server: its callers'
  return summary === undefined ? 'A client: who answers it' : `${summary.slice(0, 1).toUpperCase()}${summary.slice(1)}.`
}

/** @param {Shown} shown */
function fillingText({ role, filling: { requests, size } }) {
  if (role === 'server') return ''
  return requests === 0
    ? 'The verdict comes with calls.'
    : `The first verdict comes after ${size} calls: ${requests} so far.`
}
