import { status } from '@grpc/grpc-js'
import { ROOT_CONTEXT, SpanKind, SpanStatusCode } from '@opentelemetry/api'
import { fullMethodName } from '../metrics/call-metrics.ts'
import type { ServerTracing } from './call-trace.ts'
import type { SpanTools } from './client-spans.ts'
import { metadataGetter } from './metadata-carrier.ts'
import { callAttributes, exemplarOf, peerAttributes, statusAttributes } from './span-attributes.ts'

/** A span for each call that a server answers, a child of the attempt, or of the proxy, that sent it. */
export function serverSpans({ tracer, propagator, open }: SpanTools): ServerTracing {
  return {
    begin(method, call, request) {
      open.begin()
      // A call that came over gRPC-web has none.
      const parent = call.metadata ? propagator.extract(ROOT_CONTEXT, call.metadata, metadataGetter) : ROOT_CONTEXT
      const sender = request && { 'evenly.client_id': request.clientId, 'evenly.counter': request.counter }
      const attributes = { ...callAttributes(method), ...peerAttributes(call.getPeer()), ...sender }
      const span = tracer.startSpan(fullMethodName(method), { kind: SpanKind.SERVER, attributes }, parent)
      return {
        exemplar: exemplarOf(span),
        ended(code, details) {
          span.setAttributes(statusAttributes(code))
          if (faults.has(code)) span.setStatus({ code: SpanStatusCode.ERROR, message: details })
          span.end()
          open.end()
        },
      }
    },
  }
}

/** What is the server's fault, as the conventions have it; the others are the caller's. */
const faults: ReadonlySet<number> = new Set([
  status.UNKNOWN,
  status.DEADLINE_EXCEEDED,
  status.UNIMPLEMENTED,
  status.INTERNAL,
  status.UNAVAILABLE,
  status.DATA_LOSS,
])
