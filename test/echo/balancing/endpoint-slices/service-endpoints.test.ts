import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { serviceEndpoints } from '../../../../services/echo/src/balancing/endpoint-slices/service-endpoints.ts'
import { whyNoEndpoints } from '../../../../services/echo/src/balancing/endpoint-slices/why-no-endpoints.ts'
import { pod, slice, terminating, unready } from './slices.ts'

const addresses = (...args: Parameters<typeof serviceEndpoints>) =>
  serviceEndpoints(...args).map((endpoint) => `${endpoint.addresses.join('+')}:${endpoint.port}`)

describe('the endpoints of a Service', () => {
  it('are its ready pods, with what is known of each', () => {
    const endpoint = pod('a', '10.0.0.1', { zone: 'zone-a', nodeName: 'node-1' })
    expect(serviceEndpoints([slice('s', [endpoint, pod('b', '10.0.0.2', { conditions: unready })])], 'grpc')).toEqual([
      { addresses: ['10.0.0.1'], port: 8080, zone: 'zone-a', nodeName: 'node-1', pod: 'a' },
    ])
  })

  it('count as ready where the conditions are not told, as the API has it', () => {
    const bare = [{ addresses: ['10.0.0.1'] }, { addresses: ['10.0.0.2'], conditions: {} }]
    expect(addresses([slice('s', bare)], 'grpc')).toEqual(['10.0.0.1:8080', '10.0.0.2:8080'])
    expect(serviceEndpoints([slice('s', bare)], 'grpc')[0]).toMatchObject({ zone: '', nodeName: '', pod: '' })
  })

  it('are those that serve while they terminate where none is ready, and no other', () => {
    const dead = { ready: false, serving: false, terminating: true }
    const ending = [pod('a', '10.0.0.1', { conditions: terminating }), pod('b', '10.0.0.2', { conditions: dead })]
    expect(addresses([slice('s', ending)], 'grpc')).toEqual(['10.0.0.1:8080'])
    expect(addresses([slice('s', [...ending, pod('c', '10.0.0.3')])], 'grpc')).toEqual(['10.0.0.3:8080'])
    const starting = pod('d', '10.0.0.4', { conditions: { ready: false, serving: true } })
    expect(addresses([slice('s', [starting])], 'grpc')).toEqual([])
  })

  it('come from all slices, in an order that does not depend on theirs', () => {
    const all = [slice('s', [pod('b', '10.0.0.2'), pod('a', '10.0.0.1')]), slice('t', [pod('c', '10.0.0.3')])]
    const sorted = ['10.0.0.1:8080', '10.0.0.2:8080', '10.0.0.3:8080']
    expect([addresses(all, 'grpc'), addresses(all.toReversed(), 'grpc')]).toEqual([sorted, sorted])
  })

  it('are one for a pod of two families, IPv4 first whatever the order of the slices', () => {
    const v4 = slice('s4', [pod('a', '10.0.0.1')])
    const v6 = slice('s6', [pod('a', 'fd00::1')], { addressType: 'IPv6' })
    expect(addresses([v6, v4], 'grpc')).toEqual(['10.0.0.1+fd00::1:8080'])
    expect(addresses([v4, v6], 'grpc')).toEqual(['10.0.0.1+fd00::1:8080'])
    expect(addresses([v6], 'grpc')).toEqual(['fd00::1:8080'])
  })

  it('are one for a pod that is in two slices while it moves, ready if it is ready in one', () => {
    const before = slice('s', [pod('a', '10.0.0.1', { conditions: unready })])
    expect(addresses([before, slice('t', [pod('a', '10.0.0.1')])], 'grpc')).toEqual(['10.0.0.1:8080'])
    expect(addresses([slice('s', [pod('a', '10.0.0.1')]), slice('t', [pod('a', '10.0.0.1')])], 'grpc')).toHaveLength(1)
  })

  it('are found by the name or the number of a port, which may differ between slices', () => {
    const ports = [
      { name: 'admin', port: 9464 },
      { name: 'grpc', port: 8080 },
    ]
    const slices = [
      slice('s', [pod('a', '10.0.0.1')], { ports }),
      slice('t', [pod('b', '10.0.0.2')], { ports: [{ name: 'grpc', port: 8081 }] }),
    ]
    expect(addresses(slices, 'grpc')).toEqual(['10.0.0.1:8080', '10.0.0.2:8081'])
    expect(addresses(slices, 8081)).toEqual(['10.0.0.2:8081'])
    expect(addresses(slices, '9464')).toEqual(['10.0.0.1:9464'])
    expect(addresses(slices, 'http')).toEqual([])
  })

  it.each(['', '80', 'grpc', '8080'])('are those of the only port where it has no name, for port %j', (port) => {
    expect(addresses([slice('s', [pod('a', '10.0.0.1')], { ports: [{ name: '', port: 8080 }] })], port)).toEqual([
      '10.0.0.1:8080',
    ])
    expect(addresses([slice('s', [pod('a', '10.0.0.1')], { ports: [{ port: 8080 }] })], port)).toHaveLength(1)
  })

  it('are none where a slice has no port, no pod, or names instead of addresses', () => {
    expect(addresses([slice('s', [pod('a', '10.0.0.1')], { ports: null })], 'grpc')).toEqual([])
    expect(addresses([slice('s', [pod('a', '10.0.0.1')], { ports: [{ name: 'grpc', port: null }] })], 'grpc')).toEqual(
      [],
    )
    expect(addresses([slice('s', [], { endpoints: null })], 'grpc')).toEqual([])
    expect(addresses([slice('s', [pod('a', 'db.example.com')], { addressType: 'FQDN' })], 'grpc')).toEqual([])
  })
})

describe('zone hints', () => {
  const hinted = (name: string, address: string, ...zones: string[]) =>
    pod(name, address, { hints: { forZones: zones.map((zone) => ({ name: zone })) } })
  const both = [slice('s', [hinted('a', '10.0.0.1', 'zone-a'), hinted('b', '10.0.0.2', 'zone-b', 'zone-c')])]

  it('leave the endpoints for the zone of a caller that tells its own', () => {
    expect(addresses(both, 'grpc', { zone: 'zone-a' })).toEqual(['10.0.0.1:8080'])
    expect(addresses(both, 'grpc', { zone: 'zone-c' })).toEqual(['10.0.0.2:8080'])
  })

  it('are not looked at without a zone, for one that has no endpoints, and where an endpoint has none', () => {
    expect(addresses(both, 'grpc')).toHaveLength(2)
    expect(addresses(both, 'grpc', { zone: '' })).toHaveLength(2)
    expect(addresses(both, 'grpc', { zone: 'zone-d' })).toHaveLength(2)
    const some = [...both, slice('t', [pod('c', '10.0.0.3')])]
    expect(addresses(some, 'grpc', { zone: 'zone-a' })).toHaveLength(3)
  })

  it('of pods that are not ready do not count', () => {
    const some = [...both, slice('t', [pod('c', '10.0.0.3', { conditions: unready })])]
    expect(addresses(some, 'grpc', { zone: 'zone-a' })).toEqual(['10.0.0.1:8080'])
  })
})

it('tells each ready address of any slices once, and no other', () => {
  const states = [{ ready: true }, unready, terminating]
  const endpoint = fc
    .record({ at: fc.nat(20), state: fc.constantFrom(...states) })
    .map(({ at, state }) => pod(`p${at}`, `10.0.0.${at}`, { conditions: state }))
  const anySlices = fc.array(fc.array(endpoint).map((endpoints) => slice('s', endpoints)))
  fc.assert(
    fc.property(anySlices, (slices) => {
      const all = slices.flatMap(({ endpoints }) => endpoints ?? [])
      const ready = all.filter(({ conditions }) => conditions?.ready)
      const usable = ready.length > 0 ? ready : all.filter(({ conditions }) => conditions?.terminating)
      const expected = new Set(usable.map((one) => `${one.addresses[0]}:8080`))
      expect(addresses(slices, 'grpc').sort()).toEqual([...expected].sort())
    }),
    { seed: 20_261_122 },
  )
})

describe('the reason for none', () => {
  it.each([
    ['no slice', [], /has no EndpointSlice: is there such a Service/],
    ['no pod', [slice('s', [])], /selects no pod/],
    ['no ready pod', [slice('s', [pod('a', '10.0.0.1', { conditions: unready })])], /none of 1 in its slices is ready/],
  ])('is %s', (_, slices, sentence) => {
    expect(whyNoEndpoints(slices, 'grpc')).toMatch(sentence)
  })

  it('is a port that nothing listens on, with those that something does', () => {
    const ports = [{ name: 'grpc', port: 8080 }, { port: 9464 }]
    expect(whyNoEndpoints([slice('s', [pod('a', '10.0.0.1')], { ports })], '80')).toBe(
      'its pods listen on grpc (8080), 9464',
    )
  })
})
