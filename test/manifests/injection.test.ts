import { describe, expect, it } from 'vitest'
import { exampleWith, foundBy } from './support/example.ts'

const annotations = 'Job shop/client: spec.template.metadata.annotations'

describe('a sidecar that pods ask for', () => {
  const blocked = (...changes: (readonly [string, string])[]) =>
    foundBy('injection-blocked', exampleWith('injection-blocked', ...changes))
  const byAnnotation = (...changes: (readonly [string, string])[]) =>
    foundBy('inject-annotation', exampleWith('inject-annotation', ...changes))
  const label = 'Namespace shop: metadata.labels.istio-injection'

  it.each(['disabled', 'disable', '"false"', 'off', '""'])('is kept from them by istio-injection: %s', (value) => {
    expect(blocked(['istio-injection: disabled', `istio-injection: ${value}`])).toEqual([`error ${label}`])
  })

  it('is theirs in a namespace with any other label, and in one that gives it to all', () => {
    expect(blocked(['istio-injection: disabled', 'istio-injection: enabled'])).toEqual([])
    const onHost = ['restartPolicy', 'hostNetwork: true\n      restartPolicy'] as const
    expect(blocked(['istio-injection: disabled', 'istio-injection: enabled'], [...onHost])).toEqual([])
    expect(blocked(['istio-injection: disabled', 'team: shop'])).toEqual([])
    expect(blocked(['istio-injection: disabled', 'istio.io/rev: default'])).toEqual([])
  })

  it('is kept from them also when they ask for a revision', () => {
    expect(blocked(['sidecar.istio.io/inject: "true"', 'istio.io/rev: stable'])).toEqual([`error ${label}`])
    expect(blocked(['sidecar.istio.io/inject: "true"', 'sidecar.istio.io/inject: "false"'])).toEqual([])
    expect(blocked([', sidecar.istio.io/inject: "true"', ''])).toEqual([])
  })

  it('is advice for pods that are not known to call gRPC, and where one server is all', () => {
    expect(blocked(['orders:8080', 'stock:8080'])).toEqual([`advice ${label}`])
    expect(blocked(['replicas: 3', 'replicas: 1'])).toEqual([`advice ${label}`])
  })

  it('is told of by one rule, not by that on virtual IPs too', () => {
    expect(foundBy('cluster-ip-pins', exampleWith('injection-blocked'))).toEqual([])
    expect(
      foundBy('cluster-ip-pins', exampleWith('injection-blocked', [', sidecar.istio.io/inject: "true"', ''])),
    ).toHaveLength(1)
  })

  it('is not there for an annotation, but for one in a namespace that gives it to all', () => {
    const place = `${annotations}.sidecar.istio.io/inject`
    expect(byAnnotation()).toEqual([`error ${place}`])
    expect(byAnnotation(['name: shop\n', 'name: shop\n  labels: {istio-injection: enabled}\n'])).toEqual([])
    expect(byAnnotation(['name: shop\n', 'name: shop\n  labels: {istio.io/rev: stable}\n'])).toEqual([])
    expect(byAnnotation(['{app: client}', '{app: client, sidecar.istio.io/inject: "true"}'])).toEqual([])
    expect(byAnnotation(['{app: client}', '{app: client, istio.io/rev: stable}'])).toEqual([])
    expect(byAnnotation(['inject: "true"', 'inject: "false"'])).toEqual([])
  })

  it('is not thought to be there by other rules either', () => {
    const unnamed = ['name: grpc\n      port: 8080', 'name: main\n      port: 8080'] as const
    expect(foundBy('port-undeclared', exampleWith('inject-annotation', [...unnamed]))).toEqual([])
    expect(foundBy('port-undeclared', exampleWith('injection-blocked', [...unnamed]))).toEqual([])
  })

  it('may be there for an annotation where the namespace is not to be seen', () => {
    const unseen = exampleWith('inject-annotation', ['metadata:\n  name: shop', 'metadata:\n  name: other'])
    expect(foundBy('inject-annotation', unseen)).toEqual([`advice ${annotations}.sidecar.istio.io/inject`])
    expect(foundBy('cluster-ip-pins', unseen)).toEqual([])
  })
})
