import { describe, expect, it } from 'vitest'
import { withoutTls } from '../../scripts/lib/manifest-rules/without-tls.ts'
import { applyPatches } from '../../scripts/lib/manifests/apply-patches.ts'
import { type Content, titleOf } from '../../scripts/lib/manifests/manifest.ts'
import { Model } from '../../scripts/lib/manifests/model.ts'
import { readManifests } from '../../scripts/lib/manifests/read-manifests.ts'
import { trafficPolicyFor } from '../../scripts/lib/manifests/traffic-policy.ts'

const tls = { mode: 'DISABLE' }
const port = { number: 8080 }
const loadBalancer = { simple: 'RANDOM' }

/** What is left of a policy once the TLS of port 8080 is taken out of it. */
function left(trafficPolicy: object): Content {
  const objects = [
    { apiVersion: 'v1', kind: 'Service', metadata: { name: 'orders' }, spec: { ports: [{ port: 8080 }] } },
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name: 'orders' },
      spec: { host: 'orders', trafficPolicy },
    },
  ]
  const model = new Model(
    readManifests([{ file: 'x', text: objects.map((each) => JSON.stringify(each)).join('\n---\n') }]),
  )
  const [service] = model.services
  const policy = service && trafficPolicyFor(model, undefined, service, port)
  if (policy === undefined) throw new Error('no policy')
  expect(titleOf(policy.rule)).toBe('DestinationRule default/orders')
  return applyPatches(objects, [withoutTls(policy)])[1]?.spec.trafficPolicy
}

describe('a policy without its TLS', () => {
  it.each([
    [{ tls, loadBalancer }, { loadBalancer }],
    [{ tls }, undefined],
    [
      { loadBalancer, portLevelSettings: [{ port, tls, loadBalancer }] },
      { loadBalancer, portLevelSettings: [{ port, loadBalancer }] },
    ],
    [{ loadBalancer, portLevelSettings: [{ port, tls }] }, { loadBalancer }],
    [{ portLevelSettings: [{ port, tls }] }, undefined],
    [
      {
        portLevelSettings: [
          { port: { number: 9090 }, tls },
          { port, tls },
        ],
      },
      { portLevelSettings: [{ port: { number: 9090 }, tls }] },
    ],
  ])('of %j is %j', (policy, rest) => {
    expect(left(policy)).toEqual(rest)
  })
})
