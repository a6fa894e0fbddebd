import { describe, expect, it } from 'vitest'
import { checkManifests } from '../../scripts/lib/manifest-rules/check-manifests.ts'
import { ingressGrpc } from '../../scripts/lib/manifest-rules/rules/ingress-grpc.ts'
import { exampleWith, foundBy } from './support/example.ts'

type Changes = Parameters<typeof exampleWith> extends [string, ...infer C] ? C : never
const found = (...changes: Changes): string[] => foundBy('ingress-grpc', exampleWith('ingress-grpc', ...changes))

const protocol = 'advice Ingress shop/orders: metadata.annotations.nginx.ingress.kubernetes.io/backend-protocol'
const upstream = 'advice Ingress shop/orders: metadata.annotations.nginx.ingress.kubernetes.io/service-upstream'
const annotated = (...lines: string[]) =>
  [
    /kind: Ingress\nmetadata:\n {2}name: orders/,
    `kind: Ingress\nmetadata:\n  annotations:\n${lines.map((line) => `    ${line}\n`).join('')}  name: orders`,
  ] as const
const own = (name: string, value: string) => `nginx.ingress.kubernetes.io/${name}: "${value}"`
const withoutClass = ['  ingressClassName: nginx\n', ''] as const

describe('an Ingress of ingress-nginx to a gRPC port', () => {
  it('is found without a backend-protocol, and with one that is not GRPC', () => {
    expect(found()).toEqual([protocol])
    expect(found(annotated(own('backend-protocol', 'HTTP')))).toEqual([protocol])
    expect(found(['port: {number: 8080}', 'port: {name: grpc}'])).toEqual([protocol])
  })

  it('is found by its annotations where it names no class, and by the class that came before', () => {
    expect(found(withoutClass, annotated(own('ssl-redirect', 'true')))).toEqual([protocol])
    expect(found(withoutClass, annotated('kubernetes.io/ingress.class: nginx'))).toEqual([protocol])
  })

  it('is found when it is sent to the virtual IP', () => {
    expect(found(annotated(own('backend-protocol', 'GRPC'), own('service-upstream', 'true')))).toEqual([upstream])
    expect(found(annotated(own('service-upstream', 'true')))).toEqual([protocol, upstream])
  })

  it('is given no patch when other paths of it speak HTTP', () => {
    const text = exampleWith(
      'ingress-grpc',
      ['- name: grpc\n      port: 8080', '- name: grpc\n      port: 8080\n    - name: http\n      port: 9464'],
      [
        '- path: /\n',
        '- {path: /metrics, pathType: Prefix, backend: {service: {name: orders, port: {name: http}}}}\n          - path: /\n',
      ],
    )
    const [finding] = checkManifests([{ file: 'a.yaml', text }], { rules: [ingressGrpc] })
    expect(finding?.patch).toBeUndefined()
    expect(finding?.message).toContain('an Ingress of its own')
  })
})

describe('an Ingress is left alone', () => {
  it.each(['GRPC', 'grpc', 'GRPCS'])('when its backend-protocol is %s', (value) => {
    expect(found(annotated(own('backend-protocol', value)))).toEqual([])
  })

  it('when it is for another controller', () => {
    expect(found(['ingressClassName: nginx', 'ingressClassName: traefik'])).toEqual([])
    expect(found(withoutClass)).toEqual([])
    expect(found(annotated('nginx.org/grpc-services: orders'))).toEqual([])
    expect(
      found(['ingressClassName: nginx', 'ingressClassName: haproxy'], annotated(own('ssl-redirect', 'true'))),
    ).toEqual([])
  })

  it('when its port speaks no gRPC, or its Service is not here', () => {
    expect(
      found(
        ['name: grpc\n      port: 8080', 'name: http\n      port: 8080'],
        ['grpc: {port: 8080}', 'httpGet: {port: 8080}'],
      ),
    ).toEqual([])
    expect(found(['                name: orders\n', '                name: others\n'])).toEqual([])
  })

  it('when a mesh balances behind the virtual IP', () => {
    const changes = annotated(own('backend-protocol', 'GRPC'), own('service-upstream', 'true'))
    expect(
      found(changes, [
        'labels: {app: orders}\n    spec',
        'labels: {app: orders, sidecar.istio.io/inject: "true"}\n    spec',
      ]),
    ).toEqual([])
    expect(found(annotated(own('backend-protocol', 'GRPC'), own('service-upstream', 'false')))).toEqual([])
  })
})
