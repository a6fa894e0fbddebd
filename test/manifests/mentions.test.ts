import { describe, expect, it } from 'vitest'
import type { Manifest } from '../../scripts/lib/manifests/manifest.ts'
import { mentionsIn } from '../../scripts/lib/manifests/mentions.ts'

const of = (text: string): string[] =>
  mentionsIn({ text, object: {} as Manifest, path: [] }).map(
    ({ scheme, host, port }) => `${scheme} ${host} ${port ?? '-'}`,
  )

describe('hosts that a program is told', () => {
  it.each([
    ['orders:8080', [' orders 8080']],
    ['orders', [' orders -']],
    ['orders.shop.svc.cluster.local:8080', [' orders.shop.svc.cluster.local 8080']],
    ['orders.shop.svc.cluster.local.:8080', [' orders.shop.svc.cluster.local 8080']],
    ['dns:///orders:8080', ['dns orders 8080']],
    ['dns://10.0.0.10/orders:8080', ['dns orders 8080']],
    ['dns://10.0.0.10:53/orders:8080', ['dns orders 8080']],
    ['xds:///orders:8080', ['xds orders 8080']],
    ['DNS:///orders', ['dns orders -']],
    ['http://orders:8080/v1/list', ['http orders 8080']],
    ['https://orders.shop/v1', ['https orders.shop -']],
    ['--target=orders:8080', [' orders 8080']],
    ['orders:8080,stock:9090', [' orders 8080', ' stock 9090']],
    ['targets:\n  - orders:8080\n  - "stock:9090"\n', [' orders 8080', ' stock 9090']],
    [' orders ', [' orders -']],
  ])('%j', (text, hosts) => {
    expect(of(text)).toEqual(hosts)
  })

  it.each(['a word among others', 'name: orders', 'orders:http', '12:30', 'orders:808080', 'x/orders:latest'])(
    'none that is a Service by its looks alone in %j',
    (text) => {
      expect(of(text).filter((each) => / orders (8080|-)$/.test(each))).toEqual([])
    },
  )
})
