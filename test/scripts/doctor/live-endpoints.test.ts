import { describe, expect, it } from 'vitest'
import { liveEndpoints } from '../../../scripts/cluster/doctor/live-endpoints.ts'

const slice = (addressType: string, ...endpoints: object[]) => ({ addressType, endpoints })

describe('liveEndpoints', () => {
  it('takes one of which nothing is known for ready, as the API has it', () => {
    const found = liveEndpoints([
      slice(
        'IPv4',
        { addresses: ['10.0.0.1'] },
        { addresses: ['10.0.0.2'], conditions: { ready: false, terminating: true } },
      ),
    ])
    expect(found).toMatchObject([
      { address: '10.0.0.1', ready: true, terminating: false, zone: '', pod: undefined },
      { address: '10.0.0.2', ready: false, terminating: true },
    ])
  })

  it('has each once, though several slices or both families have it', () => {
    const one = { addresses: ['10.0.0.1'], zone: 'zone-a', targetRef: { kind: 'Pod', name: 'a' } }
    const found = liveEndpoints([
      slice('IPv4', one),
      slice('IPv4', one, { addresses: ['10.0.0.2'] }),
      slice('IPv6', { addresses: ['fd00::1'] }),
    ])
    expect(found.map(({ address }) => address)).toEqual(['10.0.0.1', '10.0.0.2'])
    expect(found[0]).toMatchObject({ zone: 'zone-a', pod: 'a' })
  })

  it('is empty without slices, and for slices without endpoints', () => {
    expect(liveEndpoints([])).toEqual([])
    expect(liveEndpoints([{ addressType: 'IPv4', endpoints: null }])).toEqual([])
  })
})
