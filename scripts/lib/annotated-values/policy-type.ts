import type { Fragment } from './named-types.ts'

const above0 = '[0-9]*[1-9][0-9]*([.][0-9]{1,9})?'
const seconds = `^(${above0}|0+[.]0{0,4}[1-9][0-9]{0,4})s$`
const secondsOr0 = `^(0|${above0}|0+[.]0{0,4}[1-9][0-9]{0,4})s$`
const secondsFromTenth = `^(${above0}|0+[.][1-9][0-9]{0,8})s$`

const settings = (properties: Fragment['properties'] = {}, required?: readonly string[]): Fragment => ({
  type: 'object',
  ...(required && { required }),
  additionalProperties: false,
  properties,
})

const slowStart = settings(
  {
    window: { type: 'string', pattern: seconds },
    aggression: { type: 'number', minimum: 0.01, maximum: 100 },
    minWeightPercent: { type: 'number', minimum: 1, maximum: 100 },
  },
  ['window'],
)
const ringSize: Fragment = { type: 'integer', minimum: 1, maximum: 8_388_608 }

/** A balancing policy as the control plane takes it: one at most, by its gRPC name, with settings that it can read. */
export const policy: Fragment = {
  type: 'object',
  maxProperties: 1,
  additionalProperties: false,
  properties: {
    round_robin: settings(),
    least_request: settings({
      choiceCount: { type: 'integer', minimum: 2, maximum: 100 },
      activeRequestBias: { type: 'number', minimum: 0, maximum: 10 },
      slowStart,
    }),
    ring_hash_experimental: settings(
      {
        requestHashHeader: { type: 'string', pattern: '^[A-Za-z0-9_.-]+$' },
        minRingSize: ringSize,
        maxRingSize: ringSize,
      },
      ['requestHashHeader'],
    ),
    evenly_weighted_round_robin: settings({
      reportingPeriod: { type: 'string', pattern: seconds },
      blackoutPeriod: { type: 'string', pattern: secondsOr0 },
      weightExpirationPeriod: { type: 'string', pattern: seconds },
      weightUpdatePeriod: { type: 'string', pattern: secondsFromTenth },
      errorUtilizationPenalty: { type: 'number', minimum: 0, maximum: 1000 },
      slowStart,
    }),
    pick_first: settings({ shuffleAddressList: { type: 'boolean' } }),
  },
}
