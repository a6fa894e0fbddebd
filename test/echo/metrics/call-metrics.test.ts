import { Registry } from '@prometheus-io/client'
import { beforeEach, describe, expect, it } from 'vitest'
import { calledMethod, callMetrics, serverInfoMetric } from '../../../services/echo/src/metrics/call-metrics.ts'
import { histogram } from '../../../services/echo/src/metrics/collected.ts'
import { HandlingSeconds } from '../../../services/echo/src/metrics/handling-seconds.ts'
import { statusCodes, statusLabel } from '../../../services/echo/src/status.ts'
import { parseExposition, sampleValue } from '../../support/exposition.ts'

const hello = { grpc_type: 'unary', grpc_service: 'evenly.echo.v1.Echo', grpc_method: 'Hello' }
const stream = { grpc_type: 'bidi_stream', grpc_service: 'evenly.echo.v1.Echo', grpc_method: 'HelloStream' }

let registry: Registry
beforeEach(() => {
  registry = new Registry()
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
    const observe = callMetrics(registry, 'client', { methods: ['Check'] })
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

describe('a client', () => {
  it('exports the one method that it calls, so that no other stands at zero for ever', () => {
    expect(calledMethod({ method: 'Hello', stream: false })).toBe('Hello')
    expect(calledMethod({ method: 'Hello', stream: true })).toBe('HelloStream')
    expect(calledMethod({ method: 'Health', stream: false })).toBe('Check')
  })
})

describe('seconds of handling', () => {
  const show = (seconds: HandlingSeconds) =>
    histogram(registry, { name: 'seconds', help: 'How long.' }, () => [[{ side: 'test' }, seconds]])
  const bucket = (le: string) => read('seconds_bucket', { side: 'test', le })

  it('are counted in every bucket from their own up, summed and counted', async () => {
    const seconds = new HandlingSeconds()
    show(seconds)
    for (const value of [0.0005, 0.003, 0.003, 20]) seconds.observe(value)
    expect(await Promise.all(['0.0005', '0.001', '0.0025', '0.005', '10', '+Inf'].map(bucket))).toEqual([
      1, 1, 1, 3, 3, 4,
    ])
    expect(await read('seconds_sum', { side: 'test' })).toBeCloseTo(20.0065, 9)
    expect(await read('seconds_count', { side: 'test' })).toBe(4)
    expect(seconds.count()).toBe(4)
    expect(await registry.metrics()).toContain('# TYPE seconds histogram')
  })

  it('of all statuses add up, call by call', async () => {
    const [ok, failed] = [new HandlingSeconds(), new HandlingSeconds()]
    ok.observe(0.0004)
    failed.observe(0.0004)
    failed.observe(3)
    show(HandlingSeconds.sum([ok, failed]))
    expect(await Promise.all(['0.0005', '2.5', '5', '+Inf'].map(bucket))).toEqual([2, 2, 3, 3])
    expect(await read('seconds_sum', { side: 'test' })).toBeCloseTo(3.0008, 9)
    expect([ok.count(), failed.count()]).toEqual([1, 2])
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
