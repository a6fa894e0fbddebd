import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { readLookasideConfig } from '../../services/echo/src/lookaside/config/read-lookaside-config.ts'
import { chart } from './helm.ts'

const schema: object = JSON.parse(readFileSync(join(chart, 'values.schema.json'), 'utf8'))
const accepts = new Ajv({ allowUnionTypes: true }).compile(schema)

function controlPlaneTakes(policy: object): boolean {
  try {
    readLookasideConfig(JSON.stringify({ services: { 'a.b:1': { policy } } }), 'values')
    return true
  } catch {
    return false
  }
}

const ring = (settings: object) => ({ ring_hash_experimental: { requestHashHeader: 'x-user', ...settings } })
const weighted = (settings: object) => ({ evenly_weighted_round_robin: settings })
const least = (settings: object) => ({ least_request: settings })

describe('a policy of lookaside', () => {
  it.each([
    { round_robin: {} },
    least({
      choiceCount: 2,
      activeRequestBias: 10,
      slowStart: { window: '0.25s', aggression: 0.01, minWeightPercent: 1 },
    }),
    least({
      choiceCount: 100,
      activeRequestBias: 0,
      slowStart: { window: '10s', aggression: 100, minWeightPercent: 100 },
    }),
    ring({}),
    ring({ requestHashHeader: 'X-User', minRingSize: 1, maxRingSize: 8_388_608 }),
    weighted({
      blackoutPeriod: '0s',
      reportingPeriod: '0.5s',
      weightExpirationPeriod: '1.5s',
      weightUpdatePeriod: '0.1s',
    }),
    weighted({ errorUtilizationPenalty: 1000, slowStart: { window: '100.000s' } }),
    { pick_first: { shuffleAddressList: true } },
  ])('is taken by the chart and by the control plane: %j', (policy) => {
    expect(accepts({ lookaside: { services: { 'a.b:1': { policy } }, discover: { policy } } })).toBe(true)
    expect(controlPlaneTakes(policy)).toBe(true)
  })

  it.each([
    { nonsense: {} },
    { round_robin: {}, pick_first: {} },
    { least_request: null },
    least({ choiceCount: 1 }),
    least({ choiceCount: 101 }),
    least({ choiceCount: 2.5 }),
    least({ activeRequestBias: 11 }),
    least({ choices: 2 }),
    least({ slowStart: {} }),
    least({ slowStart: { window: '0s' } }),
    least({ slowStart: { window: '0.0s' } }),
    least({ slowStart: { window: '10' } }),
    least({ slowStart: { window: '1s', aggression: 0 } }),
    least({ slowStart: { window: '1s', minWeightPercent: 0 } }),
    { ring_hash_experimental: {} },
    ring({ requestHashHeader: '' }),
    ring({ requestHashHeader: 'x user' }),
    ring({ minRingSize: 0 }),
    ring({ maxRingSize: 8_388_609 }),
    weighted({ weightUpdatePeriod: '0.01s' }),
    weighted({ reportingPeriod: '0s' }),
    weighted({ errorUtilizationPenalty: -1 }),
    { pick_first: { shuffleAddressList: 'yes' } },
  ])('is refused by both: %j', (policy) => {
    expect(accepts({ lookaside: { services: { 'a.b:1': { policy } } } })).toBe(false)
    expect(accepts({ lookaside: { discover: { policy } } })).toBe(false)
    expect(controlPlaneTakes(policy)).toBe(false)
  })
})
