import { describe, expect, it } from 'vitest'
import { clientIpAffinity } from '../../scripts/lib/manifest-rules/rules/client-ip-affinity.ts'
import { headlessPickFirst } from '../../scripts/lib/manifest-rules/rules/headless-pick-first.ts'
import { headlessPort } from '../../scripts/lib/manifest-rules/rules/headless-port.ts'
import { notReadyPublished } from '../../scripts/lib/manifest-rules/rules/not-ready-published.ts'
import { selectorMismatch } from '../../scripts/lib/manifest-rules/rules/selector-mismatch.ts'
import { servicePortMissing } from '../../scripts/lib/manifest-rules/rules/service-port-missing.ts'
import { targetPortMissing } from '../../scripts/lib/manifest-rules/rules/target-port-missing.ts'
import { client, findingsOf, found, headless, mended, servers, service } from '../support/shop.ts'

const caller = client(['-h', 'orders:8080'])
const selecting = (selector: object) => service({ selector })

describe('selector-mismatch', () => {
  const of = (...objects: object[]) => found(selectorMismatch, objects)

  it.each([
    ['a label that the pods have not', { app: 'orders', tier: 'api' }, {}, 'tier', { app: 'orders' }],
    ['another value', { app: 'orders', tier: 'api' }, { tier: 'web' }, 'tier', { app: 'orders', tier: 'web' }],
    ['a letter too few in the only label', { app: 'order' }, {}, 'app', { app: 'orders' }],
    [
      'a letter wrong in a name',
      { app: 'ordres', tier: 'api' },
      { tier: 'api' },
      'app',
      { app: 'orders', tier: 'api' },
    ],
  ])('finds %s, and mends it', (_, selector, labels, label, right) => {
    const objects = [selecting(selector), servers({ labels }), caller]
    expect(of(...objects)).toEqual([`error Service shop/orders spec.selector.${label}`])
    expect(mended(selectorMismatch, objects)[0].spec.selector).toEqual(right)
  })

  it.each([
    ['an application that is not here', { app: 'payments' }, {}],
    [
      'another part of the same application',
      { 'app.kubernetes.io/name': 'shop', 'app.kubernetes.io/component': 'stock' },
      { 'app.kubernetes.io/name': 'shop', 'app.kubernetes.io/component': 'orders' },
    ],
    [
      'another part of the same whole',
      { 'app.kubernetes.io/part-of': 'shop', app: 'payments' },
      { 'app.kubernetes.io/part-of': 'shop' },
    ],
    ['one pod of a StatefulSet', { app: 'orders', 'statefulset.kubernetes.io/pod-name': 'orders-0' }, {}],
    ['the pod that was elected', { app: 'orders', role: 'leader' }, {}],
    ['a revision', { app: 'orders', 'rollouts-pod-template-hash': 'abc' }, {}],
    ['two labels that differ', { app: 'orders', tier: 'api', zone: 'a' }, {}],
    ['labels of which none says what the pods are', { zone: 'a', tier: 'api' }, { zone: 'a' }],
    ['nothing', {}, {}],
    ['these pods', { app: 'orders' }, {}],
  ])('is silent about a Service that selects %s', (_, selector, labels) => {
    expect(of(selecting(selector), servers({ labels }), caller)).toEqual([])
  })

  it('tells the one that was meant from others of the release, which have Services or other ports', () => {
    const release = (name: string) => ({ app: name, release: 'x' })
    const others = ['emails', 'emailer'].map((name) => servers({ metadata: { name }, labels: release(name) }))
    const worker = servers({ metadata: { name: 'worker' }, labels: release('email-worker'), container: { ports: [] } })
    const emailer = service({ selector: release('emailer') }, { name: 'emailer' })
    const wrong = service({ selector: release('email') }, { name: 'email' })
    expect(of(wrong, emailer, ...others, worker)).toEqual(['error Service shop/email spec.selector.app'])
    expect(of(wrong, ...others, worker)).toEqual([])
  })

  const nearly = selecting({ app: 'orders', tier: 'api' })
  it.each([
    ['that another Service has', service({}, { name: 'orders-blue' }), servers()],
    ['in another namespace', servers({ metadata: { namespace: 'elsewhere' } })],
    ['with another port', servers({ container: { ports: [{ containerPort: 9090 }] } })],
    ['that says no port', servers({ container: { ports: [] } })],
    ['that is a job', client(['-s'], { labels: { app: 'orders' }, container: { ports: [{ containerPort: 8080 }] } })],
    ['of which there are two', servers(), servers({ metadata: { name: 'orders-blue' } })],
  ])('does not guess that pods are meant %s', (_, ...objects) => {
    expect(of(nearly, ...objects)).toEqual([])
  })

  it('is silent where nothing speaks gRPC', () => {
    const http = service({ selector: { app: 'order' }, ports: [{ name: 'http', port: 8080 }] })
    expect(of(http, servers())).toEqual([])
  })
})

describe('target-port-missing', () => {
  const of = (...objects: object[]) => found(targetPortMissing, objects)
  const leading = (targetPort: unknown, spec: object = {}) =>
    service({ ports: [{ name: 'grpc', port: 80, targetPort }], ...spec })
  const place = 'Service shop/orders spec.ports[0].targetPort'
  const two = servers({
    container: {
      ports: [
        { name: 'api', containerPort: 8080 },
        { name: 'metrics', containerPort: 9464 },
      ],
    },
  })

  it('finds a name that no container has, and leads to the only port', () => {
    expect(of(leading('api'), servers())).toEqual([`error ${place}`])
    expect(mended(targetPortMissing, [leading('api'), servers()])[0].spec.ports).toEqual([
      { name: 'grpc', port: 80, targetPort: 'grpc' },
    ])
  })

  it('leads to a port without a name by its number', () => {
    const server = servers({ container: { ports: [{ containerPort: 50051 }] } })
    expect(mended(targetPortMissing, [leading('grpc'), server])[0].spec.ports[0].targetPort).toBe(50051)
  })

  it('leads to the one of several that is called gRPC’s, and else leaves it to its author', () => {
    const one = servers({
      container: {
        ports: [
          { name: 'grpc-api', containerPort: 1 },
          { name: 'web', containerPort: 2 },
        ],
      },
    })
    expect(mended(targetPortMissing, [leading('grpc'), one])[0].spec.ports[0].targetPort).toBe('grpc-api')
    const [finding] = findingsOf(targetPortMissing, [leading('grpc'), two])
    expect(finding).toMatchObject({
      severity: 'error',
      patch: undefined,
      message: expect.stringContaining('has api, metrics'),
    })
  })

  it('advises against a number that is not among those that all containers say', () => {
    expect(of(leading(50051), two)).toEqual([`advice ${place}`])
    expect(of(service(), two)).toEqual([])
  })

  it('is silent about a headless Service, whose clients connect to the pods themselves', () => {
    expect(of(leading('api', { clusterIP: 'None' }), servers())).toEqual([])
  })

  it.each([
    ['a name that a container has', leading('grpc'), servers()],
    ['a number that no container need declare', leading(50051), servers({ container: { ports: [] } })],
    [
      'a number where one container says nothing',
      leading(50051),
      servers({ pod: { initContainers: [{ name: 'proxy', restartPolicy: 'Always' }] } }),
    ],
    [
      'a name that a native sidecar has',
      leading('proxy'),
      servers({
        pod: {
          initContainers: [{ name: 'proxy', restartPolicy: 'Always', ports: [{ name: 'proxy', containerPort: 1 }] }],
        },
      }),
    ],
    ['pods that are not here', leading('api'), servers({ metadata: { namespace: 'elsewhere' } })],
    ['a port of HTTP', service({ ports: [{ name: 'http', port: 80, targetPort: 'web' }] }), two],
  ])('is silent about %s', (_, ...objects) => {
    expect(of(...objects)).toEqual([])
  })

  it('is silent where some of the pods have the name', () => {
    expect(of(leading('api'), servers(), { ...two, metadata: { name: 'blue', namespace: 'shop' } })).toEqual([])
  })
})

describe('not-ready-published', () => {
  const of = (...objects: object[]) => found(notReadyPublished, objects)
  const published = (metadata: object = {}) => headless({ publishNotReadyAddresses: true }, metadata)
  const place = 'advice Service shop/orders spec.publishNotReadyAddresses'

  it('finds the one that a client is told of, even beside another', () => {
    expect(of(published(), servers(), client(['-h', 'dns:///orders:8080']))).toEqual([place])
    expect(of(published(), service({}, { name: 'other' }), servers(), caller)).toEqual([place])
  })

  it('finds the only one of its pods, and takes the field out', () => {
    expect(of(published(), servers())).toEqual([place])
    expect(mended(notReadyPublished, [published(), servers()])[0].spec).not.toHaveProperty('publishNotReadyAddresses')
  })

  it.each([
    ['the Service of a cluster’s members beside that of clients', published({ name: 'members' }), service(), servers()],
    ['a Service that says no', headless({ publishNotReadyAddresses: false }), servers()],
    ['a Service that says nothing', headless(), servers()],
    [
      'a Service of HTTP',
      service({ publishNotReadyAddresses: true, ports: [{ name: 'http', port: 80, targetPort: 1 }] }),
      servers(),
    ],
    ['a Service of no pods', published(), servers({ metadata: { namespace: 'elsewhere' } })],
  ])('is silent about %s', (_, ...objects) => {
    expect(of(...objects)).toEqual([])
  })
})

describe('client-ip-affinity', () => {
  const of = (...objects: object[]) => found(clientIpAffinity, objects)
  const config = { clientIP: { timeoutSeconds: 60 } }

  it('advises against it, and takes its time out too, which the API server would refuse', () => {
    const objects = [service({ sessionAffinity: 'ClientIP', sessionAffinityConfig: config }), servers()]
    expect(of(...objects)).toEqual(['advice Service shop/orders spec.sessionAffinity'])
    const [{ spec }] = mended(clientIpAffinity, objects)
    expect(spec.sessionAffinity).toBe('None')
    expect(spec).not.toHaveProperty('sessionAffinityConfig')
  })

  it.each([
    ['a headless Service, where it does nothing', headless({ sessionAffinity: 'ClientIP' })],
    ['None', service({ sessionAffinity: 'None' })],
    ['a Service of HTTP', service({ sessionAffinity: 'ClientIP', ports: [{ name: 'http', port: 80, targetPort: 1 }] })],
  ])('is silent about %s', (_, orders) => {
    expect(of(orders, servers())).toEqual([])
  })
})

describe('service-port-missing', () => {
  const of = (...objects: object[]) => found(servicePortMissing, objects)
  const translated = service({ ports: [{ name: 'grpc', port: 80, targetPort: 'grpc' }] })
  const place = 'error Job shop/client spec.template.spec.containers[0].args[1]'

  it('finds a client that calls the port of the pods, and has it call the Service’s', () => {
    expect(of(translated, servers(), caller)).toEqual([place])
    const [, , job] = mended(servicePortMissing, [translated, servers(), client(['-h', 'dns:///orders.shop:8080'])])
    expect(job.spec.template.spec.containers[0].args).toEqual(['-h', 'dns:///orders.shop:80'])
  })

  it('finds it in a mesh too', () => {
    const meshed = client(['-h', 'orders:8080'], { labels: { 'sidecar.istio.io/inject': 'true' } })
    expect(of(translated, servers(), meshed)).toEqual([place])
  })

  it.each([
    ['a client that calls the port of the Service', translated, client(['-h', 'orders:80'])],
    ['a Service with the same number', service(), caller],
    [
      'a Service with both numbers',
      service({
        ports: [
          { name: 'grpc', port: 80, targetPort: 8080 },
          { name: 'x', port: 8080 },
        ],
      }),
      caller,
    ],
    ['a number that is nobody’s', translated, client(['-h', 'orders:9999'])],
    ['a name that says no number', translated, client(['-h', 'orders'])],
    ['another namespace', translated, client(['-h', 'orders.other:8080'])],
    ['a headless Service', headless({ ports: [{ name: 'grpc', port: 80, targetPort: 'grpc' }] }), caller],
    [
      'a port of HTTP',
      service({ ports: [{ name: 'http', port: 80, targetPort: 9464 }] }),
      client(['-h', 'http://orders:9464']),
    ],
  ])('is silent about %s', (_, orders, job) => {
    expect(of(orders, servers(), job)).toEqual([])
  })
})

describe('headless-port', () => {
  const of = (...objects: object[]) => found(headlessPort, objects)
  const translated = headless({ ports: [{ name: 'grpc', port: 80, targetPort: 'grpc' }] })
  const place = 'Job shop/client spec.template.spec.containers[0].args[1]'
  const at80 = client(['-h', 'dns:///orders:80'])

  it('finds a client that calls pods at the port of their Service, and has it call theirs', () => {
    expect(of(translated, servers(), at80)).toEqual([`error ${place}`])
    const [, , job] = mended(headlessPort, [translated, servers(), at80])
    expect(job.spec.template.spec.containers[0].args).toEqual(['-h', 'dns:///orders:8080'])
  })

  it('finds it beside a sidecar of Istio, which translates nothing here, and is not sure of Linkerd’s', () => {
    const beside = (parts: object) => of(translated, servers(), client(['-h', 'dns:///orders:80'], parts))
    expect(beside({ labels: { 'sidecar.istio.io/inject': 'true' } })).toEqual([`error ${place}`])
    expect(beside({ annotations: { 'linkerd.io/inject': 'enabled' } })).toEqual([`advice ${place}`])
  })

  it('is not sure where the pods do not declare the port that they would be called at', () => {
    const leading = headless({ ports: [{ name: 'grpc', port: 80, targetPort: 8080 }] })
    expect(of(leading, servers({ container: { ports: [] } }), at80)).toEqual([`advice ${place}`])
  })

  it.each([
    ['a client that calls the port of the pods', translated, servers(), caller],
    ['one number for both', headless(), servers(), caller],
    ['a virtual IP', service({ ports: [{ name: 'grpc', port: 80, targetPort: 'grpc' }] }), servers(), at80],
    [
      'pods that say that they listen there too',
      translated,
      servers({ container: { ports: [{ name: 'grpc', containerPort: 8080 }, { containerPort: 80 }] } }),
      at80,
    ],
    ['a name that no container has', translated, servers({ container: { ports: [] } }), at80],
    [
      'pods that differ in the number',
      translated,
      servers(),
      servers({ metadata: { name: 'blue' }, container: { ports: [{ name: 'grpc', containerPort: 1 }] } }),
      at80,
    ],
    ['a client that says no port', translated, servers(), client(['-h', 'dns:///orders'])],
  ])('is silent about %s', (_, ...objects) => {
    expect(of(...objects)).toEqual([])
  })
})

describe('a call to a headless Service at the port of its pods', () => {
  it('is a call of that Service', () => {
    const translated = headless({ ports: [{ name: 'grpc', port: 80, targetPort: 'grpc' }] })
    expect(found(headlessPickFirst, [translated, servers(), caller])).toHaveLength(1)
  })
})
