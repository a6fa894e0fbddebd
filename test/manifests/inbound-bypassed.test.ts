import { describe, expect, it } from 'vitest'
import { beside, exampleWith, foundBy, withoutSidecar } from './support/example.ts'

const excluded = 'traffic.sidecar.istio.io/excludeInboundPorts'
const included = 'traffic.sidecar.istio.io/includeInboundPorts'
const place = 'error Deployment shop/orders: spec.template.metadata.annotations'
const found = (...changes: (readonly [string, string])[]) =>
  foundBy('inbound-bypassed', exampleWith('inbound-bypassed', ...changes))
const annotated = (annotation: string) => found([`${excluded}: "9464,8080"`, annotation])
const example = exampleWith('inbound-bypassed')

describe('calls past the sidecar of servers', () => {
  it.each([
    [excluded, '8080'],
    [excluded, '9464, 8080'],
    [included, ''],
    [included, '9464'],
  ])('fail by %s: "%s"', (name, value) => {
    expect(annotated(`${name}: "${value}"`)).toEqual([`${place}.${name}`])
  })

  it.each([
    [excluded, '9464'],
    [excluded, ''],
    [included, '*'],
    [included, '9464,8080'],
  ])('do not fail by %s: "%s"', (name, value) => {
    expect(annotated(`${name}: "${value}"`)).toEqual([])
  })

  it('do not fail where nobody encrypts', () => {
    expect(found(withoutSidecar('client'))).toEqual([])
    expect(found(withoutSidecar('orders'))).toEqual([])
    const policy = (spec: string) => `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: orders, namespace: shop}
spec: {selector: {matchLabels: {app: orders}}, portLevelMtls: ${spec}}
`
    expect(foundBy('inbound-bypassed', beside(example, policy('{8080: {mode: DISABLE}}')))).toEqual([])
    expect(foundBy('inbound-bypassed', beside(example, policy('{8080: {mode: PERMISSIVE}}')))).toHaveLength(1)
    const rule = (tls: string) => `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: orders, namespace: shop}
spec: {host: orders, trafficPolicy: {tls: ${tls}}}
`
    expect(foundBy('inbound-bypassed', beside(example, rule('{mode: DISABLE}')))).toEqual([])
    expect(foundBy('inbound-bypassed', beside(example, rule('{mode: ISTIO_MUTUAL}')))).toHaveLength(1)
  })
})
