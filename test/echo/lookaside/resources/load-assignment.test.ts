import { describe, expect, it } from 'vitest'
import type { ServiceEndpoint } from '../../../../services/echo/src/balancing/endpoint-slices/service-endpoints.ts'
import { messageOf } from '../../../../services/echo/src/lookaside/resource-types.ts'
import { loadAssignment, type ZoneRules } from '../../../../services/echo/src/lookaside/resources/load-assignment.ts'
import { decode } from '../../../../services/echo/src/lookaside/xds-protos.ts'
import { shownAssignment } from '../snapshots.ts'

const endpoint = (address: string, zone = '', ...others: string[]): ServiceEndpoint => {
  return { addresses: [address, ...others], port: 8080, zone, nodeName: '', pod: '' }
}

const spread = [endpoint('10.0.0.1', 'a'), endpoint('10.0.0.2', 'b'), endpoint('10.0.0.3', 'b')]
const assigned = (tiers: ServiceEndpoint[][], rules: Partial<ZoneRules> = {}, zone = '') =>
  decode(messageOf.eds, loadAssignment('c', tiers, { localities: 'none', zoneWeights: {}, ...rules }, zone).any.value)
const shown = (...args: Parameters<typeof assigned>) => shownAssignment(assigned(...args))

describe('the endpoints of a cluster', () => {
  it('are one locality, so that the policy chooses among all of them', () => {
    expect(shown([spread])).toEqual(['0 *1: 10.0.0.1 10.0.0.2 10.0.0.3'])
  })

  it('begin with those of the zone of the client', () => {
    expect(shown([spread], { localities: 'zoneFirst' }, 'b')).toEqual(['0 *1: 10.0.0.2 10.0.0.3', '1 *1: 10.0.0.1'])
    expect(shown([spread], { localities: 'zoneFirst' }, '')).toEqual(['0 *1: 10.0.0.1 10.0.0.2 10.0.0.3'])
    expect(shown([spread], { localities: 'zoneFirst' }, 'c')).toEqual(['0 *1: 10.0.0.1 10.0.0.2 10.0.0.3'])
  })

  it('have the weights of their zones, 1 where there is none, and are left out at 0', () => {
    const all = [...spread, endpoint('10.0.0.4', 'c')]
    const rules = { localities: 'weighted', zoneWeights: { a: 3, c: 0 } } as const
    expect(shown([all], rules)).toEqual(['0 a*3: 10.0.0.1', '0 b*1: 10.0.0.2 10.0.0.3'])
  })

  it('of a further Service have the next priority, and no address comes twice', () => {
    const backup = [endpoint('10.0.1.1'), endpoint('10.0.0.1', 'a')]
    expect(shown([spread, backup])).toEqual(['0 *1: 10.0.0.1 10.0.0.2 10.0.0.3', '1 *1: 10.0.1.1'])
  })

  it('leave no gap between priorities', () => {
    expect(shown([[], [endpoint('10.0.1.1')], [], [endpoint('10.0.2.1')]])).toEqual([
      '0 *1: 10.0.1.1',
      '1 *1: 10.0.2.1',
    ])
    const others = [[endpoint('10.0.0.1', 'a')], [endpoint('10.0.1.1', 'b')]]
    expect(shown(others, { localities: 'zoneFirst' }, 'b')).toEqual(['0 *1: 10.0.0.1', '1 *1: 10.0.1.1'])
  })

  it('are none where there is none', () => {
    expect(shown([[]])).toEqual([])
  })

  it('have all their addresses, of both IP families', () => {
    const [level] = (assigned([[endpoint('10.0.0.1', '', 'fd00::1')]]) as { endpoints: { lb_endpoints: object[] }[] })
      .endpoints
    expect(level?.lb_endpoints[0]).toMatchObject({
      endpoint: {
        address: { socket_address: { address: '10.0.0.1', port_value: 8080 } },
        additional_addresses: [{ address: { socket_address: { address: 'fd00::1', port_value: 8080 } } }],
      },
    })
  })
})
