import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import protobuf from 'protobufjs'

/** A span as a collector receives it. */
export interface ReceivedSpan {
  readonly name: string
  /** `CLIENT` or `SERVER`. */
  readonly kind: string
  /** Lower-case hexadecimal, as the next two are. */
  readonly traceId: string
  readonly spanId: string
  /** Empty for the root of a trace. */
  readonly parentSpanId: string
  /** Nanoseconds since 1970. */
  readonly start: bigint
  readonly end: bigint
  readonly attributes: Readonly<Record<string, string | number | boolean>>
  /** `UNSET`, `OK` or `ERROR`. */
  readonly status: string
  readonly statusMessage: string
  /** Of who made the span. */
  readonly resource: Readonly<Record<string, string | number | boolean>>
}

/** A collector of OTLP over HTTP/protobuf, on loopback. */
export interface OtlpReceiver {
  /** What OTEL_EXPORTER_OTLP_ENDPOINT shall be. */
  readonly endpoint: string
  /** Every span so far, in order of arrival. */
  readonly spans: readonly ReceivedSpan[]
  /** Headers of every request so far. */
  readonly headers: readonly IncomingMessage['headers'][]
  /** Resolves once there is a span that matches, to all spans; rejects after 30 s. */
  until(matches: (spans: readonly ReceivedSpan[]) => boolean): Promise<readonly ReceivedSpan[]>
  close(): Promise<void>
}

/** How a receiver answers; by default it takes everything. */
export type Answering = (response: ServerResponse) => void

const waitLimitMs = 30_000

/** Starts a receiver. */
export async function startOtlpReceiver(answer: Answering = accept, port = 0): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = []
  const headers: IncomingMessage['headers'][] = []
  const server = createServer(async (request, response) => {
    headers.push(request.headers)
    const sent = await buffer(request)
    if (request.url === '/v1/traces') {
      spans.push(...decoded(request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent))
    }
    server.emit('received')
    answer(response)
  })
  await once(server.listen(port, '127.0.0.1'), 'listening')
  const until: OtlpReceiver['until'] = async (matches) => {
    const limit = AbortSignal.timeout(waitLimitMs)
    while (!matches(spans)) {
      await once(server, 'received', { signal: limit }).catch(() => {
        const last = spans.slice(-10).map(({ name, attributes }) => `${name} ${JSON.stringify(attributes)}`)
        throw new Error(
          `the spans waited for did not come within ${waitLimitMs} ms: ${spans.length}, such as\n${last.join('\n')}`,
        )
      })
    }
    return spans
  }
  const close = async () => {
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  }
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, spans, headers, until, close }
}

function accept(response: ServerResponse): void {
  response.setHeader('content-type', 'application/x-protobuf').end()
}

// What of opentelemetry-proto v1 a span uses, by its names and numbers.
const { root } = protobuf.parse(`
  syntax = "proto3";
  message Request { repeated ResourceSpans resource_spans = 1; }
  message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
  message Resource { repeated KeyValue attributes = 1; }
  message ScopeSpans { repeated Span spans = 2; }
  message Span {
    bytes trace_id = 1; bytes span_id = 2; bytes parent_span_id = 4; string name = 5; Kind kind = 6;
    fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8; repeated KeyValue attributes = 9; Status status = 15;
  }
  enum Kind { UNSPECIFIED = 0; INTERNAL = 1; SERVER = 2; CLIENT = 3; PRODUCER = 4; CONSUMER = 5; }
  message Status { string message = 2; Code code = 3; }
  enum Code { UNSET = 0; OK = 1; ERROR = 2; }
  message KeyValue { string key = 1; Value value = 2; }
  message Value { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; } }
`)
const request = root.lookupType('Request')

interface KeyValues {
  readonly attributes: readonly { key: string; value: Record<string, string | boolean | number> }[]
}
interface SpanMessage extends KeyValues {
  readonly name: string
  readonly kind: string
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly status: { readonly code: string; readonly message: string } | null
}
interface RequestMessage {
  readonly resourceSpans: readonly { resource: KeyValues; scopeSpans: readonly { spans: readonly SpanMessage[] }[] }[]
}

function decoded(bytes: Uint8Array): ReceivedSpan[] {
  const options = { longs: String, enums: String, bytes: String, defaults: true, arrays: true }
  const { resourceSpans } = request.toObject(request.decode(bytes), options) as RequestMessage
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) => spans.map((span) => received(span, valuesOf(resource)))),
  )
}

function received(span: SpanMessage, resource: ReceivedSpan['resource']): ReceivedSpan {
  return {
    name: span.name,
    kind: span.kind,
    traceId: hexadecimal(span.traceId),
    spanId: hexadecimal(span.spanId),
    parentSpanId: hexadecimal(span.parentSpanId),
    start: BigInt(span.startTimeUnixNano),
    end: BigInt(span.endTimeUnixNano),
    attributes: valuesOf(span),
    status: span.status?.code ?? 'UNSET',
    statusMessage: span.status?.message ?? '',
    resource,
  }
}

function valuesOf({ attributes }: KeyValues): ReceivedSpan['attributes'] {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, value.intValue === undefined ? firstOf(value) : Number(value.intValue)]),
  )
}

const firstOf = (value: Record<string, string | boolean | number>) => Object.values(value)[0] ?? ''
const hexadecimal = (base64: string): string => Buffer.from(base64, 'base64').toString('hex')
