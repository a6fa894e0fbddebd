import { describe, expect, it } from 'vitest'
import type { Destination } from '../../../services/echo/src/proxy/destination.ts'
import { endpointsOf, healthyAddresses } from '../../../services/echo/src/proxy/envoy-clusters.ts'
import captured from './envoy-1.40-clusters.json' with { type: 'json' }
import { clustersOf, type ToldClusters } from './stand-in-admin.ts'

const beside: Destination = { names: ['127.0.0.1'], port: 10_000, loopback: true }
const server: Destination = { names: ['server', 'server.shop.svc.cluster.local'], port: 8080, loopback: false }

describe('what an Envoy 1.40 answered, which was configured by hand', () => {
  const endpoints = endpointsOf(captured, beside)

  it('is read: calls and connections, where a 0 is left out; its own admin page is no endpoint', () => {
    expect(endpoints.map(({ address, calls, connections }) => [address, calls, connections])).toEqual([
      ['192.0.2.2:18081', 15, 1],
      ['192.0.2.2:18082', 14, 1],
      ['192.0.2.2:18083', 0, 1],
      ['[::1]:18084', 0, 0],
    ])
    expect(endpoints.every(({ cluster, ofTarget }) => cluster === 'upstream' && ofTarget)).toBe(true)
  })

  it('knows two healthy endpoints: another one it ejected, and one its discovery calls unhealthy', () => {
    expect([...healthyAddresses(endpoints)]).toEqual(['192.0.2.2:18081', '192.0.2.2:18082'])
  })
})

describe('the endpoints of a target', () => {
  it.each([
    ['failed_active_health_check', true],
    ['failed_outlier_check', true],
    ['pending_dynamic_removal', true],
    ['pending_active_hc', true],
    ['eds_health_status', 'DRAINING'],
    ['eds_health_status', 'DEGRADED'],
  ])('are not known as healthy when %s is %s', (flag, value) => {
    const health = { eds_health_status: 'HEALTHY', [flag]: value }
    expect(known({ 'outbound|8080||server': { '10.0.0.7:80': { health }, '10.0.0.8:80': {} } })).toEqual([
      '10.0.0.8:80',
    ])
  })

  it("are those of the Service in the pod's own namespace, not of one with the same name in another", () => {
    const clusters = {
      'outbound|8080||server.bank.svc.cluster.local': { '10.0.0.7:80': {} },
      'outbound|8080||server.shop.svc.cluster.local': { '10.0.0.8:80': {} },
      'outbound|8080||server.shop.svc.cluster.local.evil': { '10.0.0.9:80': {} },
    }
    expect(known(clusters)).toEqual(['10.0.0.8:80'])
    const foreign = Object.entries(clusters).filter(([name]) => !name.endsWith('shop.svc.cluster.local'))
    expect(known(Object.fromEntries(foreign))).toEqual([])
  })

  it('are those of its port, once each, whatever subsets there are', () => {
    const clusters = {
      'outbound|9090||server': { '10.0.0.6:80': {} },
      'inbound|8080||server': { '10.0.0.5:80': {} },
      'outbound|8080||server': { '10.0.0.7:80': {}, '10.0.0.8:80': {} },
      'outbound|8080|v1|server': { '10.0.0.7:80': {} },
      'outbound|8080|v2|server': { '10.0.0.9:80': {} },
    }
    expect(known(clusters)).toEqual(['10.0.0.7:80', '10.0.0.8:80', '10.0.0.9:80'])
  })

  it('are joined by others of its port, which a route may send calls to, but not by what else there is', () => {
    const endpoints = endpointsOf(
      clustersOf({
        'outbound|8080||server': { '10.0.0.7:80': {} },
        'outbound|8080||server-canary.shop.svc.cluster.local': { '10.0.0.8:80': {} },
        'outbound|9411||zipkin.istio-system.svc.cluster.local': { '10.0.0.9:80': {} },
        PassthroughCluster: { '10.0.0.10:80': {} },
      }),
      server,
    )
    expect(endpoints.map(({ address, ofTarget }) => [address, ofTarget])).toEqual([
      ['10.0.0.7:80', true],
      ['10.0.0.8:80', false],
    ])
  })

  it('behind an Envoy in the pod are of all clusters that leave it; but of the named one where it is named', () => {
    const clusters = { orders: { '10.0.0.7:80': {} }, 'local-agent': { '127.0.0.1:15020': {}, '[::1]:15020': {} } }
    expect(known(clusters, beside)).toEqual(['10.0.0.7:80'])
    const named = { ...clusters, 'outbound|10000||127.0.0.1': { '10.0.0.8:80': {} } }
    expect(known(named, beside)).toEqual(['10.0.0.8:80'])
    expect(known(clusters, server)).toEqual([])
  })

  it('are none where Envoy knows no cluster, or a cluster no host with an address and port', () => {
    expect(endpointsOf({}, server)).toEqual([])
    const name = 'outbound|8080||server'
    expect(endpointsOf({ cluster_statuses: [{ name }, { name, host_statuses: [{ address: {} }] }] }, server)).toEqual(
      [],
    )
  })
})

function known(clusters: ToldClusters, destination = server): string[] {
  return [...healthyAddresses(endpointsOf(clustersOf(clusters), destination))]
}
