/** @import { ScenarioControls } from './types.d.ts' */
import { ActionGroup, post } from './action-group.js'
import { element, setText } from './dom.js'
import { plural } from './format.js'
import { inOrder } from './peers.js'

const slowMilliseconds = 500

/** What may be done to a scenario of the lab: more pods or fewer, one killed or slowed down, another policy. */
export class ScenarioActions {
  /** @type {ScenarioControls} */
  #offer
  #group
  /** @type {(() => void)[]} */
  #refreshes = []

  /** @param {ScenarioControls} offer @param {() => void} onDone */
  constructor(offer, onDone) {
    this.#offer = offer
    this.#group = new ActionGroup('Change this scenario', onDone)
    if (offer.actions.includes('scale')) this.#addScale()
    if (offer.actions.includes('kill') || offer.actions.includes('slow')) this.#addPodActions()
    if (offer.actions.includes('policy')) this.#addPolicy()
    this.update(offer)
  }

  get element() {
    return this.#group.element
  }

  /** @param {ScenarioControls} offer */
  update(offer) {
    this.#offer = offer
    if (this.#group.running) return
    for (const refresh of this.#refreshes) refresh()
  }

  #addScale() {
    /** @param {number} by */
    const scale = (by) => () => this.#do({ action: 'scale', pods: this.#offer.pods.length + by })
    const down = this.#group.button('Scale down', scale(-1))
    const up = this.#group.button('Scale up', scale(1))
    this.#refreshes.push(() => {
      const { pods, minimumPods, maximumPods } = this.#offer
      down.disabled = pods.length <= minimumPods
      up.disabled = pods.length >= maximumPods
      up.title = `now ${plural(pods.length, 'pod')}, at most ${maximumPods}`
      down.title = `now ${plural(pods.length, 'pod')}, at least ${minimumPods}`
    })
  }

  #addPodActions() {
    const pod = this.#group.field('Pod', element('select'))
    this.#refreshes.push(() => setOptions(pod, inOrder(this.#offer.pods)))
    const { actions } = this.#offer
    if (actions.includes('kill')) this.#group.button('Kill', () => this.#do({ action: 'kill', pod: pod.value }))
    if (!actions.includes('slow')) return
    /** @param {number} delayMilliseconds */
    const slow = (delayMilliseconds) => () => this.#do({ action: 'slow', pod: pod.value, delayMilliseconds })
    this.#group.button('Make slow', slow(slowMilliseconds))
    this.#group.button('Fast again', slow(0))
  }

  #addPolicy() {
    const policy = this.#group.field('Policy', element('select'))
    /** @type {string | undefined} */
    let current
    this.#refreshes.push(() => {
      setOptions(policy, this.#offer.policies)
      if (current !== this.#offer.policy) policy.value = this.#offer.policy
      current = this.#offer.policy
    })
    this.#group.button('Switch policy', () => this.#do({ action: 'policy', policy: policy.value }))
  }

  /** @param {object} action */
  async #do(action) {
    const { done } = await post('controls', { scenario: this.#offer.name, ...action })
    return done
  }
}

/** Keeps the choice that was made where it is still offered. @param {HTMLSelectElement} select @param {readonly string[]} values */
function setOptions(select, values) {
  values.forEach((value, index) => {
    const option = select.options[index] ?? select.appendChild(element('option'))
    setText(option, value)
  })
  while (select.options.length > values.length) select.remove(values.length)
}
