import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StaticStride } from '../../../../services/echo/src/balancing/policies/static-stride.ts'

const fixed = { seed: 20_261_122 }
const even = (length: number) => Array<number>(length).fill(1)

const increase = (counts: number[], member: number) => counts.splice(member, 1, (counts[member] as number) + 1)

/** How many of so many turns each member got. */
function turns(
  weights: readonly (number | undefined)[],
  count: number,
  { factors = even(weights.length), at = 0 } = {},
) {
  const schedule = new StaticStride(weights, factors, at)
  const counts = Array<number>(weights.length).fill(0)
  for (let turn = 0; turn < count; turn++) increase(counts, schedule.next())
  return counts
}

describe('turns by weight', () => {
  it('are in proportion to the weights, to the call', () => {
    expect(turns([5, 5, 1.25], 900)).toEqual([400, 400, 100])
    expect(turns([1, 2, 3, 4], 1000)).toEqual([100, 200, 300, 400])
  })

  it('are a plain round robin where weights are equal or none is known', () => {
    const schedule = new StaticStride([undefined, undefined, undefined], even(3), 0)
    expect(Array.from({ length: 7 }, () => schedule.next())).toEqual([0, 1, 2, 0, 1, 2, 0])
    expect(turns([7, 7], 1000)).toEqual([500, 500])
    expect(turns([7], 10)).toEqual([10])
  })

  it('give a member of unknown weight as much as the others get on average', () => {
    // The mean of 500 and 100 is 300.
    expect(turns([500, undefined, 100], 900)).toEqual([500, 300, 100])
    expect(turns([0.002, undefined, undefined], 900)).toEqual([300, 300, 300])
    const most = Number.MAX_VALUE
    expect(turns([most, most, most, undefined], 400)).toEqual([100, 100, 100, 100])
  })

  it('starve nobody, and let nobody take all, whatever a report says', () => {
    const [most, least] = turns([1e12, 1e-12], 100_000) as [number, number]
    expect(least).toBeGreaterThan(0)
    expect(most / least).toBeCloseTo(200, -1)
    const many = turns([1e9, ...even(99)], 110_000)
    expect(Math.max(...many) / 110_000).toBeLessThan(0.95)
    expect(Math.min(...many)).toBeGreaterThan(0)
  })

  it('lie apart: a member of a tenth of all comes about once in ten turns', () => {
    const schedule = new StaticStride([9, 1], even(2), 0)
    const places = Array.from({ length: 1000 }, () => schedule.next()).flatMap((member, at) =>
      member === 1 ? [at] : [],
    )
    const gaps = places.slice(1).map((place, at) => place - (places[at] as number))
    expect([Math.min(...gaps), Math.max(...gaps)]).toEqual([
      expect.toSatisfy((gap) => gap >= 8),
      expect.toSatisfy((gap) => gap <= 12),
    ])
  })

  it('do not come to members of equal weight in the same round', () => {
    const schedule = new StaticStride([10, 1, 1], even(3), 0)
    const places = Array.from({ length: 1200 }, () => schedule.next()).flatMap((member, at) =>
      member === 0 ? [] : [at],
    )
    const gaps = places.slice(1).map((place, at) => place - (places[at] as number))
    expect(Math.min(...gaps)).toBeGreaterThan(3)
  })

  it('are fewer for a member that has just begun', () => {
    expect(turns([1, 1, 1], 2100, { factors: [1, 1, 0.1] })).toEqual([1000, 1000, 100])
  })

  it('go on with the next schedule where the one before was', () => {
    const before = new StaticStride([undefined, undefined, undefined], even(3), 0)
    expect([before.next(), before.next()]).toEqual([0, 1])
    expect(new StaticStride([undefined, undefined, undefined], even(3), before.nextTurn).next()).toBe(2)
  })

  it('come to the shares of any weights, from wherever they begin', () => {
    const weights = fc.array(fc.double({ min: 0.5, max: 5, noNaN: true }), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(weights, fc.nat({ max: 2 ** 31 }), (list, at) => {
        const total = list.reduce((sum, weight) => sum + weight, 0)
        const count = 2000 * list.length
        const counts = turns(list, count, { at })
        for (const [member, weight] of list.entries()) {
          expect(Math.abs((counts[member] as number) / count - weight / total)).toBeLessThan(0.01)
        }
      }),
      fixed,
    )
  })
})
