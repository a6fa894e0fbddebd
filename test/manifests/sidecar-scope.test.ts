import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { checkManifests } from '../../scripts/lib/manifest-rules/check-manifests.ts'
import { sidecarScope } from '../../scripts/lib/manifest-rules/rules/sidecar-scope.ts'
import { beside, exampleWith, foundBy, withoutSidecar } from './support/example.ts'

const clientAway = [
  ['name: client\n  namespace: shop', 'name: client\n  namespace: elsewhere'],
  ['orders:8080', 'orders.shop:8080'],
] as const

describe('a Service that a sidecar is not told of', () => {
  const scoped = (id: 'sidecar-scope' | 'registry-only', hosts: string, ...changes: (readonly [string, string])[]) =>
    foundBy(id, exampleWith(id, ['hosts: [istio-system/*]', `hosts: ${hosts}`], ...changes))
  const egress = 'error Sidecar shop/default: spec.egress[0].hosts'

  it.each([
    '[istio-system/*]',
    '["~/*"]',
    '["./stock.shop.svc.cluster.local"]',
    '["elsewhere/*"]',
    '["*/*.elsewhere.svc.cluster.local"]',
  ])('is what egress.hosts %s make of it', (hosts) => {
    expect(scoped('sidecar-scope', hosts)).toEqual([egress])
    expect(scoped('registry-only', hosts)).toEqual([egress])
  })

  it.each([
    '["./*"]',
    '["*/*"]',
    '[shop/*]',
    '["shop/orders.shop.svc.cluster.local"]',
    '["*/*.shop.svc.cluster.local"]',
    '[istio-system/*, "./*"]',
    '["./orders"]',
  ])('is none by egress.hosts %s', (hosts) => {
    expect(scoped('sidecar-scope', hosts)).toEqual([])
    expect(scoped('registry-only', hosts)).toEqual([])
  })

  it('is hidden by the Sidecar that is for the caller, not by that of others', () => {
    const spec = ['spec:\n  egress', 'spec:\n  workloadSelector: {labels: {app: orders}}\n  egress'] as const
    expect(foundBy('sidecar-scope', exampleWith('sidecar-scope', spec))).toEqual([])
    expect(
      foundBy('sidecar-scope', exampleWith('sidecar-scope', [spec[0], spec[1].replace('orders', 'client')])),
    ).toEqual([egress])
    expect(foundBy('sidecar-scope', exampleWith('sidecar-scope', ['namespace: shop', 'namespace: elsewhere']))).toEqual(
      [],
    )
    expect(
      foundBy('sidecar-scope', exampleWith('sidecar-scope', ['namespace: shop', 'namespace: istio-system'])),
    ).toEqual([egress.replace('shop', 'istio-system')])
    expect(foundBy('sidecar-scope', exampleWith('sidecar-scope', withoutSidecar('client')))).toEqual([])
    const open = `apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: client, namespace: shop}
spec: {workloadSelector: {labels: {app: client}}, egress: [{hosts: ["./*"]}]}
`
    expect(foundBy('sidecar-scope', beside(exampleWith('sidecar-scope'), open))).toEqual([])
  })

  it('is hidden by a Sidecar whose listeners are for other ports', () => {
    const listener = (port: number) =>
      exampleWith('sidecar-scope', [
        '    - hosts',
        `    - {port: {number: ${port}, protocol: GRPC, name: own}, hosts: ["./*"]}\n    - hosts`,
      ])
    expect(foundBy('sidecar-scope', listener(8080))).toEqual([])
    expect(foundBy('sidecar-scope', listener(9090))).toEqual(['error Sidecar shop/default: spec.egress[1].hosts'])
  })

  it('is not hidden by a Sidecar without egress', () => {
    expect(foundBy('sidecar-scope', exampleWith('sidecar-scope', [/ {2}egress:\n.*\n/, '  ingress: []\n']))).toEqual([])
  })

  it('is hidden by its own exportTo', () => {
    const exported = (to: string, ...changes: (readonly [string, string])[]) =>
      foundBy(
        'sidecar-scope',
        exampleWith(
          'sidecar-scope',
          ['hosts: [istio-system/*]', 'hosts: ["*/*"]'],
          ['name: orders\n', `name: orders\n  annotations: {networking.istio.io/exportTo: "${to}"}\n`],
          ...changes,
        ),
      )
    const place = 'error Service shop/orders: metadata.annotations.networking.istio.io/exportTo'
    expect(exported('~')).toEqual([place])
    expect(exported('elsewhere')).toEqual([place])
    expect(exported('.', ...clientAway)).toEqual([place])
    for (const to of ['.', '*', 'shop', 'elsewhere, .']) expect(exported(to)).toEqual([])
    for (const to of ['elsewhere', '.,elsewhere', '*']) expect(exported(to, ...clientAway)).toEqual([])
  })

  it('is found for each namespace that is missing, and one patch adds them all', () => {
    const stock = exampleWith('sidecar-scope', ['kind: Sidecar', 'kind: Other'])
      .replaceAll('namespace: shop', 'namespace: elsewhere')
      .replaceAll('client', 'other')
    const both = beside(
      exampleWith('sidecar-scope', ['"orders:8080"', '"orders:8080", "orders.elsewhere:8080"']),
      stock,
    )
    const found = checkManifests([{ file: 'all.yaml', text: both }], { rules: [sidecarScope] })
    expect(found.map(({ message }) => message.split('; ')[1])).toEqual([
      'add ./* to its egress.hosts.',
      'add elsewhere/* to its egress.hosts.',
    ])
    for (const { patch } of found)
      expect(parse(patch ?? '').spec.egress).toEqual([{ hosts: ['istio-system/*', './*', 'elsewhere/*'] }])
  })

  it('is passed on unseen or blocked, as the Sidecar says, and each has a rule', () => {
    expect(foundBy('registry-only', exampleWith('sidecar-scope'))).toEqual([])
    expect(foundBy('sidecar-scope', exampleWith('registry-only'))).toEqual([])
    expect(foundBy('sidecar-scope', exampleWith('registry-only', ['REGISTRY_ONLY', 'ALLOW_ANY']))).toEqual([egress])
  })
})
