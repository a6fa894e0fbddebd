import { element, setText } from './dom.js'

let fields = 0

/** Buttons of which one runs at a time, and the line that tells how it went. */
export class ActionGroup {
  /** @type {HTMLElement} */
  element
  #said = element('p', { class: 'said', role: 'status' })
  #buttons = element('div', { class: 'buttons' })
  running = false
  /** Called when an action has ended; what may be done next can be another. @type {() => void} */
  #onDone

  /** @param {string} title @param {() => void} onDone */
  constructor(title, onDone = () => {}) {
    this.#onDone = onDone
    this.element = element('section', { class: 'actions' }, element('h3', {}, title), this.#buttons, this.#said)
  }

  /**
   * @param {string} label
   * @param {() => Promise<string>} act resolves to the sentence to say; rejects with one
   */
  button(label, act) {
    const button = element('button', { type: 'button' }, label)
    button.addEventListener('click', () => this.#run(button, act))
    this.#buttons.append(button)
    return button
  }

  /**
   * A labelled field before the next button.
   * @template {HTMLElement} Field
   * @param {string} label
   * @param {Field} field
   */
  field(label, field) {
    field.id = `field-${++fields}`
    this.#buttons.append(element('label', { for: field.id }, label), field)
    return field
  }

  /** @param {HTMLButtonElement} button @param {() => Promise<string>} act */
  async #run(button, act) {
    // Not `disabled` yet: a button that cannot be focused would throw a keyboard's user to the top of the page.
    if (this.running) return
    this.running = true
    this.element.setAttribute('aria-busy', 'true')
    setText(this.#said, `${button.textContent}…`)
    const before = [...this.#buttons.querySelectorAll('button')].map((one) => ({ one, disabled: one.disabled }))
    for (const { one } of before) one.disabled = true
    try {
      setText(this.#said, await act())
    } catch (error) {
      setText(this.#said, /** @type {Error} */ (error).message)
    }
    for (const { one, disabled } of before) one.disabled = disabled
    this.element.removeAttribute('aria-busy')
    this.running = false
    if (document.activeElement === document.body) button.focus()
    this.#onDone()
  }
}

/**
 * Sends JSON and gives back the answer's; rejects with the sentence that the server refused it with.
 * @param {string} path relative to the page
 * @param {object} body
 */
export async function post(path, body) {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) }).catch(() => undefined)
  if (response === undefined) throw new Error('The server does not answer: try again when the connection is back.')
  const answer = await response.json().catch(() => ({}))
  if (!response.ok) throw new Error(answer.error ?? answer.message ?? `The server answered ${response.status}.`)
  return answer
}
