import { describe, expect, it } from 'vitest'
import { exampleWith, foundBy, withoutSidecar } from './support/example.ts'

const policy = 'DestinationRule shop/orders: spec.trafficPolicy'

describe('a DestinationRule that passes connections on', () => {
  const found = (...changes: (readonly [string | RegExp, string])[]) =>
    foundBy('passthrough-policy', exampleWith('passthrough-policy', ...changes))

  it('pins whoever calls through a sidecar, to be seen or not', () => {
    expect(found()).toEqual([`error ${policy}.loadBalancer.simple`])
    expect(found([/---\napiVersion: batch\/v1.*/s, ''])).toEqual([`error ${policy}.loadBalancer.simple`])
    expect(found(withoutSidecar('orders'))).toEqual([`error ${policy}.loadBalancer.simple`])
    expect(found(['replicas: 3', 'replicas: 1'])).toEqual([`advice ${policy}.loadBalancer.simple`])
  })

  it('is nothing to callers without one, to other hosts, ports and policies', () => {
    expect(found(withoutSidecar('client'))).toEqual([])
    expect(found(['orders.shop.svc', 'stock.shop.svc'])).toEqual([])
    for (const simple of ['UNSPECIFIED', 'ROUND_ROBIN', 'LEAST_REQUEST', 'RANDOM']) {
      expect(found(['PASSTHROUGH', simple])).toEqual([])
    }
    expect(found(['spec:\n  selector', 'spec:\n  clusterIP: None\n  selector'])).toEqual([])
  })

  it('may say so of one port, whose settings replace the others', () => {
    const ofPort = (number: number, simple: string) =>
      `loadBalancer:\n      simple: RANDOM\n    portLevelSettings: [{port: {number: ${number}}, loadBalancer: {simple: ${simple}}}]`
    const all = 'loadBalancer:\n      simple: PASSTHROUGH'
    expect(found([all, ofPort(8080, 'PASSTHROUGH')])).toEqual([
      `error ${policy}.portLevelSettings[0].loadBalancer.simple`,
    ])
    expect(found([all, ofPort(9090, 'PASSTHROUGH')])).toEqual([])
    expect(found([all, ofPort(8080, 'RANDOM').replace('simple: RANDOM\n', 'simple: PASSTHROUGH\n')])).toEqual([])
  })
})

describe('the old name LEAST_CONN', () => {
  const found = (...changes: (readonly [string, string])[]) =>
    foundBy('least-conn', exampleWith('least-conn', ...changes))
  const all = 'loadBalancer:\n      simple: LEAST_CONN'

  it('is found wherever a policy stands', () => {
    expect(found()).toEqual([`advice ${policy}.loadBalancer.simple`])
    const ofPort = 'portLevelSettings: [{port: {number: 8080}, loadBalancer: {simple: LEAST_CONN}}]'
    expect(found([all, ofPort])).toEqual([`advice ${policy}.portLevelSettings[0].loadBalancer.simple`])
    const subsets =
      'loadBalancer: {simple: RANDOM}\n  subsets: [{name: v1}, {name: v2, trafficPolicy: {loadBalancer: {simple: LEAST_CONN}}}]'
    expect(found([all, subsets])).toEqual([
      'advice DestinationRule shop/orders: spec.subsets[1].trafficPolicy.loadBalancer.simple',
    ])
  })

  it('is not LEAST_REQUEST', () => {
    expect(found(['LEAST_CONN', 'LEAST_REQUEST'])).toEqual([])
  })
})

describe('a failover between localities', () => {
  const found = (...changes: (readonly [string, string])[]) =>
    foundBy('locality-inert', exampleWith('locality-inert', ...changes))
  const setting = 'failoverPriority: [topology.kubernetes.io/zone]'

  it('does nothing without outlierDetection', () => {
    expect(found()).toEqual([`advice ${policy}.loadBalancer.localityLbSetting.failoverPriority`])
    expect(found([setting, 'failover: [{from: here, to: there}]'])).toEqual([
      `advice ${policy}.loadBalancer.localityLbSetting.failover`,
    ])
  })

  it('works with it, and distribution works without', () => {
    expect(found(['trafficPolicy:\n', 'trafficPolicy:\n    outlierDetection: {}\n'])).toEqual([])
    expect(found([setting, 'distribute: [{from: here/*, to: {here/*: 100}}]'])).toEqual([])
    expect(found([setting, 'enabled: true'])).toEqual([])
    expect(found([setting, `enabled: false\n        ${setting}`])).toEqual([])
  })
})
