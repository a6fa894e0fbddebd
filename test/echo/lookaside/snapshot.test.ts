import { describe, expect, it } from 'vitest'
import { readLookasideConfig } from '../../../services/echo/src/lookaside/config/read-lookaside-config.ts'
import { type SlicesOf, SnapshotBuilder } from '../../../services/echo/src/lookaside/snapshot.ts'
import { scopeKey, scopesOf } from '../../../services/echo/src/lookaside/watches/scopes.ts'
import { slicesOf, snapshotOf } from './snapshots.ts'

const services = (config: object) => readLookasideConfig(JSON.stringify({ services: config }), 'the test').services
const orders = 'orders.shop:8080'
const carts = 'carts.shop:8080'

describe('a snapshot', () => {
  it('keeps a service as it was while a part of it is not known yet, and leaves out one that never was', () => {
    const builder = new SnapshotBuilder()
    const known: Record<string, ReturnType<typeof slicesOf>> = { orders: slicesOf(['10.0.0.1']) }
    const lookUp: SlicesOf = (_namespace, service) => known[service]
    const before = builder.build(services({ [orders]: {} }), lookUp).view('')
    const grown = services({ [orders]: { failover: ['backup.shop:8080'] }, [carts]: {} })
    const meanwhile = builder.build(grown, lookUp).view('')
    expect([...meanwhile.cds.keys()]).toEqual([orders])
    expect(meanwhile.eds.get(orders)).toBe(before.eds.get(orders))
    Object.assign(known, { backup: slicesOf(['10.0.1.1']), carts: [] })
    const after = builder.build(grown, lookUp).view('')
    expect([...after.cds.keys()]).toEqual([orders, carts])
    expect(after.eds.get(orders)?.hash).not.toBe(before.eds.get(orders)?.hash)
  })

  it('builds nothing anew of what has not changed', () => {
    const builder = new SnapshotBuilder()
    const both = services({ [orders]: {}, [carts]: {} })
    const known: Record<string, ReturnType<typeof slicesOf>> = {
      orders: slicesOf(['10.0.0.1']),
      carts: slicesOf(['10.0.1.1']),
    }
    const first = builder.build(both, (_namespace, service) => known[service]).view('')
    known.carts = slicesOf(['10.0.1.2'])
    const second = builder.build(both, (_namespace, service) => known[service]).view('')
    expect(second.eds.get(orders)).toBe(first.eds.get(orders))
    expect(second.eds.get(carts)).not.toBe(first.eds.get(carts))
  })

  it('names the cluster of a service after it, and those beside it after both, so that a canary changes nothing of the first', () => {
    const backends = [
      { service: orders, weight: 90 },
      { service: 'next.shop:8080', weight: 10 },
    ]
    const alone = snapshotOf({ [orders]: {} }, { orders: ['10.0.0.1'] }).view('')
    const canary = snapshotOf({ [orders]: { backends } }, { orders: ['10.0.0.1'], next: ['10.0.0.2'] }).view('')
    expect([...canary.cds.keys()]).toEqual([orders, `${orders}|next.shop:8080`])
    expect(canary.cds.get(orders)?.hash).toBe(alone.cds.get(orders)?.hash)
    expect(canary.rds.get(orders)?.hash).not.toBe(alone.rds.get(orders)?.hash)
  })

  it('counts the endpoints of each service', () => {
    expect([...snapshotOf({ [orders]: {}, [carts]: {} }, { orders: ['10.0.0.1', '10.0.0.2'] }).endpoints]).toEqual([
      [orders, 2],
      [carts, 0],
    ])
  })

  it('has one view for all zones unless a service begins with the own one', () => {
    const pods = { orders: ['10.0.0.1@a', '10.0.0.2@b'] }
    const plain = snapshotOf({ [orders]: {} }, pods)
    expect(plain.view('a')).toBe(plain.view('b'))
    const first = snapshotOf({ [orders]: { localities: 'zoneFirst' } }, pods)
    expect(first.view('a')).toBe(first.view('a'))
    expect(first.view('a').eds.get(orders)?.hash).not.toBe(first.view('b').eds.get(orders)?.hash)
  })
})

describe('what is watched', () => {
  const keys = (backends: { namespace: string; service: string }[], whole: string[]) =>
    scopesOf(backends, whole).map(scopeKey)
  const backends = [
    { namespace: 'shop', service: 'orders' },
    { namespace: 'shop', service: 'orders' },
    { namespace: 'carts', service: 'carts' },
  ]

  it('is each Service once, a namespace as a whole, or everything', () => {
    expect(keys(backends, [])).toEqual(['shop/orders', 'carts/carts'])
    expect(keys(backends, ['shop'])).toEqual(['shop/*', 'carts/carts'])
    expect(keys(backends, ['*'])).toEqual(['*/*'])
  })
})
