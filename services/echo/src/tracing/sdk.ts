import { DiagLogLevel, diag } from '@opentelemetry/api'
import { getNumberFromEnv } from '@opentelemetry/core'
import {
  detectResources,
  type Resource,
  resourceAttributesEnvDetector,
  resourceFromAttributes,
  serviceNameEnvDetector,
} from '@opentelemetry/resources'
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import { hostAndPort } from '../../../../scripts/lib/address.ts'
import { uriOf } from '../resolved-addresses.ts'
import { clientSpans } from './client-spans.ts'
import { OpenSpans } from './open-spans.ts'
import { propagatorOf } from './propagator.ts'
import { serverSpans } from './server-spans.ts'
import type { TracingSettings } from './settings.ts'
import { SpanExport } from './span-export.ts'
import type { TracedProgram } from './traced-program.ts'
import type { Tracing } from './tracing.ts'

/** Opens OpenTelemetry's SDK. Only this module and those below it import it, and only `startTracing` imports this one. */
export function openTracing(settings: TracingSettings, program: TracedProgram, say: (line: string) => void): Tracing {
  tellOnce(say)
  const exporter = new SpanExport(settings.endpoint, say)
  const provider = new TracerProvider({
    resource: resourceOf(program),
    sampler: samplerOf(settings),
    spanProcessors: [new BatchSpanProcessor({ exporter, ...batching() })],
  })
  const open = new OpenSpans()
  const tracer = provider.getTracer('evenly-echo', program.version)
  const tools = { tracer, propagator: propagatorOf(settings), open }
  return {
    client: ({ target, policy }) => clientSpans(tools, { ...serverAttributes(target), 'grpc_lb.policy': policy }),
    server: serverSpans(tools),
    async end(limitSeconds) {
      const limit = AbortSignal.timeout(limitSeconds * 1000)
      const late = new Promise<boolean>((resolve) => limit.addEventListener('abort', () => resolve(false)))
      // Whatever goes wrong here has been told of by the exporter.
      const sent = open
        .none()
        .then(() => provider.shutdown())
        .then(
          () => true,
          () => true,
        )
      const done = await Promise.race([sent, late])
      if (!done)
        say(`traces: ${settings.endpoint} took longer than ${limitSeconds} s for the last spans: they are dropped`)
      return done
    },
  }
}

/** Who makes the spans. What the environment says of it wins. */
function resourceOf({ name, version, instance, pod, node, zone }: TracedProgram): Resource {
  const own = {
    'service.name': name,
    'service.version': version,
    'service.instance.id': instance,
    ...(pod && { 'k8s.pod.name': pod }),
    ...(node && { 'k8s.node.name': node }),
    ...(zone && { 'cloud.availability_zone': zone }),
  }
  const detectors = [resourceAttributesEnvDetector, serviceNameEnvDetector]
  return resourceFromAttributes(own).merge(detectResources({ detectors }))
}

function samplerOf({ sampler, ratio }: TracingSettings): Sampler {
  const root = rootSampler(sampler.replace('parentbased_', ''), ratio)
  return sampler.startsWith('parentbased_') ? new ParentBasedSampler({ root }) : root
}

function rootSampler(name: string, ratio: number): Sampler {
  if (name === 'always_on') return new AlwaysOnSampler()
  if (name === 'always_off') return new AlwaysOffSampler()
  return new TraceIdRatioBasedSampler(ratio)
}

/** OpenTelemetry's variables for the queue of spans; unset ones are its defaults: 2048 spans, sent every 5 s. */
function batching(): Record<string, number> {
  const options = {
    maxQueueSize: getNumberFromEnv('OTEL_BSP_MAX_QUEUE_SIZE'),
    maxExportBatchSize: getNumberFromEnv('OTEL_BSP_MAX_EXPORT_BATCH_SIZE'),
    scheduledDelayMillis: getNumberFromEnv('OTEL_BSP_SCHEDULE_DELAY'),
    exportTimeoutMillis: getNumberFromEnv('OTEL_BSP_EXPORT_TIMEOUT'),
  }
  const set = Object.entries(options).filter(([, value]) => value !== undefined && value > 0)
  return Object.fromEntries(set as [string, number][])
}

function serverAttributes(target: string): Record<string, string | number> {
  const { scheme, path } = uriOf(target)
  // A path of a socket, or a list of addresses, is one name.
  if (scheme === 'unix' || path.includes(',')) return { 'server.address': path }
  const { host, port } = hostAndPort(path)
  return { 'server.address': host, 'server.port': port }
}

/** What the SDK warns of, each kind once: its numbers differ from one time to the next. */
function tellOnce(say: (line: string) => void): void {
  const told = new Set<string>()
  const tell = (message: string) => {
    const kind = message.replace(/\d+/g, '')
    if (told.has(kind)) return
    told.add(kind)
    say(`traces: ${message}`)
  }
  const quiet = () => {}
  diag.setLogger({ error: tell, warn: tell, info: quiet, debug: quiet, verbose: quiet }, DiagLogLevel.WARN)
}
