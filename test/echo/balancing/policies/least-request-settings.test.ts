import { describe, expect, it } from 'vitest'
import { readLeastRequest } from '../../../../services/echo/src/balancing/policies/least-request-settings.ts'

describe('the settings of least_request', () => {
  it('have the defaults of Envoy', () => {
    expect(readLeastRequest({})).toEqual({ choiceCount: 2, activeRequestBias: 1, slowStart: undefined })
    expect(readLeastRequest({ slowStart: { window: '10s' } }).slowStart).toEqual({
      windowSeconds: 10,
      aggression: 1,
      minimumWeightPercent: 10,
    })
  })

  it('are read as they are given', () => {
    const slowStart = { window: '0.25s', aggression: 2.5, minWeightPercent: 1 }
    expect(readLeastRequest({ choiceCount: 100, activeRequestBias: 0, slowStart })).toEqual({
      choiceCount: 100,
      activeRequestBias: 0,
      slowStart: { windowSeconds: 0.25, aggression: 2.5, minimumWeightPercent: 1 },
    })
  })

  const window = 'slowStart.window must be seconds above 0 such as "10s", not'
  const choices = 'choiceCount must be a whole number from 2 to 100, not'
  it.each([
    [null, 'least_request must be an object such as {}, not null'],
    [[], 'least_request must be an object such as {}, not []'],
    ['{}', 'least_request must be an object such as {}, not "{}"'],
    [{ choice_count: 2 }, 'least_request has no choice_count: it knows choiceCount, activeRequestBias, slowStart'],
    [{ choiceCount: 1 }, `${choices} 1`],
    [{ choiceCount: 101 }, `${choices} 101`],
    [{ choiceCount: 2.5 }, `${choices} 2.5`],
    [{ choiceCount: '2' }, `${choices} "2"`],
    [{ choiceCount: null }, `${choices} null`],
    [{ activeRequestBias: -0.1 }, 'activeRequestBias must be a number from 0 to 10, not -0.1'],
    [{ activeRequestBias: 11 }, 'activeRequestBias must be a number from 0 to 10, not 11'],
    [{ slowStart: null }, 'slowStart must be an object such as {}, not null'],
    [{ slowStart: {} }, `${window} undefined`],
    [{ slowStart: { window: 10 } }, `${window} 10`],
    [{ slowStart: { window: '0s' } }, `${window} "0s"`],
    [{ slowStart: { window: '10' } }, `${window} "10"`],
    [{ slowStart: { window: '-1s' } }, `${window} "-1s"`],
    [{ slowStart: { window: '1m' } }, `${window} "1m"`],
    [{ slowStart: { window: '1s', aggression: 0 } }, 'slowStart.aggression must be a number from 0.01 to 100, not 0'],
    [
      { slowStart: { window: '1s', minWeightPercent: 0 } },
      'slowStart.minWeightPercent must be a number from 1 to 100, not 0',
    ],
    [
      { slowStart: { window: '1s', timeBias: 1 } },
      'slowStart has no timeBias: it knows window, aggression, minWeightPercent',
    ],
  ])('are refused in one sentence: %j', (json, sentence) => {
    expect(() => readLeastRequest(json)).toThrow(new Error(sentence))
  })
})
