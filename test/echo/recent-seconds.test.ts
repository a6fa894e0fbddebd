import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RecentSeconds } from '../../services/echo/src/recent-seconds.ts'

const fixed = { seed: 20_261_122 }
const span = 10

describe('the last seconds', () => {
  it('add up to the calls of the span, however the clock goes and whenever one looks', () => {
    const step = fc.record({
      wait: fc.constantFrom(0, 0, 1, 1, 2, 5, 11, 70, -1),
      calls: fc.nat(3),
      look: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const recent = new RecentSeconds(span)
        const made: { second: number; peer: string; status: string }[] = []
        let now = 1000
        for (const { wait, calls, look } of steps) {
          now += wait
          for (let call = 0; call < calls; call++) {
            const one = { second: now, peer: `pod-${(now + call) % 3}`, status: call === 2 ? 'INTERNAL' : 'OK' }
            made.push(one)
            recent.running(now, () => {}).add(one.peer, one.status)
          }
          if (!look) continue
          const within = made.filter(({ second }) => second > now - span)
          const counts: Record<string, number> = {}
          for (const { peer } of within) counts[peer] = (counts[peer] ?? 0) + 1
          const failed = within.filter(({ status }) => status !== 'OK').length
          expect(recent.last(span, now).counts()).toMatchObject({ requests: within.length, failed, counts })
        }
      }),
      fixed,
    )
  })

  it('are told one by one, without the running one, and idle ones as 0', () => {
    const recent = new RecentSeconds(span)
    const call = (second: number, peer: string | undefined, status = 'OK') =>
      recent.running(second, () => {}).add(peer, status)
    call(100, 'pod-1')
    call(100, 'pod-1')
    call(102, 'pod-2')
    call(102, undefined, 'UNAVAILABLE')
    call(103, 'pod-3')
    expect(recent.series(4, 103)).toEqual({
      fromSecond: 99,
      seconds: 4,
      calls: { 'pod-1': [0, 2, 0, 0], 'pod-2': [0, 0, 0, 1] },
      failed: [0, 0, 0, 1],
    })
  })

  it('hold a peer of any name', () => {
    const recent = new RecentSeconds(span)
    for (const peer of ['__proto__', 'constructor', 'toString']) recent.running(100, () => {}).add(peer, 'OK')
    const { calls } = recent.series(1, 101)
    expect(Object.entries(calls)).toEqual([
      ['__proto__', [1]],
      ['constructor', [1]],
      ['toString', [1]],
    ])
    expect(({} as Record<string, unknown>)['0']).toBeUndefined()
  })
})
