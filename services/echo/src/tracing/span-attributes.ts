import { type Attributes, type Span, TraceFlags } from '@opentelemetry/api'
import { hostAndPort } from '../../../../scripts/lib/address.ts'
import { type CountedMethod, fullMethodName } from '../metrics/call-metrics.ts'
import type { Exemplar } from '../metrics/handling-seconds.ts'
import { statusName } from '../status.ts'

// The names are those of OpenTelemetry's semantic conventions where they have one, stable since 1.45, and ours elsewhere.

/** What every span of a call says. */
export function callAttributes(method: CountedMethod): Attributes {
  return { 'rpc.system.name': 'grpc', 'rpc.method': fullMethodName(method) }
}

/** How a call ended. */
export function statusAttributes(code: number): Attributes {
  const name = statusName(code)
  return { 'rpc.status_code': name, ...(code !== 0 && { 'error.type': name }) }
}

/** The other end of the connection: `address:port`, or a socket's path. */
export function peerAttributes(address: string): Attributes {
  const { host, port } = hostAndPort(address)
  if (!(port > 0)) return { 'network.transport': 'unix', 'network.peer.address': address }
  return { 'network.transport': 'tcp', 'network.peer.address': host, 'network.peer.port': port }
}

/** What an exemplar names; undefined for a span that nobody will find. */
export function exemplarOf(span: Span): Exemplar | undefined {
  const { traceId, spanId, traceFlags } = span.spanContext()
  return traceFlags & TraceFlags.SAMPLED ? { traceId, spanId } : undefined
}
