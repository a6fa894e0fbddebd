import { describe, expect, it } from 'vitest'
import { beside, exampleWith, foundBy, withoutSidecar } from './support/example.ts'

const policy = (spec: string, namespace = 'shop', name = 'other') => `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: ${name}, namespace: ${namespace}}
spec: ${spec}
`
const rule = (spec: string, namespace = 'shop') => `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: other, namespace: ${namespace}}
spec: ${spec}
`

describe('a DestinationRule that turns mutual TLS off', () => {
  const found = (text: string) => foundBy('tls-disabled-strict', text)
  const mode = 'DestinationRule shop/orders: spec.trafficPolicy.tls.mode'
  const base = () => exampleWith('tls-disabled-strict')
  const disabled = '{host: orders.shop.svc.cluster.local, trafficPolicy: {tls: {mode: DISABLE}}}'
  const without = exampleWith('tls-disabled-strict', ['host: orders.', 'host: stock.'])

  it('fails towards servers that are STRICT, also by TLS of another kind', () => {
    expect(found(base())).toEqual([`error ${mode}`])
    for (const other of ['SIMPLE', 'MUTUAL']) {
      expect(found(exampleWith('tls-disabled-strict', ['DISABLE', other]))).toEqual([`error ${mode}`])
    }
  })

  it('is harmless where servers are PERMISSIVE, where it says ISTIO_MUTUAL, and where callers have no sidecar', () => {
    expect(found(exampleWith('tls-disabled-strict', ['STRICT', 'PERMISSIVE']))).toEqual([])
    expect(found(exampleWith('tls-disabled-strict', ['DISABLE', 'ISTIO_MUTUAL']))).toEqual([])
    expect(found(exampleWith('tls-disabled-strict', withoutSidecar('client')))).toEqual([])
    expect(found(without)).toEqual([])
  })

  it('may say so of the port, or of many hosts', () => {
    const port = '{host: orders, trafficPolicy: {portLevelSettings: [{port: {number: 8080}, tls: {mode: DISABLE}}]}}'
    expect(found(beside(without, rule(port)))).toEqual([
      'error DestinationRule shop/other: spec.trafficPolicy.portLevelSettings[0].tls.mode',
    ])
    expect(found(beside(without, rule(port.replace('8080', '9090'))))).toEqual([])
    const hosts = (host: string) => rule(disabled.replace(/orders[^,]*/, `"${host}"`))
    expect(found(beside(without, hosts('*.shop.svc.cluster.local')))).toHaveLength(1)
    expect(found(beside(without, hosts('*.local')))).toHaveLength(1)
    expect(found(beside(without, hosts('*.elsewhere.svc.cluster.local')))).toEqual([])
  })

  it('holds for a port whose own settings say nothing of TLS', () => {
    const text = exampleWith('tls-disabled-strict', [
      '      mode: DISABLE',
      '      mode: DISABLE\n    portLevelSettings: [{port: {number: 8080}, loadBalancer: {simple: RANDOM}}]',
    ])
    expect(found(text)).toEqual([`error ${mode}`])
    expect(found(text.replace('mode: DISABLE', 'mode: SIMPLE'))).toEqual([])
  })

  it('is nothing to clients that another rule goes before, or that it is not shown to', () => {
    const away = [
      ['name: client\n  namespace: shop', 'name: client\n  namespace: elsewhere'],
      ['orders:8080', 'orders.shop:8080'],
    ] as const
    const text = exampleWith('tls-disabled-strict', ...away)
    expect(found(text)).toEqual([`error ${mode}`])
    const nearer = '{host: orders.shop.svc.cluster.local, trafficPolicy: {loadBalancer: {simple: RANDOM}}}'
    expect(found(beside(text, rule(nearer, 'elsewhere')))).toEqual([])
    expect(
      found(exampleWith('tls-disabled-strict', ...away, ['  trafficPolicy', '  exportTo: ["."]\n  trafficPolicy'])),
    ).toEqual([])
    const exact = rule('{host: "*.shop.svc.cluster.local", trafficPolicy: {tls: {mode: DISABLE}}}')
    const right = exampleWith('tls-disabled-strict', ['tls:\n      mode: DISABLE', 'loadBalancer: {simple: RANDOM}'])
    expect(found(beside(right, exact))).toEqual([])
  })

  it('is for the pods that its workloadSelector takes', () => {
    const selecting = (app: string, ...changes: (readonly [string, string])[]) =>
      exampleWith(
        'tls-disabled-strict',
        ['  trafficPolicy', `  workloadSelector: {matchLabels: {app: ${app}}}\n  trafficPolicy`],
        ...changes,
      )
    const away = ['name: client\n  namespace: shop', 'name: client\n  namespace: elsewhere'] as const
    expect(found(selecting('client', away, ['orders:8080', 'orders.shop:8080']))).toEqual([])
    expect(found(selecting('client'))).toHaveLength(1)
    expect(found(selecting('stock'))).toEqual([])
  })

  it('is nobody by a host with dots that is not whole: Istio does not complete it', () => {
    expect(found(exampleWith('tls-disabled-strict', ['orders.shop.svc.cluster.local', 'orders.shop']))).toEqual([])
    expect(found(exampleWith('tls-disabled-strict', ['orders.shop.svc.cluster.local', 'orders']))).toHaveLength(1)
  })

  it('fails for callers that are not to be seen as well', () => {
    const alone = exampleWith('tls-disabled-strict', [/---\napiVersion: batch\/v1.*/s, ''])
    expect(found(alone)).toEqual([`error ${mode}`])
  })
})

describe("a DestinationRule that asks for TLS of servers that don't speak it", () => {
  const mode = 'DestinationRule shop/orders: spec.trafficPolicy.tls.mode'

  it("fails with the mesh's TLS where servers have no sidecar, or take none", () => {
    expect(foundBy('mtls-to-plain', exampleWith('mtls-to-plain'))).toEqual([`error ${mode}`])
    const meshed = exampleWith('mtls-to-plain', ['inject: "false"', 'inject: "true"'])
    expect(foundBy('mtls-to-plain', meshed)).toEqual([])
    expect(foundBy('mtls-to-plain', beside(meshed, policy('{mtls: {mode: DISABLE}}')))).toEqual([`error ${mode}`])
    expect(foundBy('mtls-to-plain', exampleWith('mtls-to-plain', withoutSidecar('client')))).toEqual([])
    for (const other of ['DISABLE', 'SIMPLE']) {
      expect(foundBy('mtls-to-plain', exampleWith('mtls-to-plain', ['ISTIO_MUTUAL', other]))).toEqual([])
    }
  })

  it('is advice where a namespace that is not to be seen may give servers a sidecar', () => {
    const text = exampleWith('mtls-to-plain', [', sidecar.istio.io/inject: "false"', ''])
    expect(foundBy('mtls-to-plain', text)).toEqual([`advice ${mode}`])
  })

  it('fails with other TLS where a probe shows that servers speak plain text', () => {
    const tls = (...changes: (readonly [string, string])[]) =>
      foundBy('tls-to-plain', exampleWith('tls-to-plain', ...changes))
    expect(tls()).toEqual([`error ${mode}`])
    expect(tls(['SIMPLE', 'MUTUAL'])).toEqual([`error ${mode}`])
    expect(tls(['SIMPLE', 'DISABLE'])).toEqual([])
    expect(tls(['SIMPLE', 'ISTIO_MUTUAL'])).toEqual([])
    expect(tls(['grpc: {port: 8080}', 'tcpSocket: {port: 8080}'])).toEqual([])
    expect(foundBy('tls-to-plain', beside(exampleWith('tls-to-plain'), policy('{mtls: {mode: STRICT}}')))).toEqual([])
  })
})
