import { describe, expect, it } from 'vitest'
import { DistributionView } from '../../services/echo/src/distribution.ts'
import { Tally } from '../../services/echo/src/tally.ts'

const of = { role: 'client', name: 'client-1', judgeAs: 'random' } as const

describe('the distribution of a client that is told which pod is slow', () => {
  it('says so, and judges calls that start after that alone', async () => {
    const tally = new Tally()
    const view = new DistributionView(tally, of, 2)
    const call = () => tally.start()
    call()('pod-1', 'OK')
    call()('pod-1', 'OK')
    await Promise.resolve()
    expect(view.now().window?.counts).toEqual({ 'pod-1': 2 })
    const running = [call(), call()]
    view.restart('pod-1')
    expect(view.now()).toMatchObject({ slowPeer: 'pod-1', window: null, filling: { requests: 0 } })
    for (const end of running) end('pod-1', 'OK')
    await Promise.resolve()
    expect(view.now()).toMatchObject({ window: null, filling: { requests: 0 } })
    call()('pod-2', 'OK')
    call()('pod-2', 'OK')
    await Promise.resolve()
    expect(view.now().window?.counts).toEqual({ 'pod-2': 2 })
    view.restart(undefined)
    expect(view.now()).not.toHaveProperty('slowPeer')
  })
})
