import { describe, expect, it } from 'vitest'
import { outsideClientValues, releaseValues, type Standing } from '../../../scripts/cluster/release-values.ts'
import type { Scenario } from '../../../scripts/cluster/scenario.ts'

const standing: Standing = {
  image: undefined,
  replicas: undefined,
  weights: {},
  client: undefined,
  gatewayClasses: [],
  sets: [],
}
const taken = { repository: 'localhost/echo', tag: 'x' }

const canary = {
  release: 'stable',
  releases: [
    { name: 'stable', file: 'values/c.yaml' },
    { name: 'canary', file: 'values/c.canary.yaml' },
  ],
  weightValue: 'routes.RELEASE-echo.weight',
  needs: ['istio'],
  fromOutside: false,
  values: {},
} as unknown as Scenario
const outside = {
  ...canary,
  release: 'stable',
  fromOutside: true,
  values: { gatewayApi: { gateway: { className: 'istio' } } },
} as Scenario

const of = (scenario: Scenario, release: string, how: Partial<Standing> = {}) =>
  releaseValues(scenario, release, { ...standing, ...how })

describe('releaseValues', () => {
  it('keeps clients away at first', () => {
    expect(of(canary, 'stable')).toEqual({
      files: ['values/c.yaml'],
      values: { client: { kind: 'Deployment', replicaCount: 0 } },
      sets: [],
    })
  })

  it('has the client call as it is told, with the image of the servers', () => {
    const client = { kind: 'Job', requests: 300 }
    expect(of(canary, 'stable', { client, image: 'localhost/echo:x' }).values).toEqual({
      image: taken,
      client: { image: taken, ...client },
    })
  })

  it('has a control plane beside the servers run the same image', () => {
    const beside = { ...canary, values: { lookaside: { enabled: true } } } as Scenario
    const { values } = of(beside, 'stable', { image: 'localhost/echo:x' })
    expect(values).toMatchObject({ lookaside: { image: taken } })
    expect(of(beside, 'stable').values).not.toHaveProperty('lookaside')
  })

  it('scales and weighs the judged release', () => {
    const { values, sets } = of(canary, 'stable', { replicas: 5, weights: { stable: 95, canary: 5 } })
    expect(values).toMatchObject({ replicaCount: 5 })
    expect(sets).toEqual(['routes.stable-echo.weight=95', 'routes.canary-echo.weight=5'])
  })

  it('gives another release its own file and the image, and nothing of the client, count and weights', () => {
    const how = { image: 'localhost/echo:x', replicas: 5, weights: { stable: 95, canary: 5 }, client: { kind: 'Job' } }
    expect(of(canary, 'canary', { ...how, sets: ['a=b'] })).toEqual({
      files: ['values/c.canary.yaml'],
      values: { image: taken },
      sets: ['a=b'],
    })
  })

  it('gives a release without a file none', () => {
    expect(of(canary, 'nobody').files).toEqual([])
  })

  it('has no client beside servers that are called from outside', () => {
    expect(of(outside, 'stable', { client: { kind: 'Job' }, image: 'localhost/echo:x' }).values).toEqual({
      image: taken,
    })
  })

  it("lets the user's own values win over its own", () => {
    const gatewayClasses = [{ name: 'istio-2', controller: 'istio.io/gateway-controller' }]
    const { sets } = of(outside, 'stable', { gatewayClasses, weights: { stable: 1 }, sets: ['a=b', 'c=d'] })
    expect(sets).toEqual(['gatewayApi.gateway.className=istio-2', 'routes.stable-echo.weight=1', 'a=b', 'c=d'])
  })

  it('names a class that the cluster has, of the maker that the scenario needs', () => {
    const both = [
      { name: 'other', controller: 'example.com/gateway' },
      { name: 'mesh', controller: 'istio.io/gateway-controller' },
      { name: 'eg', controller: 'gateway.envoyproxy.io/gatewayclass-controller' },
    ]
    const classOf = (scenario: Scenario, gatewayClasses = both) => of(scenario, 'stable', { gatewayClasses }).sets
    expect(classOf(outside)).toEqual(['gatewayApi.gateway.className=mesh'])
    expect(classOf({ ...outside, needs: ['gateway-api', 'envoy-gateway'] })).toEqual([
      'gatewayApi.gateway.className=eg',
    ])
    expect(classOf(outside, [...both, { name: 'istio', controller: 'example.com/gateway' }])).toEqual([])
    expect(classOf(outside, both.slice(0, 1))).toEqual([])
    expect(classOf(canary)).toEqual([])
  })
})

describe('outsideClientValues', () => {
  it('is a client alone, without a sidecar, that calls where the gateway listens', () => {
    const args = ['-o', 'jsonl']
    expect(outsideClientValues('localhost/echo:x', '10.0.0.1:80', { kind: 'Job', target: 'elsewhere' }, args)).toEqual({
      files: [],
      values: {
        mode: 'client',
        image: taken,
        podLabels: { 'sidecar.istio.io/inject': 'false' },
        args,
        client: { kind: 'Job', target: '10.0.0.1:80' },
      },
      sets: [],
    })
  })

  it('leaves the image to the chart when none is named', () => {
    expect(outsideClientValues(undefined, 'a:1', {}, []).values).not.toHaveProperty('image')
  })
})
