import { describe, expect, it } from 'vitest'
import { summed, totalOf, zeroes } from '../../../scripts/cluster/counts.ts'

describe('summed', () => {
  it('adds up what is known by the same name, in the order of the names', () => {
    const all = summed([zeroes(['silent', 'b']), { a: 1, b: 2 }, { b: 40 }])
    expect(Object.entries(all)).toEqual([
      ['silent', 0],
      ['b', 42],
      ['a', 1],
    ])
    expect(totalOf(all)).toBe(43)
  })

  it('is nothing of nothing', () => {
    expect([summed([]), zeroes([]), totalOf({})]).toEqual([{}, {}, 0])
  })
})
