import { performance } from 'node:perf_hooks'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { RecentUtilization } from '../../../services/echo/src/load-reports/recent-utilization.ts'

let now = 0
let active = 0
beforeEach(() => {
  now = active = 0
  vi.spyOn(performance, 'now').mockImplementation(() => now)
  vi.spyOn(performance, 'eventLoopUtilization').mockImplementation((later, earlier) => {
    const [to, from] = [later ?? { active, idle: now - active }, earlier ?? { active: 0, idle: 0 }]
    const [busy, idle] = [to.active - from.active, to.idle - from.idle]
    return { active: busy, idle, utilization: busy / (busy + idle) }
  })
})
afterEach(() => {
  vi.restoreAllMocks()
})

/** Lets so many seconds pass, busy for such a part of them. */
function pass(seconds: number, busy: number): void {
  now += seconds * 1000
  active += seconds * busy * 1000
}

describe('the utilization of the last seconds', () => {
  it('is that of all time as long as there have been few', () => {
    const recent = new RecentUtilization()
    pass(2, 0.5)
    expect(recent.read()).toBeCloseTo(0.5)
  })

  it('forgets what lies further back than five seconds, however often it is asked for', () => {
    for (const step of [0.1, 0.5, 1]) {
      const recent = new RecentUtilization()
      for (let second = 0; second < 60; second += step) {
        pass(step, 0.9)
        recent.read()
      }
      for (let second = 0; second < 7; second += step) {
        pass(step, 0.2)
        recent.read()
      }
      expect(recent.read()).toBeCloseTo(0.2)
    }
  })

  it('is that since the last time where it is seldom asked for', () => {
    const recent = new RecentUtilization()
    for (const busy of [0.9, 0.1, 0.4]) {
      pass(30, busy)
      expect(recent.read()).toBeCloseTo(busy)
    }
  })
})
