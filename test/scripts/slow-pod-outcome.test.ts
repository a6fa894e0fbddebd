import { describe, expect, it } from 'vitest'
import { outcomeOf } from '../../scripts/cluster/outcome.ts'

const of = (counts: Record<string, number>, slowPod: string | undefined = 'slow', alpha?: number) =>
  outcomeOf({ judgeAs: 'slow-pod', counts, slowPod, alpha })

describe('outcomeOf a slow pod', () => {
  it('is load-aware when it has the fewest calls, and fewer than chance explains', () => {
    expect(of({ slow: 23, b: 129, c: 148 })).toMatchObject({
      verdict: 'load-aware',
      reason:
        '23 of 300 calls (7.7 %) went to slow, which is slow, the fewest, where an even share of 3 pods is 33.3 % (p = 5.9e-26, alpha 0.001).',
    })
    expect(of({ slow: 0, b: 150, c: 150 }).verdict).toBe('load-aware')
  })

  it.each([
    ['as many as the others', { slow: 100, b: 100, c: 100 }],
    ['fewer than the others, but not more than chance gives', { slow: 90, b: 105, c: 105 }],
    ['far too many', { slow: 200, b: 50, c: 50 }],
    ['few, but not the fewest', { slow: 40, b: 20, c: 240 }],
    ['few, and as many as another', { slow: 30, b: 30, c: 240 }],
  ])('is load-blind when it has %s', (_, counts) => {
    expect(of(counts)).toMatchObject({ verdict: 'load-blind' })
    expect(of(counts).reason).toMatch(/^\d+ of 300 calls \(.*\) went to slow, which is slow, where an even share .*\.$/)
  })

  it('is pinned when one pod has all, the slow one or another', () => {
    expect(of({ slow: 300, b: 0, c: 0 }).verdict).toBe('pinned')
    expect(of({ slow: 0, b: 300, c: 0 }).verdict).toBe('pinned')
  })

  it('is insufficient for too few calls, one pod, or a slow pod that nobody knows', () => {
    expect(of({ slow: 0, b: 3, c: 3 })).toMatchObject({ verdict: 'insufficient', pValue: expect.closeTo((2 / 3) ** 6) })
    expect(of({ slow: 300 }).verdict).toBe('insufficient')
    expect(of({ slow: 0, b: 0 }).verdict).toBe('insufficient')
    expect(of({ a: 100, b: 200 })).toMatchObject({
      verdict: 'insufficient',
      reason: 'It is not known which pod is slow.',
    })
    expect(outcomeOf({ judgeAs: 'slow-pod', counts: { a: 1, b: 2 } }).verdict).toBe('insufficient')
  })

  it('goes by alpha', () => {
    const counts = { slow: 80, b: 110, c: 110 }
    expect([of(counts).verdict, of(counts, 'slow', 0.05).verdict]).toEqual(['load-blind', 'load-aware'])
  })
})
