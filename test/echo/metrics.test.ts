import { Registry } from '@prometheus-io/client'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Subchannel } from '../../services/echo/src/connection.ts'
import { HandlingSeconds, registerHandlingSeconds } from '../../services/echo/src/handling-seconds.ts'
import { callMetrics, methodsOf, serverInfoMetric } from '../../services/echo/src/metrics.ts'
import { PeerMetrics } from '../../services/echo/src/peer-metrics.ts'
import { statusCodes, statusLabel } from '../../services/echo/src/status.ts'
import { maxPeers, otherPeers } from '../../services/echo/src/tally.ts'
import { parseExposition, sampleValue } from '../support/exposition.ts'

const hello = { grpc_type: 'unary', grpc_service: 'evenly.echo.v1.Echo', grpc_method: 'Hello' }
const stream = { grpc_type: 'bidi_stream', grpc_service: 'evenly.echo.v1.Echo', grpc_method: 'HelloStream' }

let registry: Registry
beforeEach(() => {
  registry = new Registry()
})
afterEach(() => {
  vi.useRealTimers()
})
const read = async (name: string, labels: Record<string, string>) => sampleValue(await registry.metrics(), name, labels)

describe.each(['server', 'client'] as const)('metrics of calls on the %s', (side) => {
  const counters = ['started_total', 'msg_received_total', 'msg_sent_total'].map((name) => `grpc_${side}_${name}`)

  it('have the names and labels of go-grpc-middleware, and none else', async () => {
    callMetrics(registry, side)
    const names = new Set(parseExposition(await registry.metrics()).map(({ name }) => name))
    const seconds = `grpc_${side}_handling_seconds`
    expect([...names].sort()).toEqual(
      [...counters, `grpc_${side}_handled_total`, `${seconds}_bucket`, `${seconds}_count`, `${seconds}_sum`].sort(),
    )
  })

  it('start at zero for both methods and every status, so that an idle pod is not missing from an average', async () => {
    callMetrics(registry, side)
    for (const method of [hello, stream]) {
      for (const name of counters) expect(await read(name, method)).toBe(0)
      for (const code of statusCodes) {
        expect(await read(`grpc_${side}_handled_total`, { ...method, grpc_code: statusLabel(code) })).toBe(0)
      }
      expect(await read(`grpc_${side}_handling_seconds_count`, method)).toBe(0)
      expect(await read(`grpc_${side}_handling_seconds_bucket`, { ...method, le: '+Inf' })).toBe(0)
    }
  })

  it('count a call when it starts, its messages as they pass, its status when it ends', async () => {
    const observed = callMetrics(registry, side)('Hello')
    expect(await read(`grpc_${side}_started_total`, hello)).toBe(1)
    expect(await read(`grpc_${side}_handled_total`, { ...hello, grpc_code: 'OK' })).toBe(0)
    observed.received()
    observed.sent()
    observed.handled(14)
    for (const name of counters) expect(await read(name, hello)).toBe(1)
    expect(await read(`grpc_${side}_handled_total`, { ...hello, grpc_code: 'Unavailable' })).toBe(1)
    expect(await read(`grpc_${side}_handled_total`, { ...hello, grpc_code: 'OK' })).toBe(0)
    expect(await read(`grpc_${side}_handling_seconds_count`, hello)).toBe(1)
    expect(await read(`grpc_${side}_started_total`, stream)).toBe(0)
  })
})

describe('metrics of a client that asks for health', () => {
  const check = { grpc_type: 'unary', grpc_service: 'grpc.health.v1.Health', grpc_method: 'Check' }

  it("have the labels of gRPC's own health service, start at zero, and name no method that is never called", async () => {
    const observe = callMetrics(registry, 'client', methodsOf.Health)
    for (const code of statusCodes) {
      expect(await read('grpc_client_handled_total', { ...check, grpc_code: statusLabel(code) })).toBe(0)
    }
    observe('Check').handled(12)
    expect(await read('grpc_client_started_total', check)).toBe(1)
    expect(await read('grpc_client_handled_total', { ...check, grpc_code: 'Unimplemented' })).toBe(1)
    expect(await read('grpc_client_handling_seconds_count', check)).toBe(1)
    const named = parseExposition(await registry.metrics()).map(({ labels }) => labels.grpc_method)
    expect([...new Set(named)]).toEqual(['Check'])
  })
})

describe('seconds of handling', () => {
  it('are counted in every bucket from their own up, summed and counted', async () => {
    const seconds = new HandlingSeconds({ side: 'test' })
    registerHandlingSeconds(registry, 'seconds', 'How long.', [seconds])
    for (const value of [0.0005, 0.003, 0.003, 20]) seconds.observe(value)
    const bucket = (le: string) => read('seconds_bucket', { side: 'test', le })
    expect(await Promise.all(['0.0005', '0.001', '0.0025', '0.005', '10', '+Inf'].map(bucket))).toEqual([
      1, 1, 1, 3, 3, 4,
    ])
    expect(await read('seconds_sum', { side: 'test' })).toBeCloseTo(20.0065, 9)
    expect(await read('seconds_count', { side: 'test' })).toBe(4)
    expect(await registry.metrics()).toContain('# TYPE seconds histogram')
  })
})

describe('the label of a status', () => {
  it.each([
    [0, 'OK'],
    [1, 'Canceled'],
    [2, 'Unknown'],
    [3, 'InvalidArgument'],
    [4, 'DeadlineExceeded'],
    [5, 'NotFound'],
    [6, 'AlreadyExists'],
    [7, 'PermissionDenied'],
    [8, 'ResourceExhausted'],
    [9, 'FailedPrecondition'],
    [10, 'Aborted'],
    [11, 'OutOfRange'],
    [12, 'Unimplemented'],
    [13, 'Internal'],
    [14, 'Unavailable'],
    [15, 'DataLoss'],
    [16, 'Unauthenticated'],
  ])('%d is %s, as grpc-go spells it', (code, label) => expect(statusLabel(code)).toBe(label))
})

describe('metrics of who a server is', () => {
  it('are a constant with the identity in its labels', async () => {
    const identity = { pod: 'echo-1', ip: '10.0.0.7', node: 'node-1', zone: 'zone-a', version: '2.0.0' }
    serverInfoMetric(registry, identity)
    const { ip: _, ...labels } = identity
    expect(await read('grpc_lb_server_info', labels)).toBe(1)
  })
})

describe('metrics per peer', () => {
  const target = 'dns:///pods:8080'
  const labels = (peer: string, grpc_code = 'OK') => ({ grpc_target: target, peer, grpc_code })
  const handledTotal = 'grpc_lb_client_peer_handled_total'

  it('count calls by the peer that served, and by none when nobody answered', async () => {
    const metrics = new PeerMetrics(registry, target)
    metrics.handled('pod-1', 0)
    metrics.handled('pod-1', 0)
    metrics.handled('pod-1', 5)
    metrics.handled(undefined, 14)
    expect(await read(handledTotal, labels('pod-1'))).toBe(2)
    expect(await read(handledTotal, labels('pod-1', 'NotFound'))).toBe(1)
    expect(await read(handledTotal, labels('none', 'Unavailable'))).toBe(1)
  })

  it(`put peers beyond ${maxPeers} under one label, and say so`, async () => {
    const metrics = new PeerMetrics(registry, target)
    for (let peer = 0; peer < maxPeers + 50; peer++) metrics.handled(`pod-${peer}`, 0)
    metrics.handled('pod-0', 0)
    const series = parseExposition(await registry.metrics()).filter(({ name }) => name === handledTotal)
    expect(series).toHaveLength(maxPeers + 1)
    expect(await read(handledTotal, labels('pod-0'))).toBe(2)
    expect(await read(handledTotal, labels(otherPeers))).toBe(50)
    expect(await read('grpc_lb_peers_truncated_total', {})).toBe(50)
  })

  it('forget a peer that served nothing for 15 minutes, and keep the others', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const metrics = new PeerMetrics(registry, target)
    metrics.handled('gone', 0)
    vi.advanceTimersByTime(10 * 60 * 1000)
    metrics.handled('here', 0)
    vi.advanceTimersByTime(6 * 60 * 1000)
    const peers = parseExposition(await registry.metrics()).flatMap(({ name, labels: { peer } }) =>
      name === handledTotal ? [peer] : [],
    )
    expect(peers).toEqual(['here'])
  })

  it('tell the policy, the addresses it knows and those with a connection, read at each scrape', async () => {
    let subchannels: Subchannel[] = []
    new PeerMetrics(registry, target).describeChannel(registry, {
      policy: 'round_robin',
      subchannels: () => subchannels,
    })
    expect(await read('grpc_lb_client_info', { grpc_target: target, policy: 'round_robin' })).toBe(1)
    expect(await read('grpc_lb_client_endpoints', { grpc_target: target })).toBe(0)
    subchannels = [
      { address: '10.0.0.7:8080', state: 'READY' },
      { address: '10.0.0.8:8080', state: 'TRANSIENT_FAILURE' },
    ]
    expect(await read('grpc_lb_client_endpoints', { grpc_target: target })).toBe(2)
    expect(await read('grpc_lb_client_ready_subchannels', { grpc_target: target })).toBe(1)
  })
})
