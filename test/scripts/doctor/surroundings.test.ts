import { describe, expect, it } from 'vitest'
import type { Diagnosis } from '../../../scripts/cluster/doctor/diagnosis.ts'
import { stateOf } from '../../../scripts/cluster/doctor/headline.ts'
import type { Content } from '../../../scripts/lib/manifests/manifest.ts'
import { counters, diagnosed, recorded } from './recorded-cluster.ts'

const pinned = recorded('pinned')

const rulesOf = ({ findings }: Diagnosis, severity?: string): string[] =>
  findings.filter((finding) => severity === undefined || finding.severity === severity).map(({ rule }) => rule)

/** With the labels of the nodes, and the zones of endpoints, changed to one zone for all pods. */
const inOneZone = (objects: readonly Content[]): Content[] =>
  objects.map((object) =>
    object.kind === 'EndpointSlice'
      ? { ...object, endpoints: object.endpoints.map((endpoint: Content) => ({ ...endpoint, zone: 'zone-a' })) }
      : object,
  )

describe('what is around a Service', () => {
  const pages = counters(pinned, 'pinned-echo', [0, 512, 0])

  it('is read page by page, by GET alone, and never a Secret', async () => {
    const { diagnosis, asked } = await diagnosed({ objects: pinned, pages, pageSize: 1 }, 'pinned-echo')
    expect(Object.keys(diagnosis.live.traffic?.counts ?? {})).toHaveLength(3)
    expect(asked.filter((path) => /secret/i.test(path))).toEqual([])
  })

  it('is in one zone where its endpoints are', async () => {
    const { diagnosis } = await diagnosed({ objects: inOneZone(pinned), pages }, 'pinned-echo')
    expect(diagnosis.findings.map(({ severity }) => severity)).toEqual(['error', 'error', 'advice'])
    const found = diagnosis.findings.find(({ rule }) => rule === 'one-zone')
    expect(found).toMatchObject({
      object: 'Deployment shop/pinned-echo',
      severity: 'advice',
      message: expect.stringMatching(/^all 3 ready endpoints are in zone-a, one of 3 zones that have nodes; /),
    })
  })

  it('is in the one zone that there is without a word', async () => {
    const flat = inOneZone(JSON.parse(JSON.stringify(pinned).replaceAll(/"zone-[bc]"/g, '"zone-a"')))
    const { diagnosis } = await diagnosed({ objects: flat, pages }, 'pinned-echo')
    expect(rulesOf(diagnosis)).not.toContain('one-zone')
  })

  it('is served by one zone alone where it prefers near endpoints', async () => {
    const near = pinned.map((object) =>
      object.kind === 'Service' ? { ...object, spec: { ...object.spec, trafficDistribution: 'PreferClose' } } : object,
    )
    const { diagnosis } = await diagnosed({ objects: near, pages }, 'pinned-echo')
    const found = diagnosis.findings.find(({ rule }) => rule === 'one-zone')
    expect(found?.message).toMatch(/^it prefers near endpoints, and those in zone-. served all of 512 calls in 5 s, /)
    // What is asked for so may well be meant so.
    const uneven = diagnosis.findings.find(({ rule }) => rule === 'uneven-calls')
    expect(uneven).toMatchObject({ severity: 'advice' })
    expect(uneven?.message).toContain(', as Service shop/pinned-echo (trafficDistribution) may intend; ')
  })

  it('is told without a kind whose webhook is down', async () => {
    const broken = { '/virtualservices?': { status: 500, text: '{"message":"conversion webhook failed"}' } }
    const { diagnosis } = await diagnosed({ objects: pinned, pages, broken }, 'pinned-echo')
    expect(diagnosis.unseen).toContain(
      'virtualservices cannot be listed (the API server answers 500: conversion webhook failed): findings that need them are missing',
    )
    expect(stateOf(diagnosis)).toBe('pinned')
  })

  it('is a caller elsewhere too, where other Services are none of its business', async () => {
    const moved = pinned.map((object) => {
      const isClient = object.metadata.name.startsWith('pinned-echo-client')
      if (!isClient) return object
      return JSON.parse(
        JSON.stringify(object).replaceAll('"shop"', '"desk"').replaceAll('pinned-echo:8080', 'pinned-echo.shop:8080'),
      )
    })
    const env = [{ name: 'PAYMENTS', value: 'payments:9000' }]
    const calling = moved.map((object) => {
      if (object.kind !== 'Deployment' || object.metadata.namespace !== 'desk') return object
      const { template } = object.spec
      const containers = template.spec.containers.map((container: Content) => ({ ...container, env }))
      return { ...object, spec: { ...object.spec, template: { ...template, spec: { ...template.spec, containers } } } }
    })
    const metadata = { name: 'payments', namespace: 'desk', uid: 'payments', labels: { app: 'payments' } }
    const payments = [
      {
        ...{ apiVersion: 'v1', kind: 'Service', metadata },
        spec: {
          clusterIP: '10.0.0.9',
          selector: { app: 'payments' },
          ports: [{ name: 'grpc', port: 9000, targetPort: 9000 }],
        },
      },
      {
        ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata },
        spec: {
          replicas: 3,
          template: { metadata, spec: { containers: [{ name: 'payments', image: 'payments:1' }] } },
        },
      },
    ]
    const { diagnosis } = await diagnosed({ objects: [...calling, ...payments], pages }, 'pinned-echo')
    expect(diagnosis.live.callers.map(({ call, pods }) => [call.client.namespace, pods.length])).toEqual([['desk', 1]])
    expect(rulesOf(diagnosis)).toContain('cluster-ip-pins')
    expect(diagnosis.findings.filter(({ message }) => message.includes('payments'))).toEqual([])
    // There it is for whoever asks about it.
    const asked = await diagnosed({ objects: [...calling, ...payments] }, 'payments', { seconds: 0, namespace: 'desk' })
    expect(asked.diagnosis.findings.filter(({ message }) => message.includes('payments:9000'))).not.toEqual([])
  })

  it('is called by who is told so by a ConfigMap', async () => {
    const settings = {
      ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: 'shop' } },
      data: { TARGET: 'pinned-echo:8080' },
    }
    const containers = [{ name: 'reader', envFrom: [{ configMapRef: { name: 'settings' } }] }]
    const reader = {
      ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'reader', namespace: 'shop', uid: 'reader' } },
      spec: { replicas: 1, template: { metadata: {}, spec: { containers } } },
    }
    const { diagnosis } = await diagnosed({ objects: [...pinned, settings, reader], pages }, 'pinned-echo')
    expect(diagnosis.live.callers.map(({ call }) => call.client.name)).toContain('reader')
  })
})
