import { describe, expect, it } from 'vitest'
import { beside, exampleWith, foundBy, patchedBy, withoutSidecar } from './support/example.ts'

const policy = (spec: string, namespace = 'shop', name = 'other') => `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: ${name}, namespace: ${namespace}}
spec: ${spec}
`
const ofOrders = 'selector: {matchLabels: {app: orders}}'
const caller = 'Job shop/client: spec.template.spec.containers[0].args[1]'

describe('a caller without a sidecar', () => {
  const found = (text: string) => foundBy('strict-mtls-caller', text)
  const strict = exampleWith('strict-mtls-caller')
  const permissive = exampleWith('strict-mtls-caller', ['STRICT', 'PERMISSIVE'])

  it('is refused by servers that are STRICT, whoever says so', () => {
    expect(found(strict)).toEqual([`error ${caller}`])
    expect(found(exampleWith('strict-mtls-caller', ['namespace: shop', 'namespace: istio-system']))).toHaveLength(1)
    expect(found(beside(permissive, policy(`{${ofOrders}, mtls: {mode: STRICT}}`)))).toHaveLength(1)
    expect(found(beside(permissive, policy(`{${ofOrders}, portLevelMtls: {8080: {mode: STRICT}}}`)))).toHaveLength(1)
    const unset = policy(`{${ofOrders}, mtls: {mode: UNSET}, portLevelMtls: {9000: {mode: DISABLE}}}`)
    expect(found(beside(strict, unset))).toHaveLength(1)
  })

  it('is let in where what is nearer to the pods says otherwise', () => {
    expect(found(permissive)).toEqual([])
    expect(found(beside(strict, policy(`{${ofOrders}, mtls: {mode: PERMISSIVE}}`)))).toEqual([])
    const port = `{${ofOrders}, mtls: {mode: STRICT}, portLevelMtls: {8080: {mode: DISABLE}}}`
    expect(found(beside(strict, policy(port)))).toEqual([])
    const ofMesh = exampleWith('strict-mtls-caller', ['namespace: shop', 'namespace: istio-system'])
    expect(found(beside(ofMesh, policy('{mtls: {mode: PERMISSIVE}}')))).toEqual([])
  })

  it('is let in by rules for others, and by pods that have no sidecar to refuse it', () => {
    expect(found(beside(permissive, policy('{mtls: {mode: STRICT}}', 'elsewhere')))).toEqual([])
    const others = policy('{selector: {matchLabels: {app: stock}}, mtls: {mode: STRICT}}')
    expect(found(beside(permissive, others))).toEqual([])
    expect(found(beside(permissive, policy(`{${ofOrders}, mtls: {mode: STRICT}}`, 'istio-system')))).toEqual([])
    expect(found(exampleWith('strict-mtls-caller', withoutSidecar('orders')))).toEqual([])
  })

  it('is let in by some of the pods where only the others are STRICT', () => {
    const second = `apiVersion: v1
kind: Pod
metadata: {name: other, namespace: shop, labels: {app: orders}}
spec: {containers: [{name: echo}]}
`
    expect(found(beside(strict, second))).toEqual([])
  })

  it('is let in at a port that goes past the sidecar of the servers', () => {
    const annotated = (annotation: string) =>
      exampleWith('strict-mtls-caller', [
        '    spec:\n      containers:\n        - name: echo\n          image: ghcr.io/evenly-grpc/evenly-echo:0.2.0\n          args: [-s]',
        `      annotations: {traffic.sidecar.istio.io/${annotation}}\n    spec:\n      containers:\n        - name: echo\n          args: [-s]`,
      ])
    for (const past of [
      'excludeInboundPorts: "9464, 8080"',
      'includeInboundPorts: ""',
      'includeInboundPorts: "9464"',
    ]) {
      expect(found(annotated(past))).toEqual([])
    }
    for (const seen of ['excludeInboundPorts: "9464"', 'includeInboundPorts: "*"', 'includeInboundPorts: "8080"']) {
      expect(found(annotated(seen))).toEqual([`error ${caller}`])
    }
  })

  it('may have one after all where its namespace is not to be seen', () => {
    const silent = exampleWith('strict-mtls-caller', [', sidecar.istio.io/inject: "false"', ''])
    const namespace = (labels: string) =>
      `apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {${labels}}}\n`
    expect(found(silent)).toEqual([`advice ${caller}`])
    expect(found(beside(silent, namespace('')))).toEqual([`error ${caller}`])
    expect(found(beside(silent, namespace('istio-injection: enabled')))).toEqual([])
    expect(found(beside(silent, namespace('istio.io/dataplane-mode: ambient')))).toEqual([])
    const onHost = silent.replace('restartPolicy', 'hostNetwork: true\n      restartPolicy')
    expect(found(onHost)).toEqual([`error ${caller}`])
  })

  it('is nobody that has one', () => {
    expect(found(exampleWith('strict-mtls-caller', ['inject: "false"', 'inject: "true"']))).toEqual([])
  })

  it('gets a sidecar from the patch, also where its namespace gives none', () => {
    const namespace =
      'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {istio-injection: disabled, team: a}}\n'
    const servers = [
      /(labels: {app: orders.*\n {4}spec:\n)/,
      '$1      initContainers: [{name: istio-proxy}]\n',
    ] as const
    const text = beside(exampleWith('strict-mtls-caller', servers), namespace)
    expect(found(text)).toEqual([`error ${caller}`])
    expect(found(patchedBy('strict-mtls-caller', text))).toEqual([])
  })

  it('is told that it is refused, not that it is pinned', () => {
    expect(foundBy('cluster-ip-pins', strict)).toEqual([])
    expect(foundBy('cluster-ip-pins', permissive)).toEqual([`error ${caller}`])
  })
})
