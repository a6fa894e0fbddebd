import type { Metadata } from '@grpc/grpc-js'
import {
  type Attributes,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type TextMapPropagator,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import { type CountedMethod, fullMethodName } from '../metrics/call-metrics.ts'
import type { Exemplar } from '../metrics/handling-seconds.ts'
import type { CallTrace, ClientTracing } from './call-trace.ts'
import { metadataSetter } from './metadata-carrier.ts'
import type { OpenSpans } from './open-spans.ts'
import { callAttributes, exemplarOf, peerAttributes, statusAttributes } from './span-attributes.ts'
import { type AttemptObserver, observedMetadata, type PickedAttempt, tracedServiceConfig } from './traced-policy.ts'

/** What spans are made with. */
export interface SpanTools {
  readonly tracer: Tracer
  readonly propagator: TextMapPropagator<Metadata>
  readonly open: OpenSpans
}

/**
 * A span for each call of a client, and below it one for each attempt at it, which the server's span is a child of.
 * @param channel what the call's and the attempts' spans say of their channel.
 */
export function clientSpans(tools: SpanTools, channel: Attributes): ClientTracing {
  let attemptsSeen = false
  return {
    serviceConfig(json) {
      attemptsSeen = true
      return tracedServiceConfig(json)
    },
    begin: (method, counter, metadata) => new TracedCall(tools, method, channel, counter, metadata, attemptsSeen),
  }
}

const peerPod = 'grpc_lb.peer_pod'

interface Attempt {
  readonly span: Span
  readonly address: string
  endTime: number | undefined
  code: number | undefined
}

class TracedCall implements CallTrace, AttemptObserver {
  readonly metadata: Metadata
  private readonly tools: SpanTools
  private readonly name: string
  private readonly attributes: Attributes
  private readonly span: Span
  /** Between Node's two clocks when the call began: the times of its spans are told by the finer one. */
  private readonly offsetMilliseconds = Date.now() - performance.now()
  private readonly attempts: Attempt[] = []
  private readonly observed: boolean

  /** @param attemptsSeen whether the channel's policy tells of attempts; where it does not, the call itself is what servers see. */
  constructor(
    tools: SpanTools,
    method: CountedMethod,
    channel: Attributes,
    counter: number | undefined,
    of: Metadata,
    attemptsSeen: boolean,
  ) {
    this.tools = tools
    tools.open.begin()
    this.name = fullMethodName(method)
    this.attributes = { ...callAttributes(method), ...channel }
    if (counter !== undefined) this.attributes['evenly.counter'] = counter
    this.span = this.start(this.name, this.attributes)
    // A call that is not sampled shows no attempts: its own headers tell the server so.
    this.observed = attemptsSeen && this.span.isRecording()
    this.metadata = this.observed ? observedMetadata(of, this) : of.clone()
    if (!this.observed) this.inject(this.span, this.metadata)
  }

  get exemplar(): Exemplar | undefined {
    return exemplarOf(this.span)
  }

  picked(address: string, pick: number, headers: Metadata): PickedAttempt {
    const attributes = { ...this.attributes, ...peerAttributes(address), 'grpc_lb.pick': pick }
    const span = this.start(`Attempt ${this.name}`, attributes, this.span)
    this.inject(span, headers)
    const attempt: Attempt = { span, address, endTime: undefined, code: undefined }
    return {
      started: () => {
        span.setAttribute('grpc_lb.attempt', this.attempts.push(attempt))
      },
      ended: (code, details, pod) => {
        attempt.endTime = this.now()
        attempt.code = code
        if (pod !== undefined) span.setAttribute(peerPod, pod)
        describeEnd(span, code, details)
      },
    }
  }

  ended(code: number, details: string, pod: string | undefined, address: string): void {
    if (pod !== undefined) {
      const there = this.attempts.filter((attempt) => attempt.address === address)
      const answered = there.findLast((attempt) => attempt.code === code) ?? there.at(-1)
      answered?.span.setAttribute(peerPod, pod)
      this.span.setAttribute(peerPod, pod)
    }
    // The attempts end as late as this because who answered is known only now; their times are those of their ends.
    for (const { span, endTime } of this.attempts) span.end(endTime ?? this.now())
    if (this.observed) this.span.setAttribute('grpc_lb.attempts', this.attempts.length)
    describeEnd(this.span, code, details)
    this.span.end(this.now())
    this.tools.open.end()
  }

  private start(name: string, attributes: Attributes, parent?: Span): Span {
    const context = parent ? trace.setSpan(ROOT_CONTEXT, parent) : ROOT_CONTEXT
    return this.tools.tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes, startTime: this.now() }, context)
  }

  private inject(span: Span, into: Metadata): void {
    this.tools.propagator.inject(trace.setSpan(ROOT_CONTEXT, span), into, metadataSetter)
  }

  private now(): number {
    return this.offsetMilliseconds + performance.now()
  }
}

/** To a client every status but OK is an error. */
function describeEnd(span: Span, code: number, details: string): void {
  span.setAttributes(statusAttributes(code))
  if (code !== 0) span.setStatus({ code: SpanStatusCode.ERROR, message: details })
}
