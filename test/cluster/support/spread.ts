import type { Pod } from '../../../scripts/cluster/pod.ts'
import { judge, type Policy, type Verdict } from '../../../scripts/lib/verdict.ts'
import type { Counts } from '../../../services/echo/src/tally.ts'

/** Calls per pod, in the order of the pods; one that served nothing is a 0, and who is none of them is told by name. */
export function countsOver(pods: readonly Pod[], { counts }: Counts): number[] {
  const strangers = Object.keys(counts).filter((peer) => !pods.some(({ name }) => name === peer))
  if (strangers.length > 0) throw new Error(`calls were served by ${strangers.join(', ')}: ${JSON.stringify(counts)}`)
  return pods.map(({ name }) => counts[name] ?? 0)
}

/** The verdict on a tally over all the pods there are, whether or not the client knows of them. */
export function judgeOver(pods: readonly Pod[], tally: Counts, policy: Policy): Verdict {
  return judge(countsOver(pods, tally), { policy, names: pods.map(({ name }) => name) })
}
