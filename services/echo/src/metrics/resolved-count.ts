import { setTimeout as sleep } from 'node:timers/promises'
import { resolvedAddresses } from '../resolved-addresses.ts'

/** How long one answer is good for. */
const goodForMilliseconds = 30_000

/** How long a scrape waits for the first answer. */
const patienceMilliseconds = 1000

/**
 * How many addresses a target's name has, looked up when somebody asks, at most every 30 s, and not waited for but the first
 * time: 0 until then, and while the name does not resolve.
 */
export function resolvedCount(target: string, signal: AbortSignal): () => Promise<number> {
  let count = 0
  let dueAt = 0
  let running: Promise<void> | undefined
  return async () => {
    if (performance.now() >= dueAt) {
      const first = running === undefined
      dueAt = performance.now() + goodForMilliseconds
      running = resolvedAddresses(target, signal).then((addresses) => {
        count = addresses.length
      })
      if (first) await Promise.race([running, sleep(patienceMilliseconds, undefined, { ref: false })])
    }
    return count
  }
}
