import { describe, expect, it } from 'vitest'
import { tracingSettings } from '../../../services/echo/src/tracing/settings.ts'

const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }
const defaults = {
  endpoint: 'http://collector:4318',
  sampler: 'parentbased_always_on',
  ratio: 1,
  propagators: ['tracecontext', 'baggage'],
  warnings: [],
}

describe('tracing', () => {
  it.each([
    {},
    { OTEL_EXPORTER_OTLP_ENDPOINT: ' ' },
    { OTEL_SERVICE_NAME: 'orders', OTEL_TRACES_SAMPLER: 'always_on' },
    { ...endpoint, OTEL_SDK_DISABLED: 'TRUE' },
    { ...endpoint, OTEL_TRACES_EXPORTER: 'none' },
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'nonsense', OTEL_SDK_DISABLED: 'true' },
  ])('is off with %j', (env) => {
    expect(tracingSettings(env)).toBeUndefined()
  })

  it('is on with an endpoint, with the defaults of the standard', () => {
    expect(tracingSettings(endpoint)).toEqual(defaults)
    const more = { OTEL_SDK_DISABLED: 'no', OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_PROTOCOL: 'HTTP/protobuf' }
    expect(tracingSettings({ ...endpoint, ...more })).toEqual(defaults)
  })

  it('takes the endpoint for traces before that for everything', () => {
    const env = { ...endpoint, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://tempo.example.com/otlp/v1/traces' }
    expect(tracingSettings(env)?.endpoint).toBe('https://tempo.example.com/otlp/v1/traces')
  })

  it.each([
    ['always_off', undefined, 1],
    ['traceidratio', '0.25', 0.25],
    ['ParentBased_TraceIdRatio', '0', 0],
    ['parentbased_traceidratio', undefined, 1],
    // Only samplers by trace id take an argument.
    ['parentbased_always_off', 'nonsense', 1],
  ])('takes the sampler %s with the argument %s', (name, argument, ratio) => {
    const env = { ...endpoint, OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: argument }
    expect(tracingSettings(env)).toEqual({ ...defaults, sampler: name.toLowerCase(), ratio })
  })

  it('takes propagators, each once, and none at all', () => {
    const propagators = (names: string) => tracingSettings({ ...endpoint, OTEL_PROPAGATORS: names })
    expect(propagators('b3multi, B3,b3')).toEqual({ ...defaults, propagators: ['b3', 'b3multi'] })
    expect(propagators('none')).toEqual({ ...defaults, propagators: [] })
  })
})

describe('what OpenTelemetry wants ignored', () => {
  it.each([
    [
      { OTEL_TRACES_SAMPLER: 'jaeger_remote' },
      'OTEL_TRACES_SAMPLER jaeger_remote: unknown, so parentbased_always_on is used: choose always_on, always_off, traceidratio, parentbased_always_on, parentbased_always_off, parentbased_traceidratio',
    ],
    [{ OTEL_TRACES_EXPORTER: 'zipkin' }, 'OTEL_TRACES_EXPORTER zipkin: echo has otlp only, and uses it'],
  ])('is warned of: %j', (env, warning) => {
    expect(tracingSettings({ ...endpoint, ...env })).toEqual({ ...defaults, warnings: [warning] })
  })

  it.each(['1.5', '-1', 'half', '50%'])('is warned of: a share of %s', (argument) => {
    const env = { ...endpoint, OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: argument }
    const warnings = [`OTEL_TRACES_SAMPLER_ARG ${argument}: it is no number from 0 to 1, so 1 is used`]
    expect(tracingSettings(env)).toEqual({ ...defaults, sampler: 'traceidratio', warnings })
  })

  it('is warned of: propagators that are not there, beside those that are', () => {
    const settings = tracingSettings({ ...endpoint, OTEL_PROPAGATORS: 'xray,b3,jaeger' })
    const warning = (name: string) =>
      `OTEL_PROPAGATORS ${name}: unknown, so it is left out: choose tracecontext, baggage, b3, b3multi or none`
    expect(settings).toEqual({ ...defaults, propagators: ['b3'], warnings: [warning('xray'), warning('jaeger')] })
  })

  it('is warned of: the port of OTLP over gRPC', () => {
    const settings = tracingSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4317' })
    expect(settings?.warnings).toEqual([
      'OTEL_EXPORTER_OTLP_ENDPOINT http://collector:4317: 4317 is the port of OTLP over gRPC as a rule; echo sends over HTTP, whose port is 4318',
    ])
  })
})

describe('what would lose every span', () => {
  it.each([
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' },
      'OTEL_EXPORTER_OTLP_ENDPOINT collector:4318: it is no http URL: write http://collector:4318, say.',
    ],
    [
      { ...endpoint, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: '/v1/traces' },
      'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT /v1/traces: it is no http URL: write http://collector:4318, say.',
    ],
    [
      { ...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
      "OTEL_EXPORTER_OTLP_PROTOCOL grpc: echo sends http/protobuf only: unset it, and give the endpoint's HTTP port.",
    ],
    [
      { ...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf', OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json' },
      "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL http/json: echo sends http/protobuf only: unset it, and give the endpoint's HTTP port.",
    ],
  ])('is refused as a usage error: %j', (env, message) => {
    expect(() => tracingSettings(env)).toThrow(expect.objectContaining({ exitCode: 64, message }))
  })
})
