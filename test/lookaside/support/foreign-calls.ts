import { expect } from 'vitest'
import { judge, type Verdict } from '../../../scripts/lib/verdict.ts'
import type { ForeignClient, ForeignTally } from './foreign-client.ts'

/** Calls that these pods have answered. */
export const sumOf = ({ counts }: ForeignTally, pods: readonly string[]): number =>
  pods.reduce((sum, pod) => sum + (counts[pod] ?? 0), 0)

/** The verdict on calls none of which may have failed. */
export function judgeOf(pods: readonly string[], tally: ForeignTally, policy: 'round_robin' | 'random'): Verdict {
  expect(tally.failed, JSON.stringify(tally.errors)).toBe(0)
  return judge(
    pods.map((pod) => tally.counts[pod] ?? 0),
    { policy, names: [...pods] },
  )
}

/** Calls until every one of these pods has answered: connections are made one after another. */
export const connected = (client: ForeignClient, pods: readonly string[]): Promise<void> =>
  until(client, ({ counts }) => pods.every((pod) => counts[pod] !== undefined))

/** Calls, some at a time, until who answers is as wanted; none of these calls may fail. */
export async function until(client: ForeignClient, wanted: (tally: ForeignTally) => boolean): Promise<void> {
  const deadline = Date.now() + 30_000
  for (;;) {
    const tally = await client.call({ calls: 60, pauseMs: 1 })
    expect(tally.failed, JSON.stringify(tally.errors)).toBe(0)
    if (wanted(tally)) return
    if (Date.now() > deadline)
      throw new Error(`after 30 s it is still ${JSON.stringify(tally.counts)}: ${client.warnings}`)
  }
}
