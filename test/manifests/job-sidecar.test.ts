import { describe, expect, it } from 'vitest'
import { exampleWith, foundBy, withoutSidecar } from './support/example.ts'

const annotations = 'Job shop/client: spec.template.metadata.annotations'

describe("a proxy in a Job's pod", () => {
  const found = (...changes: (readonly [string | RegExp, string])[]) =>
    foundBy('job-sidecar', exampleWith('job-sidecar', ...changes))
  const annotation = ['      annotations:\n        sidecar.istio.io/nativeSidecar: "false"\n', ''] as const
  const second = (container: string) => [/$/, `        - ${container}\n`] as const
  const envoy = '{name: envoy, image: "envoyproxy/envoy:v1.40.0"}'

  it('does not end where the annotation asks for the old kind', () => {
    expect(found()).toEqual([`error ${annotations}.sidecar.istio.io/nativeSidecar`])
    expect(found(['nativeSidecar: "false"', 'nativeSidecar: "true"'])).toEqual([])
    expect(found(annotation)).toEqual([])
    expect(found(withoutSidecar('client'))).toEqual([])
  })

  it.each([
    envoy,
    '{name: mesh, image: "docker.io/istio/proxyv2:1.31.0"}',
    '{name: db, image: "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2"}',
    '{name: istio-proxy, image: auto}',
  ])('does not end as a container of its own: %s', (container) => {
    expect(found(annotation, second(container))).toEqual(['error Job shop/client: spec.template.spec.containers[1]'])
  })

  it('is none that has something else to do, that is told to stop, or that is native', () => {
    expect(found(annotation, second('{name: upload, image: "shop/upload:1"}'))).toEqual([])
    expect(found(annotation, second('{name: talks, image: "shop/envoy-config:1"}'))).toEqual([])
    const stopping = '{name: wait, image: "shop/wait:1", args: ["curl -X POST localhost:15020/quitquitquit"]}'
    expect(found(second(stopping))).toEqual([])
    expect(found(annotation, second(envoy), second(stopping))).toEqual([])
    const native =
      '      initContainers:\n        - {name: envoy, image: "envoyproxy/envoy:v1.40.0", restartPolicy: Always}\n'
    expect(found(annotation, [/$/, native])).toEqual([])
  })

  it('may serve where it is all that there is, and in a Deployment', () => {
    expect(found(annotation, [/image: ghcr[^\n]*(?=\n +args: \[-h)/, 'image: envoyproxy/envoy:v1.40.0'])).toEqual([])
    expect(found(['batch/v1\nkind: Job', 'apps/v1\nkind: Deployment'])).toEqual([])
  })

  it('is found in a CronJob', () => {
    const text = exampleWith('job-sidecar')
    const [before, spec] = text.split('kind: Job')
    const nested = spec?.replace('spec:\n  template', 'spec:\n  jobTemplate: {spec: {template: TEMPLATE}}\n  was')
    const template =
      '{metadata: {labels: {app: client, sidecar.istio.io/inject: "true"}, annotations: {sidecar.istio.io/nativeSidecar: "false"}}, spec: {containers: [{name: echo, image: "shop:1"}]}}'
    expect(foundBy('job-sidecar', `${before}kind: CronJob${nested?.replace('TEMPLATE', template)}`)).toEqual([
      'error CronJob shop/client: spec.jobTemplate.spec.template.metadata.annotations.sidecar.istio.io/nativeSidecar',
    ])
  })
})
