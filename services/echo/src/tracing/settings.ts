import { usageError } from '../../../../scripts/lib/exit.ts'

const propagatorNames = ['tracecontext', 'baggage', 'b3', 'b3multi'] as const
export type PropagatorName = (typeof propagatorNames)[number]

const samplerNames = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const
export type SamplerName = (typeof samplerNames)[number]

/** How to trace. What only the exporter wants (headers, compression, certificates, timeout) it reads from the environment itself. */
export interface TracingSettings {
  /** Where spans are sent, as the user gave it. */
  readonly endpoint: string
  readonly sampler: SamplerName
  /** Share of traces to sample, 0 to 1; for the samplers by trace id. */
  readonly ratio: number
  /** In the order in which they are applied; none: traces are not carried on. */
  readonly propagators: readonly PropagatorName[]
  /** One sentence each, of values that OpenTelemetry wants ignored rather than refused. */
  readonly warnings: readonly string[]
}

/**
 * Reads OpenTelemetry's standard environment variables; undefined when traces are off: no endpoint, OTEL_SDK_DISABLED=true or
 * OTEL_TRACES_EXPORTER=none. An endpoint or a protocol that spans cannot be sent with is a usage error (64): whoever sets them
 * wants traces, and would wait for them in vain. Unknown samplers and propagators are ignored with a warning, as the
 * specification demands.
 */
export function tracingSettings(env: NodeJS.ProcessEnv): TracingSettings | undefined {
  const of = (name: string): string => env[name]?.trim() ?? ''
  const endpointName = firstSet(of, 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT')
  const off = of('OTEL_SDK_DISABLED').toLowerCase() === 'true' || of('OTEL_TRACES_EXPORTER').toLowerCase() === 'none'
  if (endpointName === undefined || off) return undefined
  const warnings: string[] = []
  const endpoint = of(endpointName)
  checkEndpoint(endpointName, endpoint, warnings)
  checkProtocol(of)
  const exporter = of('OTEL_TRACES_EXPORTER') || 'otlp'
  if (exporter.toLowerCase() !== 'otlp')
    warnings.push(`OTEL_TRACES_EXPORTER ${exporter}: echo has otlp only, and uses it`)
  const sampler = samplerOf(of, warnings)
  return { endpoint, ...sampler, propagators: propagatorsOf(of, warnings), warnings }
}

type Of = (name: string) => string

const firstSet = (of: Of, ...names: string[]): string | undefined => names.find((name) => of(name) !== '')

function checkEndpoint(name: string, endpoint: string, warnings: string[]): void {
  const url = URL.parse(endpoint)
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw usageError(`${name} ${endpoint}: it is no http URL: write http://collector:4318, say.`)
  }
  if (url.port === '4317') {
    warnings.push(
      `${name} ${endpoint}: 4317 is the port of OTLP over gRPC as a rule; echo sends over HTTP, whose port is 4318`,
    )
  }
}

function checkProtocol(of: Of): void {
  const name = firstSet(of, 'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'OTEL_EXPORTER_OTLP_PROTOCOL')
  if (name === undefined || of(name).toLowerCase() === 'http/protobuf') return
  throw usageError(`${name} ${of(name)}: echo sends http/protobuf only: unset it, and give the endpoint's HTTP port.`)
}

function samplerOf(of: Of, warnings: string[]): Pick<TracingSettings, 'sampler' | 'ratio'> {
  const wanted = of('OTEL_TRACES_SAMPLER').toLowerCase()
  const known = samplerNames.find((name) => name === wanted)
  const sampler = known ?? 'parentbased_always_on'
  if (known === undefined && wanted !== '') {
    warnings.push(`OTEL_TRACES_SAMPLER ${wanted}: unknown, so ${sampler} is used: choose ${samplerNames.join(', ')}`)
  }
  const argument = of('OTEL_TRACES_SAMPLER_ARG')
  if (!sampler.endsWith('traceidratio') || argument === '') return { sampler, ratio: 1 }
  const ratio = Number(argument)
  if (ratio >= 0 && ratio <= 1) return { sampler, ratio }
  warnings.push(`OTEL_TRACES_SAMPLER_ARG ${argument}: it is no number from 0 to 1, so 1 is used`)
  return { sampler, ratio: 1 }
}

function propagatorsOf(of: Of, warnings: string[]): PropagatorName[] {
  const text = of('OTEL_PROPAGATORS') || 'tracecontext,baggage'
  const wanted = new Set(
    text
      .toLowerCase()
      .split(',')
      .map((name) => name.trim()),
  )
  const known = propagatorNames.filter((name) => wanted.has(name))
  for (const name of wanted) {
    if (name === '' || name === 'none' || propagatorNames.some((other) => other === name)) continue
    warnings.push(`OTEL_PROPAGATORS ${name}: unknown, so it is left out: choose ${propagatorNames.join(', ')} or none`)
  }
  return known
}
