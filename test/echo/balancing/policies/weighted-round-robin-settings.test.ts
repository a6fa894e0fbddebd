import { describe, expect, it } from 'vitest'
import { readWeightedRoundRobin } from '../../../../services/echo/src/balancing/policies/weighted-round-robin-settings.ts'

describe('the settings of evenly_weighted_round_robin', () => {
  it("are gRPC's own without any", () => {
    expect(readWeightedRoundRobin({})).toEqual({
      reportingPeriodSeconds: 10,
      blackoutPeriodSeconds: 10,
      weightExpirationPeriodSeconds: 180,
      weightUpdatePeriodSeconds: 1,
      errorUtilizationPenalty: 1,
      slowStart: undefined,
    })
  })

  it('are read as a service config writes them', () => {
    const json = {
      reportingPeriod: '0.5s',
      blackoutPeriod: '0s',
      weightExpirationPeriod: '60s',
      weightUpdatePeriod: '0.1s',
      errorUtilizationPenalty: 0,
      slowStart: { window: '20s' },
    }
    expect(readWeightedRoundRobin(json)).toEqual({
      reportingPeriodSeconds: 0.5,
      blackoutPeriodSeconds: 0,
      weightExpirationPeriodSeconds: 60,
      weightUpdatePeriodSeconds: 0.1,
      errorUtilizationPenalty: 0,
      slowStart: { windowSeconds: 20, aggression: 1, minimumWeightPercent: 10 },
    })
  })

  it.each([
    [null, 'evenly_weighted_round_robin must be an object such as {}, not null'],
    [
      { enable_oob_load_report: true },
      'evenly_weighted_round_robin has no enable_oob_load_report: it knows reportingPeriod, ',
    ],
    [{ reportingPeriod: '0s' }, 'reportingPeriod must be seconds above 0 such as "10s", not "0s"'],
    [{ reportingPeriod: 10 }, 'reportingPeriod must be seconds above 0 such as "10s", not 10'],
    [{ blackoutPeriod: '-1s' }, 'blackoutPeriod must be seconds above 0 such as "10s", not "-1s"'],
    [{ weightUpdatePeriod: '0.05s' }, 'weightUpdatePeriod must be at least "0.1s", not "0.05s"'],
    [{ errorUtilizationPenalty: -1 }, 'errorUtilizationPenalty must be a number from 0 to 1000, not -1'],
    [{ slowStart: {} }, 'slowStart.window must be seconds above 0 such as "10s", not undefined'],
  ])('%j are refused', (json, sentence) => {
    expect(() => readWeightedRoundRobin(json)).toThrow(sentence)
  })
})
