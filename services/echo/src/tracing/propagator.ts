import type { Metadata } from '@grpc/grpc-js'
import type { TextMapPropagator } from '@opentelemetry/api'
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core'
import { B3InjectEncoding, B3Propagator } from '@opentelemetry/propagator-b3'
import type { PropagatorName, TracingSettings } from './settings.ts'

const makers: Record<PropagatorName, () => TextMapPropagator> = {
  tracecontext: () => new W3CTraceContextPropagator(),
  baggage: () => new W3CBaggagePropagator(),
  b3: () => new B3Propagator(),
  b3multi: () => new B3Propagator({ injectEncoding: B3InjectEncoding.MULTI_HEADER }),
}

/** Writes and reads the headers that carry a trace from one process to the next: all that are wanted, the last one read wins. */
export function propagatorOf({ propagators }: TracingSettings): TextMapPropagator<Metadata> {
  return new CompositePropagator({ propagators: propagators.map((name) => makers[name]()) })
}
