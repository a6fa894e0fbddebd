import type { Metadata } from '@grpc/grpc-js'
import type { CountedMethod, EchoMethod } from '../metrics/call-metrics.ts'
import type { Exemplar } from '../metrics/handling-seconds.ts'

/** One call of a client, as its trace sees it. */
export interface CallTrace {
  /** What to send the call with: the metadata it was begun with and, when traced, the headers that carry the trace. */
  readonly metadata: Metadata
  /** Undefined when the call is not sampled. */
  readonly exemplar: Exemplar | undefined
  /**
   * The call has ended; once.
   * @param code gRPC status code.
   * @param pod who answered, named by itself.
   * @param address the one that the call was last sent to.
   */
  ended(code: number, details: string, pod: string | undefined, address: string): void
}

/** Traces the calls of one channel. */
export interface ClientTracing {
  /** The service config to open the channel with, so that attempts are seen. */
  serviceConfig(json: string): string
  /** @param counter number of the request; undefined for a stream, which carries many. */
  begin(method: CountedMethod, counter: number | undefined, metadata: Metadata): CallTrace
}

/** One call as the trace of the server that answers it sees it. */
export interface ServedTrace {
  /** Undefined when the call is not sampled. */
  readonly exemplar: Exemplar | undefined
  /** The call has ended; once. */
  ended(code: number, details: string): void
}

/** What a server's trace wants to know of a call. */
export interface ServedCall {
  readonly metadata?: Metadata | undefined
  getPeer(): string
}

/** Traces the calls that a server answers. */
export interface ServerTracing {
  /** @param request who calls, and the number of the request; undefined for a stream, which carries many. */
  begin(method: EchoMethod, call: ServedCall, request?: { clientId: string; counter: number }): ServedTrace
}

/** What there is without an endpoint: nothing is imported, and a call costs one object. */
export const noClientTracing: ClientTracing = {
  serviceConfig: (json) => json,
  begin: (_method, _counter, metadata) => ({ metadata, exemplar: undefined, ended() {} }),
}

const noServedTrace: ServedTrace = { exemplar: undefined, ended() {} }

export const noServerTracing: ServerTracing = { begin: () => noServedTrace }
