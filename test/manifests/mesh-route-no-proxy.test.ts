import { describe, expect, it } from 'vitest'
import { checkManifests } from '../../scripts/lib/manifest-rules/check-manifests.ts'
import { meshRouteNoProxy } from '../../scripts/lib/manifest-rules/rules/mesh-route-no-proxy.ts'
import { objectsIn } from '../chart/helm.ts'
import { beside, exampleWith, foundBy } from './support/example.ts'

type Changes = Parameters<typeof exampleWith> extends [string, ...infer C] ? C : never
const found = (...changes: Changes): string[] =>
  foundBy('mesh-route-no-proxy', exampleWith('mesh-route-no-proxy', ...changes))

const error = ['error Job shop/client: spec.template.metadata.labels.sidecar.istio.io/inject']
const optOut = '        sidecar.istio.io/inject: "false"\n'
const namespace = /^apiVersion: v1\nkind: Namespace[\s\S]*?---\n/
const route = /---\napiVersion: gateway[\s\S]*?(?=---\napiVersion: batch)/
const virtualService = (gateways: string, host = 'orders') => `---\napiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: orders, namespace: shop}
spec: {hosts: [orders], ${gateways}http: [{timeout: 2s, route: [{destination: {host: ${host}}}]}]}\n`

describe('a caller without a proxy', () => {
  it('is found when a route of Gateway API is for the Service that it calls', () => {
    expect(found()).toEqual(error)
    expect(found(['kind: GRPCRoute', 'kind: HTTPRoute'])).toEqual(error)
  })

  it('is found when a VirtualService for the mesh is', () => {
    expect(found([route, virtualService('', 'orders-next')])).toEqual(error)
    expect(found([route, virtualService('', 'orders-next.shop.svc.cluster.local')])).toEqual(error)
    expect(found([route, virtualService('', 'orders, subset: v2')])).toEqual(error)
    expect(found([route, virtualService('gateways: [public, mesh], ', 'orders-next')])).toEqual(error)
  })

  it('is found when its namespace is known not to be in the mesh, or it has the network of its node', () => {
    expect(found([optOut, ''], ['istio-injection: enabled', 'team: orders'])).toEqual(error)
    expect(found([optOut, ''], ['restartPolicy: Never', 'restartPolicy: Never\n      hostNetwork: true'])).toEqual(
      error,
    )
  })

  it('is advice when the route leads nowhere else, so that nothing is pinned or fails by it', () => {
    const advice = error.map((text) => text.replace('error', 'advice'))
    expect(found([route, virtualService('')])).toEqual(advice)
    expect(
      found(['- {name: orders-next, port: 8080, weight: 50}\n', '- {name: orders-next, port: 8080, weight: 0}\n']),
    ).toEqual(advice)
  })

  it('is taken into Linkerd where the servers are, which nobody has measured', () => {
    const linkerd = ['labels:\n    istio-injection: enabled', 'annotations:\n    linkerd.io/inject: enabled'] as const
    const out = [optOut, '      annotations: {linkerd.io/inject: disabled}\n'] as const
    expect(found(linkerd, out)).toEqual([
      'advice Job shop/client: spec.template.metadata.annotations.linkerd.io/inject',
    ])
    const text = exampleWith('mesh-route-no-proxy', linkerd, out)
    const [finding] = checkManifests([{ file: 'a.yaml', text }], { rules: [meshRouteNoProxy] })
    expect(objectsIn(finding?.patch ?? '')[0].spec.template.metadata.annotations).toEqual({
      'linkerd.io/inject': 'enabled',
    })
  })

  it('has no patch where a label is not enough', () => {
    const patchOf = (...changes: Changes) =>
      checkManifests([{ file: 'a.yaml', text: exampleWith('mesh-route-no-proxy', ...changes) }], {
        rules: [meshRouteNoProxy],
      })[0]?.patch
    expect(patchOf()).toContain('sidecar.istio.io/inject: "true"')
    expect(patchOf(['restartPolicy: Never', 'restartPolicy: Never\n      hostNetwork: true'])).toBeUndefined()
    expect(patchOf(['istio-injection: enabled', 'istio-injection: disabled'])).toBeUndefined()
  })

  it('is found when it opts out, whether or not its namespace is known', () => {
    expect(found([namespace, ''])).toEqual(error)
  })
})

describe('a caller is left alone', () => {
  it('when it has a sidecar', () => {
    expect(found([optOut, ''])).toEqual([])
  })

  it('when nothing tells of its namespace', () => {
    expect(found([namespace, ''], [optOut, ''])).toEqual([])
  })

  it('when it is in another mesh', () => {
    expect(found([namespace, ''], [optOut, '      annotations: {linkerd.io/inject: enabled}\n'])).toEqual([])
  })

  it('when the route is for gateways only, or for another Service', () => {
    expect(found([route, virtualService('gateways: [public], ')])).toEqual([])
    expect(found(['      name: orders\n  rules', '      name: orders-next\n  rules'])).toEqual([])
    expect(found(['- kind: Service\n      group: ""\n      name: orders', '- name: gateway'])).toEqual([])
  })

  it('when its gRPC library reads routes itself', () => {
    expect(found(['"orders:8080"', '"xds:///orders:8080"'])).toEqual([])
  })

  it('when another rule tells why it has no proxy, or that its calls are refused', () => {
    expect(
      found(['inject: "false"', 'inject: "true"'], ['istio-injection: enabled', 'istio-injection: disabled']),
    ).toEqual([])
    const strict =
      'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: a, namespace: shop}\nspec: {mtls: {mode: STRICT}}\n'
    expect(foundBy('mesh-route-no-proxy', beside(exampleWith('mesh-route-no-proxy'), strict))).toEqual([])
  })

  it('when it calls something else', () => {
    expect(found(['"orders:8080"', '"orders-next:8080"'])).toEqual([])
  })
})
