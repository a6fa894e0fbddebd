/** @import { Series } from '../recent-seconds.ts' */

import { callsIn } from './peers.js'

/** The chart's two minutes. */
export const keptSeconds = 120

/** The calls of each of the last two minutes' seconds, put together from the updates. */
export class Seconds {
  /** @type {Map<number, { calls: Record<string, number>, failed: number }>} */
  #seconds = new Map()
  /** Unix time of the last second that is over. */
  newest = Number.NEGATIVE_INFINITY

  /** Takes what an update brought; a second that came before is told anew. @param {Series} series */
  add({ fromSecond, seconds, calls, failed }) {
    for (let index = 0; index < seconds; index++) {
      const entries = Object.entries(calls).map(([peer, counts]) => [peer, counts[index] ?? 0])
      this.#seconds.set(fromSecond + index, { calls: Object.fromEntries(entries), failed: failed[index] ?? 0 })
    }
    this.newest = Math.max(this.newest, fromSecond + seconds - 1)
    for (const second of this.#seconds.keys()) {
      if (second <= this.newest - keptSeconds) this.#seconds.delete(second)
    }
  }

  /** Unix times of the two minutes, oldest first. @returns {number[]} */
  times() {
    return Array.from({ length: keptSeconds }, (_, index) => this.newest - keptSeconds + 1 + index)
  }

  /** Calls per second of the two minutes. @param {string} peer @returns {number[]} */
  callsOf(peer) {
    return this.times().map((second) => callsIn(this.#seconds.get(second)?.calls ?? {}, peer))
  }

  /** @returns {number[]} */
  failed() {
    return this.times().map((second) => this.#seconds.get(second)?.failed ?? 0)
  }

  /** Peers that answered in the two minutes. @returns {Set<string>} */
  peers() {
    return new Set([...this.#seconds.values()].flatMap(({ calls }) => Object.keys(calls)))
  }

  /** Calls per peer in the last `span` seconds that are over. @param {number} span @returns {Record<string, number>} */
  last(span) {
    /** @type {Map<string, number>} */
    const sums = new Map()
    for (const [second, { calls }] of this.#seconds) {
      if (second <= this.newest - span) continue
      for (const [peer, count] of Object.entries(calls)) sums.set(peer, (sums.get(peer) ?? 0) + count)
    }
    return Object.fromEntries(sums)
  }
}
