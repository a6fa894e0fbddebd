import { describe, expect, it } from 'vitest'
import { ReportedWeight } from '../../../../services/echo/src/balancing/load-reports/reported-weight.ts'

const periods = { blackoutPeriodSeconds: 10, weightExpirationPeriodSeconds: 180 }
const atOnce = { ...periods, blackoutPeriodSeconds: 0 }
const report = (application_utilization: number, rps_fractional = 100, eps = 0, cpu_utilization = 0) => ({
  application_utilization,
  rps_fractional,
  eps,
  cpu_utilization,
})

function weightOf(told: ReturnType<typeof report>, errorPenalty = 1): number | undefined {
  const weight = new ReportedWeight()
  weight.report(told, errorPenalty, 0)
  return weight.at(0, atOnce)
}

describe('the weight of a peer that reports its load', () => {
  it('is calls a second by utilization', () => {
    expect(weightOf(report(0.25, 50))).toBe(200)
    expect(weightOf(report(2, 50))).toBe(25)
  })

  it('goes by the CPU where the application tells nothing of its own', () => {
    expect(weightOf(report(0, 50, 0, 0.5))).toBe(100)
    expect(weightOf(report(0.25, 50, 0, 0.5))).toBe(200)
  })

  it('falls with the share of calls that fail, as much as the penalty says', () => {
    expect(weightOf(report(0.25, 100, 25))).toBe(200)
    expect(weightOf(report(0.25, 100, 25), 3)).toBe(100)
    expect(weightOf(report(0.25, 100, 25), 0)).toBe(400)
    expect(weightOf(report(0.25, 100, -25), 1)).toBe(400)
  })

  it.each([
    ['no utilization', report(0)],
    ['no calls', report(0.5, 0)],
    ['nothing', report(0, 0)],
    ['no number', report(Number.NaN)],
    ['less than nothing', report(-1, -5)],
    ['more than can be', report(1e-320, 1e300)],
    ['endless load', report(Number.POSITIVE_INFINITY)],
  ])('is not known from a report of %s, nor changed by it', (_of, told) => {
    expect(weightOf(told)).toBeUndefined()
    const weight = new ReportedWeight()
    weight.report(report(0.5), 1, 0)
    weight.report(told, 1, 1)
    expect(weight.at(1, atOnce)).toBe(200)
    expect(weight.at(179.9, atOnce)).toBe(200)
    expect(weight.at(180, atOnce)).toBeUndefined()
  })

  it('is not gone by until it has reported throughout the blackout', () => {
    const weight = new ReportedWeight()
    weight.report(report(0.5), 1, 100)
    weight.report(report(0.25), 1, 109)
    expect(weight.at(109.9, periods)).toBeUndefined()
    expect(weight.at(110, periods)).toBe(400)
  })

  it('expires, and a blackout follows when reports come again', () => {
    const weight = new ReportedWeight()
    weight.report(report(0.5), 1, 0)
    expect(weight.at(179, periods)).toBe(200)
    expect(weight.at(180, periods)).toBeUndefined()
    weight.report(report(0.5), 1, 200)
    expect(weight.at(209, periods)).toBeUndefined()
    expect(weight.at(210, periods)).toBe(200)
  })
})
