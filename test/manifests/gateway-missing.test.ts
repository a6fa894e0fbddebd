import { describe, expect, it } from 'vitest'
import { beside, exampleWith, foundBy } from './support/example.ts'

type Changes = Parameters<typeof exampleWith> extends [string, ...infer C] ? C : never
const found = (...changes: Changes): string[] => foundBy('gateway-missing', exampleWith('gateway-missing', ...changes))

const section = '      sectionName: grpc\n'
const elsewhere = [
  /kind: GRPCRoute\nmetadata:\n {2}name: orders\n {2}namespace: shop/,
  'kind: GRPCRoute\nmetadata:\n  name: orders\n  namespace: elsewhere',
] as const
const toShop = [section, '      namespace: shop\n'] as const

describe('a route whose parent will not have it', () => {
  it('is found when no listener has the name or the port that it asks for', () => {
    expect(found()).toEqual(['error GRPCRoute shop/orders: spec.parentRefs[0].sectionName'])
    expect(found([section, '      port: 8080\n'])).toEqual(['error GRPCRoute shop/orders: spec.parentRefs[0].port'])
    expect(found([section, '      sectionName: http\n      port: 8080\n'])).toEqual([
      'error GRPCRoute shop/orders: spec.parentRefs[0].sectionName',
    ])
  })

  it('is found when it is in another namespace than a gateway that takes its own', () => {
    expect(found(elsewhere, toShop)).toEqual(['error GRPCRoute elsewhere/orders: spec.parentRefs[0].namespace'])
    const same = ['protocol: HTTP\n', 'protocol: HTTP\n      allowedRoutes: {namespaces: {from: Same}}\n'] as const
    expect(found(elsewhere, toShop, same)).toEqual(['error GRPCRoute elsewhere/orders: spec.parentRefs[0].namespace'])
  })

  it('is advice when its gateway may be on the cluster, though another of that namespace is here', () => {
    expect(found(['- name: gateway', '- name: gatewy'])).toEqual([
      'advice GRPCRoute shop/orders: spec.parentRefs[0].name',
    ])
    expect(found(['- name: gateway', '- name: order\n      kind: Service'])).toEqual([
      'advice GRPCRoute shop/orders: spec.parentRefs[0].name',
    ])
  })

  it('is an HTTPRoute as well', () => {
    expect(found(['kind: GRPCRoute', 'kind: HTTPRoute'])).toEqual([
      'error HTTPRoute shop/orders: spec.parentRefs[0].sectionName',
    ])
  })
})

describe('a route is left alone', () => {
  it('when its listener is there', () => {
    expect(found([section, ''])).toEqual([])
    expect(found([section, '      sectionName: http\n'])).toEqual([])
    expect(found([section, '      port: 80\n'])).toEqual([])
  })

  it('when nothing is known of gateways in the namespace that it names', () => {
    expect(found(['- name: gateway', '- name: public\n      namespace: gateways'])).toEqual([])
  })

  it.each(['All', 'Selector', 'FromNamespaces'])('when the listener takes routes from %s', (from) => {
    const allowed = `protocol: HTTP\n      allowedRoutes: {namespaces: {from: ${from}}}\n`
    expect(found(elsewhere, toShop, ['protocol: HTTP\n', allowed])).toEqual([])
  })

  it('when it is for a Service of another release', () => {
    expect(found(['- name: gateway', '- name: stable-echo\n      kind: Service'])).toEqual([])
  })

  it('when any of several listeners takes it', () => {
    const second =
      'protocol: HTTP\n    - {name: open, port: 81, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}\n'
    expect(found(elsewhere, toShop, ['protocol: HTTP\n', second])).toEqual([])
  })

  it('when its parent is of a kind that is not looked at', () => {
    const other = `apiVersion: gateway.networking.x-k8s.io/v1alpha1\nkind: XListenerSet\nmetadata: {name: one, namespace: shop}\n`
    const text = exampleWith('gateway-missing', ['- name: gateway', '- name: two\n      kind: XListenerSet'])
    expect(foundBy('gateway-missing', beside(text, other))).toEqual([])
  })
})
