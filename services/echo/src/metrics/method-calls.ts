import { type Exemplar, HandlingSeconds } from './handling-seconds.ts'

export type CallType = 'unary' | 'bidi_stream'

/** A method of gRPC by its parts, with its go-grpc-middleware type. */
export interface MethodName {
  /** With its package, such as `grpc.health.v1.Health`. */
  readonly service: string
  readonly method: string
  readonly type: CallType
}

/** The method as gRPC writes it, such as `grpc.health.v1.Health/Check`. */
export function fullNameOf({ service, method }: MethodName): string {
  return `${service}/${method}`
}

/** One call as metrics see it: every function at most once per event, `handled` exactly once at the end. */
export interface ObservedCall {
  received(): void
  sent(): void
  /**
   * @param code gRPC status code.
   * @param exemplar the call's trace, when it is recorded.
   */
  handled(code: number, exemplar?: Exemplar): void
}

/**
 * The calls of one method, counted once: each set of metric names is another view of these numbers, so that a second set
 * costs a call nothing.
 */
export class MethodCalls {
  readonly name: MethodName
  /** gRPC status code to how long its calls took. OK is there from the start. */
  readonly handled = new Map([[0, new HandlingSeconds()]])
  started = 0
  received = 0
  sent = 0

  constructor(name: MethodName) {
    this.name = name
  }

  get fullName(): string {
    return fullNameOf(this.name)
  }

  start(): ObservedCall {
    this.started++
    return new OneCall(this)
  }

  end(code: number, seconds: number, exemplar: Exemplar | undefined): void {
    let handled = this.handled.get(code)
    if (handled === undefined) {
      handled = new HandlingSeconds()
      this.handled.set(code, handled)
    }
    handled.observe(seconds, exemplar)
  }
}

class OneCall implements ObservedCall {
  private readonly calls: MethodCalls
  private readonly start = performance.now()

  constructor(calls: MethodCalls) {
    this.calls = calls
  }

  received(): void {
    this.calls.received++
  }

  sent(): void {
    this.calls.sent++
  }

  handled(code: number, exemplar?: Exemplar): void {
    this.calls.end(code, (performance.now() - this.start) / 1000, exemplar)
  }
}
