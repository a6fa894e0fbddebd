import { describe, expect, it } from 'vitest'
import { beside, exampleWith, foundBy, withoutSidecar } from './support/example.ts'

const call = 'Job shop/client: spec.template.spec.containers[0].args[1]'

describe('a call of a headless name by way of a sidecar', () => {
  const id = 'headless-mesh-policy'
  const balanced = [
    'args: [-h, "dns:///orders:8080"]',
    'args: [-h, "dns:///orders:8080", --lb-policy=round_robin]',
  ] as const
  const rule = (policy: string) => `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: orders, namespace: shop}
spec: {host: orders.shop.svc.cluster.local, trafficPolicy: ${policy}}
`

  it('stays on one pod, also where pick_first is asked for', () => {
    expect(foundBy(id, exampleWith(id))).toEqual([`error ${call}`])
    expect(foundBy(id, exampleWith(id, [balanced[0], balanced[1].replace('round_robin', 'pick_first')]))).toEqual([
      `error ${call}`,
    ])
  })

  it('is the business of a client that balances, and of others who have no sidecar or one server', () => {
    expect(foundBy(id, exampleWith(id, balanced))).toEqual([])
    expect(foundBy(id, exampleWith(id, withoutSidecar('client')))).toEqual([])
    expect(foundBy(id, exampleWith(id, ['  clusterIP: None\n', '']))).toEqual([])
    expect(foundBy(id, exampleWith(id, ['dns:///', 'xds:///']))).toEqual([])
    expect(foundBy(id, exampleWith(id, ['replicas: 3', 'replicas: 1']))).toEqual([`advice ${call}`])
  })

  it('is advice for programs that are not ours, whose code may have a policy', () => {
    const text = exampleWith(id, [/evenly-echo:0.2.0(?=\n +args: \[-h)/, 'shop:1.0'])
    expect(foundBy(id, text)).toEqual([`advice ${call}`])
  })

  it('is said by linkerd-headless in Linkerd', () => {
    const text = exampleWith(id, withoutSidecar('client'), withoutSidecar('orders'))
    expect(foundBy(id, text, 'linkerd')).toEqual([])
    expect(foundBy('linkerd-headless', text, 'linkerd')).toEqual([`advice ${call}`])
    expect(foundBy(id, text, 'ambient')).toEqual([])
  })

  it('makes a balancing policy of a DestinationRule worth a word', () => {
    const told = ['advice DestinationRule shop/orders: spec.trafficPolicy.loadBalancer']
    expect(foundBy(id, beside(exampleWith(id, balanced), rule('{loadBalancer: {simple: RANDOM}}')))).toEqual(told)
    expect(foundBy(id, beside(exampleWith(id, balanced), rule('{connectionPool: {}}')))).toEqual([])
    expect(
      foundBy(
        id,
        beside(exampleWith(id, balanced, withoutSidecar('orders')), rule('{loadBalancer: {simple: RANDOM}}')),
      ),
    ).toEqual([])
  })
})
