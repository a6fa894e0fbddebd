import { describe, expect, it } from 'vitest'
import { grpcProbePort } from '../../scripts/lib/manifest-rules/rules/grpc-probe-port.ts'
import { tcpProbe } from '../../scripts/lib/manifest-rules/rules/tcp-probe.ts'
import { client, findingsOf, found, headless, mended, servers, service } from '../support/shop.ts'

const container = 'Deployment shop/orders spec.template.spec.containers[0]'
const tcp = { tcpSocket: { port: 8080 } }
const grpc = { grpc: { port: 8080 } }
const http = { httpGet: { port: 8080, path: '/healthz' } }
const probing = (probes: object) => servers({ container: probes })

describe('tcp-probe', () => {
  const of = (...objects: object[]) => found(tcpProbe, objects)

  it('finds a readiness probe by TCP of a gRPC port, by number or by name', () => {
    expect(of(service(), probing({ readinessProbe: tcp }))).toEqual([`error ${container}.readinessProbe.tcpSocket`])
    expect(of(headless(), probing({ readinessProbe: { tcpSocket: { port: 'grpc' } } }))).toEqual([
      `error ${container}.readinessProbe.tcpSocket`,
    ])
  })

  it('finds the liveness probe beside it too, and asks both by gRPC', () => {
    const objects = [service(), probing({ readinessProbe: { ...tcp, periodSeconds: 3 }, livenessProbe: tcp })]
    expect(of(...objects)).toEqual([
      `error ${container}.readinessProbe.tcpSocket`,
      `error ${container}.livenessProbe.tcpSocket`,
    ])
    const [, { spec }] = mended(tcpProbe, objects)
    expect(spec.template.spec.containers[0]).toMatchObject({
      readinessProbe: { ...grpc, periodSeconds: 3 },
      livenessProbe: grpc,
    })
    expect(JSON.stringify(spec)).not.toContain('tcpSocket')
  })

  it('is not sure where liveness is asked by gRPC, which restarts what hangs', () => {
    expect(of(service(), probing({ readinessProbe: tcp, livenessProbe: grpc }))).toEqual([
      `advice ${container}.readinessProbe.tcpSocket`,
    ])
  })

  it('is not sure of a liveness probe by TCP when there is no readiness probe', () => {
    expect(of(service(), probing({ livenessProbe: tcp }))).toEqual([`advice ${container}.livenessProbe.tcpSocket`])
  })

  it('is not sure of a port that speaks gRPC by its number alone', () => {
    const orders = service({ ports: [{ name: 'orders', port: 50051 }] })
    const server = probing({ ports: [{ containerPort: 50051 }], readinessProbe: { tcpSocket: { port: 50051 } } })
    expect(of(orders, server)).toEqual([`advice ${container}.readinessProbe.tcpSocket`])
  })

  it('finds a probe by HTTP of whatever kind, and is sure of it where the server is ours', () => {
    for (const field of ['startupProbe', 'readinessProbe', 'livenessProbe']) {
      expect(of(service(), probing({ [field]: http }))).toEqual([`error ${container}.${field}.httpGet`])
      expect(of(service(), probing({ [field]: http, image: 'acme/orders:1' }))).toEqual([
        `advice ${container}.${field}.httpGet`,
      ])
    }
    expect(
      mended(tcpProbe, [service(), probing({ livenessProbe: http })])[1].spec.template.spec.containers[0].livenessProbe,
    ).toEqual(grpc)
  })

  it('gives all of a Rollout’s containers, whose lists are replaced', () => {
    const rollout = { ...probing({ readinessProbe: tcp }), apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout' }
    rollout.spec.template.spec.containers.push({ name: 'other', image: 'acme/other:1' })
    const { containers } = mended(tcpProbe, [service(), rollout])[1].spec.template.spec
    expect(containers).toEqual([
      { ...rollout.spec.template.spec.containers[0], readinessProbe: grpc },
      { name: 'other', image: 'acme/other:1' },
    ])
  })

  it('looks at each port once, whatever the Services, and tells that foreign servers need the health service', () => {
    const server = probing({ readinessProbe: tcp, image: 'acme/orders:1' })
    expect(of(service(), headless({}, { name: 'orders-headless' }), server)).toHaveLength(1)
    expect(findingsOf(tcpProbe, [service(), server])[0]?.message).toMatch(
      /grpc: \{port: 8080\}, once the server has the/,
    )
    expect(findingsOf(tcpProbe, [service(), probing({ readinessProbe: tcp })])[0]?.message).not.toContain('once')
  })

  it('knows whose port it is though the container does not declare it', () => {
    expect(of(service(), probing({ ports: undefined, readinessProbe: tcp }))).toHaveLength(1)
  })

  it.each([
    ['probes by gRPC', { readinessProbe: grpc, livenessProbe: grpc }],
    [
      'liveness and start by TCP where readiness is asked by gRPC',
      { startupProbe: tcp, readinessProbe: grpc, livenessProbe: tcp },
    ],
    [
      'or by a program',
      { livenessProbe: tcp, readinessProbe: { exec: { command: ['/bin/grpc_health_probe', '-addr=:8080'] } } },
    ],
    ['start by TCP alone', { startupProbe: tcp }],
    ['another port by TCP', { readinessProbe: { tcpSocket: { port: 9464 } } }],
    ['another port by HTTP', { readinessProbe: { httpGet: { port: 9464 } } }],
    [
      'another port by name',
      {
        ports: [
          { name: 'grpc', containerPort: 8080 },
          { name: 'admin', containerPort: 9464 },
        ],
        readinessProbe: { tcpSocket: { port: 'admin' } },
      },
    ],
    ['no probe', {}],
  ])('is silent about %s', (_, probes) => {
    expect(of(service(), probing(probes))).toEqual([])
  })

  it('is silent about a port of HTTP', () => {
    const web = service({ ports: [{ name: 'http', port: 80, targetPort: 8080 }] })
    expect(of(web, probing({ ports: [{ containerPort: 8080 }], readinessProbe: tcp }))).toEqual([])
  })
})

describe('grpc-probe-port', () => {
  const of = (...objects: object[]) => found(grpcProbePort, objects)
  const place = (field: string) => `error ${container}.${field}.grpc`

  it.each([
    ['a name', { port: 'grpc' }, '.port'],
    ['a number in quotes', { port: '8080' }, '.port'],
    ['no port', { service: 'orders' }, ''],
    ['null', { port: null }, '.port'],
  ])('finds %s, and writes the number', (_, probe, at) => {
    const objects = [probing({ readinessProbe: { grpc: probe } })]
    expect(of(...objects)).toEqual([`${place('readinessProbe')}.port`])
    const [finding] = findingsOf(grpcProbePort, objects)
    expect(finding?.sourceLine).toContain(at === '' ? 'grpc:' : 'port:')
    expect(mended(grpcProbePort, objects)[0].spec.template.spec.containers[0].readinessProbe.grpc.port).toBe(8080)
  })

  it.each(['startupProbe', 'readinessProbe', 'livenessProbe'])('looks at the %s', (field) => {
    expect(of(probing({ [field]: { grpc: { port: 'grpc' } } }))).toEqual([`${place(field)}.port`])
  })

  it('looks at jobs and native sidecars', () => {
    const readinessProbe = { grpc: { port: 'grpc' } }
    expect(of(client(['-s'], { container: { readinessProbe } }))).toHaveLength(1)
    const initContainers = [{ name: 'proxy', restartPolicy: 'Always', readinessProbe }]
    expect(of(servers({ pod: { initContainers } }))).toEqual([
      'error Deployment shop/orders spec.template.spec.initContainers[0].readinessProbe.grpc.port',
    ])
  })

  it.each([0, 65_536, 80.5])('finds a number that is no port: %d', (port) => {
    expect(of(probing({ readinessProbe: { grpc: { port } } }))).toHaveLength(1)
  })

  it('advises against a number that is nobody’s, where the port of gRPC is known', () => {
    const objects = [probing({ readinessProbe: { grpc: { port: 9556 } } })]
    expect(of(...objects)).toEqual([`advice ${container}.readinessProbe.grpc.port`])
    expect(mended(grpcProbePort, objects)[0].spec.template.spec.containers[0].readinessProbe.grpc.port).toBe(8080)
    const without = [{ containerPort: 8080 }]
    expect(of(probing({ ports: without, readinessProbe: { grpc: { port: 9556 } } }))).toEqual([])
    expect(of(probing({ ports: [], readinessProbe: { grpc: { port: 9556 } } }))).toEqual([])
    const both = [
      { name: 'grpc', containerPort: 8080 },
      { name: 'health', containerPort: 9556 },
    ]
    expect(of(probing({ ports: both, readinessProbe: { grpc: { port: 9556 } } }))).toEqual([])
  })

  it('leaves the number to its author where the name is nobody’s, or several ports may be meant', () => {
    expect(
      findingsOf(grpcProbePort, [probing({ readinessProbe: { grpc: { port: 'api' } } })])[0]?.patch,
    ).toBeUndefined()
    const ports = [{ containerPort: 1 }, { containerPort: 2 }]
    expect(findingsOf(grpcProbePort, [probing({ ports, readinessProbe: { grpc: {} } })])[0]?.patch).toBeUndefined()
  })

  it.each([
    ['a number', { readinessProbe: grpc }],
    [
      'names in probes of other kinds',
      { readinessProbe: { tcpSocket: { port: 'grpc' } }, livenessProbe: { httpGet: { port: 'grpc' } } },
    ],
  ])('is silent about %s', (_, probes) => {
    expect(of(probing(probes))).toEqual([])
  })
})
