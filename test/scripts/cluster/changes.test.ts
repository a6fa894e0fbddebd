import { describe, expect, it, vi } from 'vitest'
import { boundOf, patienceOf, scaling } from '../../../scripts/cluster/changes.ts'
import type { Setup } from '../../../scripts/cluster/setup.ts'

const aging = (maxConnectionAgeSeconds: number, dnsMinIntervalSeconds?: number) => ({
  server: { maxConnectionAgeSeconds },
  client: { dnsMinIntervalSeconds },
})

const envoy = (envoySidecar: object) => ({ client: { envoySidecar } })

describe('boundOf', () => {
  it.each([
    ['nothing', {}, 5],
    ['an age of none', aging(0, 1), 5],
    ['an age, and no interval: 5 s', aging(10), 21],
    ["an interval of 0, which is the library's own: 5 s", aging(10, 0), 21],
    ['an age and an interval', aging(10, 1), 17],
    ['an age whose tenth is no binary fraction', aging(30, 1), 39],
    ['an age whose tenth is no whole second', aging(7, 1), 13.7],
    ['an Envoy with a static config', envoy({ enabled: true }), 10],
    [
      'one that looks often, and servers that age',
      { ...aging(30), ...envoy({ enabled: true, dnsRefreshRate: '500ms' }) },
      5.5,
    ],
    ['one that looks rarely', envoy({ enabled: true, dnsRefreshRate: '2m' }), 125],
    ['one that looks once an hour', envoy({ enabled: true, dnsRefreshRate: '1h' }), 3605],
    ['one that is not there', envoy({ enabled: false, dnsRefreshRate: '2m' }), 5],
  ])('of values that say %s', (_, values, seconds) => {
    expect(boundOf(values)).toBe(seconds)
  })
})

describe('patienceOf', () => {
  it('is longer than the bound, in whole seconds', () => {
    expect(patienceOf({})).toBe(20)
    expect(patienceOf(aging(10, 1))).toBe(32)
    expect(patienceOf(aging(7, 1))).toBe(29)
  })
})

describe('scaling', () => {
  it('goes from count to count', async () => {
    const changes = scaling([3, 5, 1])
    expect(changes.map(({ name }) => name)).toEqual(['scaling 3 to 5', 'scaling 5 to 1'])
    const scale = vi.fn(async (_: number) => {})
    for (const { make } of changes) await make({ scale } as unknown as Setup)
    expect(scale.mock.calls).toEqual([[5], [1]])
  })

  it('is nothing with one count', () => {
    expect(scaling([3])).toEqual([])
  })
})
