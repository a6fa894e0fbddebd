/** @import { ControlsOffer, Shown } from './types.d.ts' */
import { browserCall, callActions } from './call-actions.js'
import { ScenarioActions } from './scenario-actions.js'

/** The buttons, where the server offers any: GET controls says which. Elsewhere the page only shows. */
export class Controls {
  /** @type {ControlsOffer | undefined} */
  #offer
  /** @type {Map<string, ScenarioActions>} */
  #scenarios = new Map()
  #pods = ''
  #asked = false
  /** Whether those that do not belong to a scenario are in place. */
  #placed = false

  /** @param {boolean} offered whether the server has any controls. */
  connected(offered) {
    this.#asked = offered
    void this.refresh()
  }

  /** Asks what may be done now. */
  async refresh() {
    if (!this.#asked) return
    const response = await fetch('controls').catch(() => undefined)
    // No answer is no change: the page says by itself that the connection is lost.
    if (response === undefined) return
    this.#offer = response.ok ? await response.json() : undefined
    for (const scenario of this.#offer?.scenarios ?? []) this.#scenarios.get(scenario.name)?.update(scenario)
  }

  /**
   * Puts each group into the card that it is about.
   * @param {readonly Shown[]} all
   * @param {(shown: Shown) => HTMLElement} placeOf
   */
  place(all, placeOf) {
    const pods = JSON.stringify(all.map(({ scenario, pods: known, policy }) => [scenario, known, policy]))
    if (this.#pods !== pods) {
      this.#pods = pods
      void this.refresh()
    }
    const { scenarios = [], calls, echo } = this.#offer ?? {}
    for (const shown of all) {
      const offer = scenarios.find(({ name }) => name === shown.scenario)
      if (offer === undefined || this.#scenarios.has(offer.name)) continue
      const actions = new ScenarioActions(offer, () => this.refresh())
      this.#scenarios.set(offer.name, actions)
      placeOf(shown).append(actions.element)
    }
    const [only] = all
    if (this.#placed || only === undefined || all.length > 1 || !(calls || echo)) return
    this.#placed = true
    if (calls) placeOf(only).append(callActions(calls.maximumRequests))
    if (echo) placeOf(only).append(browserCall())
  }
}
