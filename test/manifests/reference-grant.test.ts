import { describe, expect, it } from 'vitest'
import { beside, exampleWith, foundBy } from './support/example.ts'

type Changes = Parameters<typeof exampleWith> extends [string, ...infer C] ? C : never
const found = (...changes: Changes): string[] => foundBy('reference-grant', exampleWith('reference-grant', ...changes))
const error = ['error GRPCRoute shop/orders: spec.rules[0].backendRefs[0].namespace']
const granted = (from: string, to: string, namespace = 'elsewhere') =>
  foundBy(
    'reference-grant',
    beside(
      exampleWith('reference-grant'),
      `apiVersion: gateway.networking.k8s.io/v1beta1\nkind: ReferenceGrant\nmetadata: {name: a, namespace: ${namespace}}
spec: {from: [{group: gateway.networking.k8s.io, ${from}}], to: [{group: "", ${to}}]}\n`,
    ),
  )

describe('a route into another namespace', () => {
  it('is found without a grant, once for each Service', () => {
    expect(found()).toEqual(error)
    expect(found([/(\s+- name: orders\n\s+namespace: elsewhere\n\s+port: 8080)/, '$1$1'])).toEqual(error)
  })

  it('is found when the grant is for others', () => {
    expect(granted('kind: HTTPRoute, namespace: shop', 'kind: Service')).toEqual(error)
    expect(granted('kind: GRPCRoute, namespace: others', 'kind: Service')).toEqual(error)
    expect(granted('kind: GRPCRoute, namespace: shop', 'kind: Service, name: others')).toEqual(error)
    expect(granted('kind: GRPCRoute, namespace: shop', 'kind: Secret')).toEqual(error)
    expect(granted('kind: GRPCRoute, namespace: shop', 'kind: Service', 'shop')).toEqual(error)
  })

  it('is let in by a grant for all Services, or for this one', () => {
    expect(granted('kind: GRPCRoute, namespace: shop', 'kind: Service')).toEqual([])
    expect(granted('kind: GRPCRoute, namespace: shop', 'kind: Service, name: orders')).toEqual([])
  })

  it('is left alone when it stays at home, is for the mesh, or leads to what is not here', () => {
    expect(found([/ {2}namespace: elsewhere/g, '  namespace: shop'])).toEqual([])
    expect(found(['- name: gateway', '- name: orders\n      kind: Service'])).toEqual([])
    expect(found(['        - name: orders\n', '        - name: others\n'])).toEqual([])
  })
})
