import { describe, expect, it } from 'vitest'
import { referenceShare } from '../../scripts/report/reference-share.ts'
import { even, pinned } from './rows.ts'

describe('the share to hold a pod against', () => {
  it('is an even one, which a pinned scenario is only compared with', () => {
    expect(referenceShare(even)).toEqual({ text: 'expected share', share: 1 / 3 })
    const comparison = { text: 'an even share, for comparison', share: 1 / 3 }
    expect(referenceShare(pinned)).toEqual(comparison)
    expect(referenceShare({ ...even, expected: 'load-aware' })).toEqual(comparison)
  })

  it.each(['matches-weights', 'sticky', 'scattered', 'zone-first', 'zone-blind'] as const)(
    'is none for %s',
    (expected) => {
      expect(referenceShare({ ...even, expected })).toBeUndefined()
    },
  )

  it('is none without pods', () => {
    expect(referenceShare({ ...even, counts: {} })).toBeUndefined()
  })
})
