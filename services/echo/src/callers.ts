import { type ClientDuplexStream, Metadata, type ServiceError, status } from '@grpc/grpc-js'
import type { EchoClient } from '../../../proto/generated/evenly/echo/v1/Echo.ts'
import type { HelloRequest } from '../../../proto/generated/evenly/echo/v1/HelloRequest.ts'
import type { HelloResponse__Output } from '../../../proto/generated/evenly/echo/v1/HelloResponse.ts'
import { podOf } from './identity.ts'
import type { EchoMethod, ObservedCall } from './metrics/call-metrics.ts'
import { type CallTrace, type ClientTracing, noClientTracing } from './tracing/call-trace.ts'

/** How one call, or one message of a stream, ended. */
export interface Answer {
  /** gRPC status code. */
  readonly code: number
  /** Text of the status; empty for OK. */
  readonly details: string
  /** Who served, named by itself; the dialled address when a server answered that does not say who it is. */
  readonly peer: string | undefined
  /** Where that is, such as `10.244.2.8 on node-b`; empty where the server does not say. */
  readonly place: string
  /** With `--addresses`, of an answer: the socket addresses that the call was sent to, and that the server saw it come from. */
  readonly addresses?: { readonly dialled: string; readonly seen: string }
}

/** A request with the number its answer will carry. */
export type CountedRequest = HelloRequest & { readonly counter: number }

/** What one call has of its own, where each request is a call; a stream takes none of it. */
export interface CallOptions {
  /** Headers to send; not changed. */
  readonly metadata?: Metadata | undefined
  /** Deadline, in place of the caller's own. */
  readonly timeoutSeconds?: number | undefined
  /** Takes the headers of the answer when they come. */
  readonly onHeaders?: ((headers: Metadata) => void) | undefined
  /** Takes the trailers of the answer, before the call resolves. */
  readonly onTrailers?: ((trailers: Metadata) => void) | undefined
}

/** Hears which peer answers a call, and from which address, when the first bytes of the answer are there. */
export type OnPeer = (peer: string, address: string) => void

export interface Caller {
  /** Sends one request; never rejects. `onPeer` is not called where the peer is known no sooner than the answer. */
  call(request: CountedRequest, options?: CallOptions, onPeer?: OnPeer): Promise<Answer>
  /** Ends what it keeps open. */
  close(): void
}

interface CallerOptions {
  readonly timeoutSeconds: number
  readonly observe: (method: EchoMethod) => ObservedCall
  readonly tracing?: ClientTracing
}

/** Every request is a call of its own: the balancing policy picks a peer for each. */
export function unaryCaller(
  client: EchoClient,
  { timeoutSeconds, observe, tracing = noClientTracing }: CallerOptions,
): Caller {
  const none = new Metadata()
  const call = (request: CountedRequest, options: CallOptions = {}, onPeer?: OnPeer): Promise<Answer> =>
    new Promise((resolve) => {
      const observed = observe('Hello')
      let pod: string | undefined
      const deadline = Date.now() + (options.timeoutSeconds ?? timeoutSeconds) * 1000
      const trace = tracing.begin('Hello', request.counter, options.metadata ?? none)
      const sent = client.hello(request, trace.metadata, { deadline }, (error, reply) => {
        const code = error?.code ?? status.OK
        trace.ended(code, error?.details ?? '', reply?.server?.pod ?? pod, sent.getPeer())
        observed.handled(code, trace.exemplar)
        if (reply === undefined) return resolve({ ...failure(error as ServiceError), peer: pod })
        observed.received()
        const answer = { code, details: '', peer: reply.server?.pod ?? sent.getPeer(), place: placeOf(reply) }
        const { callerAddress: seen } = reply
        resolve(seen === '' ? answer : { ...answer, addresses: { dialled: sent.getPeer(), seen } })
      })
      sent.on('metadata', (headers: Metadata) => {
        pod = podOf(headers)
        if (pod !== undefined) onPeer?.(pod, sent.getPeer())
        options.onHeaders?.(headers)
      })
      // The event follows the callback at once: before who awaits this call goes on.
      if (options.onTrailers) sent.on('status', ({ metadata }) => options.onTrailers?.(metadata))
      observed.sent()
    })
  return { call, close: () => {} }
}

/** Every request is a message of one stream, which stays on its peer until it breaks; then the next opens another. */
export function streamCaller(
  client: EchoClient,
  { timeoutSeconds, observe, tracing = noClientTracing }: CallerOptions,
): Caller {
  const none = new Metadata()
  let stream: OpenStream | undefined
  return {
    call(request, _options, onPeer) {
      if (stream === undefined || stream.broken) {
        stream = new OpenStream(client, observe('HelloStream'), tracing.begin('HelloStream', undefined, none))
      }
      return stream.send(request, timeoutSeconds * 1000, onPeer)
    },
    close: () => stream?.close(),
  }
}

class OpenStream {
  broken = false
  private readonly stream: ClientDuplexStream<HelloRequest, HelloResponse__Output>
  private readonly waiting = new Map<number, { answer: (answer: Answer) => void; onPeer: OnPeer | undefined }>()
  private readonly observed: ObservedCall
  private readonly trace: CallTrace
  private pod: string | undefined

  constructor(client: EchoClient, observed: ObservedCall, trace: CallTrace) {
    this.observed = observed
    this.trace = trace
    this.stream = client.helloStream(trace.metadata)
    this.stream.on('metadata', (metadata) => {
      this.pod = podOf(metadata)
      for (const { onPeer } of this.waiting.values()) this.tell(onPeer)
    })
    this.stream.on('data', (reply: HelloResponse__Output) => {
      observed.received()
      const peer = reply.server?.pod ?? this.stream.getPeer()
      this.answer(reply.counter, { code: status.OK, details: '', peer, place: placeOf(reply) })
    })
    this.stream.on('error', (error: ServiceError) => this.end({ ...failure(error), peer: this.pod }))
    this.stream.on('end', () => {
      const details = 'the server ended the stream'
      const code = this.waiting.size === 0 ? status.OK : status.UNAVAILABLE
      this.end({ code, details, peer: this.pod, place: '' })
    })
  }

  send(request: CountedRequest, timeoutMilliseconds: number, onPeer?: OnPeer): Promise<Answer> {
    return new Promise((resolve) => {
      this.tell(onPeer)
      const details = `no answer within ${timeoutMilliseconds} ms`
      const late = () =>
        this.answer(request.counter, { code: status.DEADLINE_EXCEEDED, details, peer: this.pod, place: '' })
      const timer = setTimeout(late, timeoutMilliseconds)
      const end = (answer: Answer) => {
        clearTimeout(timer)
        resolve(answer)
      }
      this.waiting.set(request.counter, { answer: end, onPeer })
      this.observed.sent()
      this.stream.write(request)
    })
  }

  close(): void {
    this.stream.end()
  }

  /** The peer is known from the first answer on. */
  private tell(onPeer: OnPeer | undefined): void {
    if (this.pod !== undefined) onPeer?.(this.pod, this.stream.getPeer())
  }

  private answer(counter: number, answer: Answer): void {
    this.waiting.get(counter)?.answer(answer)
    this.waiting.delete(counter)
  }

  private end(answer: Answer): void {
    if (this.broken) return
    this.broken = true
    this.trace.ended(answer.code, answer.details, this.pod, this.stream.getPeer())
    this.observed.handled(answer.code, this.trace.exemplar)
    for (const counter of [...this.waiting.keys()]) this.answer(counter, answer)
  }
}

function failure(error: ServiceError): Omit<Answer, 'peer'> {
  return { code: error.code, details: error.details, place: '' }
}

function placeOf({ server }: HelloResponse__Output): string {
  return [server?.ip, server?.node].filter(Boolean).join(' on ')
}
