import type { DistributionView } from '../distribution.ts'
import type { Run } from '../run.ts'

/** What the process that started a client may tell it: ask only this pod to wait so long, none at 0 ms. */
export interface SlowDown {
  readonly slowPeer: string
  readonly delayMilliseconds: number
}

/** Does what the lab tells through its message channel, which keeps nobody alive. */
export function obeyParent(calls: Run, distribution: DistributionView): void {
  process.on('message', ({ slowPeer, delayMilliseconds }: SlowDown) => {
    calls.slowDown(slowPeer, delayMilliseconds)
    distribution.restart(delayMilliseconds > 0 && slowPeer !== '' ? slowPeer : undefined)
  })
  process.channel?.unref()
}
