import type { LivePod } from './live-pod.ts'
import { whyNotReady } from './live-pod.ts'

/** Why pods are not ready, those with the same trouble together: `a, b: crashes again and again; c: is still starting`. */
export function troublesText(pods: readonly LivePod[], lastWords: ReadonlyMap<string, string>): string {
  const byTrouble = Map.groupBy(pods, (pod) => whyNotReady(pod, lastWords.get(pod.name)))
  const told = [...byTrouble].map(([why, each]) => `${namesText(each.map(({ name }) => name))}: ${why}`)
  return told.length <= mostTold ? told.join('; ') : `${told.slice(0, mostTold).join('; ')}; and more`
}

const mostTold = 4

/** Names, as many as one reads. */
const namesText = (names: readonly string[]): string =>
  names.length <= mostTold
    ? names.join(', ')
    : `${names.slice(0, mostTold - 1).join(', ')} and ${names.length - mostTold + 1} more`
