import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ClockOffset } from '../../../scripts/cluster/stopwatch/clock.ts'

const now = 1_700_000_000_000

describe('ClockOffset', () => {
  it('takes the clocks for one before the first line', () => {
    expect(new ClockOffset().toObserver(now)).toBe(now)
  })

  it.each([
    ['behind', -3000],
    ['ahead', 3000],
    ['right', 0],
  ])('finds a client whose clock is %s', (_, ahead) => {
    const clock = new ClockOffset()
    for (const delay of [40, 2, 300]) clock.note(now + ahead, now + delay)
    expect(clock.toObserver(now + ahead)).toBe(now + 2)
  })

  it('goes by the line with the least delay, whenever it came', () => {
    const delays = [50, 9, 7, 80]
    for (const order of [delays, delays.toReversed(), delays.toSorted((a, b) => a - b)]) {
      const clock = new ClockOffset()
      order.forEach((delay, i) => {
        clock.note(now + i * 250, now + i * 250 + delay)
      })
      expect(clock.toObserver(now + 5000)).toBe(now + 5000 + 7)
    }
  })

  it('places what the client saw too late by the smallest delay of a line, never too early', () => {
    const delays = fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: 1 })
    fc.assert(
      fc.property(fc.integer({ min: -1e7, max: 1e7 }), delays, fc.nat({ max: 1e7 }), (ahead, all, later) => {
        const clock = new ClockOffset()
        all.forEach((delay, i) => {
          clock.note(now + i * 250 + ahead, now + i * 250 + delay)
        })
        const truth = now + later
        expect(clock.toObserver(truth + ahead) - truth).toBe(Math.min(...all))
      }),
      { seed: 20_261_121 },
    )
  })
})
