import { Registry } from '@prometheus-io/client'
import { InvalidArgumentError } from 'commander'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Subchannel } from '../../../services/echo/src/connection.ts'
import { callMetrics } from '../../../services/echo/src/metrics/call-metrics.ts'
import { exposeSubchannels } from '../../../services/echo/src/metrics/names/a66.ts'
import { metricNamingList, metricNamings } from '../../../services/echo/src/metrics/names/naming.ts'
import { runEcho } from '../../support/echo-command.ts'
import { clientConfig, serverConfig } from '../../support/echo-config.ts'
import { parseExposition, sampleValue } from '../../support/exposition.ts'

let registry: Registry
beforeEach(() => {
  registry = new Registry()
})
const read = async (name: string, labels: Record<string, string>) => sampleValue(await registry.metrics(), name, labels)
const families = async () => {
  const types = (await registry.metrics()).matchAll(/^# TYPE (\S+)/gm)
  return [...types].map(([, name]) => name).sort()
}
const method = 'evenly.echo.v1.Echo/Hello'

describe('the names of OpenTelemetry', () => {
  it.each(['server', 'client'] as const)('on the %s are those of its stable conventions alone', async (side) => {
    const observe = callMetrics(registry, side, { names: ['otel'] })
    expect(await families()).toEqual([`rpc_${side}_call_duration_seconds`])
    const labels = (status: string) => ({ rpc_system_name: 'grpc', rpc_method: method, rpc_status_code: status })
    const count = `rpc_${side}_call_duration_seconds_count`
    expect(await read(count, labels('OK'))).toBe(0)
    observe('Hello').handled(0)
    observe('Hello').handled(4)
    expect(await read(count, labels('OK'))).toBe(1)
    expect(await read(count, labels('DEADLINE_EXCEEDED'))).toBe(1)
    expect(await read(count, { ...labels('OK'), rpc_method: 'evenly.echo.v1.Echo/HelloStream' })).toBe(0)
  })
})

describe("gRPC's own names", () => {
  it('on the server tell of calls that started and of how long they took, by status', async () => {
    const observe = callMetrics(registry, 'server', { names: ['a66'] })
    expect(await families()).toEqual(['grpc_server_call_duration_seconds', 'grpc_server_call_started_total'])
    const call = observe('Hello')
    expect(await read('grpc_server_call_started_total', { grpc_method: method })).toBe(1)
    call.handled(14)
    const count = 'grpc_server_call_duration_seconds_count'
    expect(await read(count, { grpc_method: method, grpc_status: 'UNAVAILABLE' })).toBe(1)
    expect(await read(count, { grpc_method: method, grpc_status: 'OK' })).toBe(0)
  })

  it.each([
    ['server:8080', 'dns:///server:8080'],
    ['[::1]:8080', 'dns:///[::1]:8080'],
    ['dns:server:8080', 'dns:///server:8080'],
    ['dns:///server:8080', 'dns:///server:8080'],
    ['dns://1.1.1.1/server:8080', 'dns://1.1.1.1/server:8080'],
    ['ipv4:10.0.0.7:8080,10.0.0.8:8080', 'ipv4:10.0.0.7:8080,10.0.0.8:8080'],
    ['unix:/run/server.sock', 'unix:/run/server.sock'],
    ['xds:///server', 'xds:///server'],
  ])('on a client of %s call it %s', async (target, grpc_target) => {
    callMetrics(registry, 'client', { methods: ['Hello'], names: ['a66'], target })('Hello').handled(0)
    expect(await families()).toEqual(['grpc_client_call_duration_seconds'])
    const count = 'grpc_client_call_duration_seconds_count'
    expect(await read(count, { grpc_method: method, grpc_target, grpc_status: 'OK' })).toBe(1)
  })

  it('tell of open connections', async () => {
    let subchannels: Subchannel[] = []
    exposeSubchannels(registry, 'server:8080', () => subchannels)
    const open = () => read('grpc_subchannel_open_connections', { grpc_target: 'dns:///server:8080' })
    expect(await open()).toBe(0)
    subchannels = [
      { address: '10.0.0.7:8080', state: 'READY' },
      { address: '10.0.0.8:8080', state: 'CONNECTING' },
    ]
    expect(await open()).toBe(1)
  })
})

describe('sets of names', () => {
  it('are classic alone by default, and any of them at a time', async () => {
    expect((await serverConfig()).metricNames).toEqual(['classic'])
    expect((await clientConfig('a:1', '--metric-names', 'a66, otel')).metricNames).toEqual(['otel', 'a66'])
    expect(metricNamingList('classic')).toEqual(['classic'])
  })

  it('agree, for they are views of the same numbers', async () => {
    const observe = callMetrics(registry, 'server', { names: metricNamings })
    for (const code of [0, 0, 14, 0, 4]) observe('Hello').handled(code)
    const samples = parseExposition(await registry.metrics())
    const sum = (name: string) =>
      samples.filter((sample) => sample.name === name).reduce((total, { value }) => total + value, 0)
    for (const name of ['grpc_server_handled_total', 'grpc_server_started_total', 'grpc_server_call_started_total']) {
      expect(sum(name), name).toBe(5)
    }
    const seconds = ['grpc_server_handling', 'rpc_server_call_duration', 'grpc_server_call_duration']
    for (const name of seconds) expect(sum(`${name}_seconds_count`), name).toBe(5)
    const sums = seconds.map((name) => sum(`${name}_seconds_sum`))
    for (const total of sums) expect(total).toBeCloseTo(sums[0] as number, 12)
  })

  it.each(['', 'nonsense', 'classic,', 'Classic', 'classic;otel'])('refuse "%s"', (value) => {
    expect(() => metricNamingList(value)).toThrow(InvalidArgumentError)
  })

  it('that do not exist are refused with one sentence and exit 64', async () => {
    const sentence =
      "echo: option '--metric-names <list>' argument 'classic,a67' is invalid. It must be one or more of classic, otel, a66, with commas between.\n"
    const ended = await runEcho(['-s', '--metric-names', 'classic,a67']).ended
    expect(ended).toEqual({ code: 64, stdout: '', stderr: sentence })
  })

  it('are read from the environment too', async () => {
    const ended = await runEcho(['-s'], { ECHO_METRIC_NAMES: 'nonsense' }).ended
    expect(ended).toMatchObject({ code: 64, stderr: expect.stringContaining('ECHO_METRIC_NAMES') })
  })
})
