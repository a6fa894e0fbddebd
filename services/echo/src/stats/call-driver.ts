import { Metadata } from '@grpc/grpc-js'
import type { Answer, CallOptions } from '../callers.ts'
import { CallStats, type CallType } from './call-stats.ts'

/** What calls are from now on. */
export interface CallPlan {
  /** Calls take turns among these. */
  readonly types: readonly CallType[]
  /** Headers of the calls of a type. */
  readonly metadata: Readonly<Partial<Record<CallType, Metadata>>>
  /** Deadline of a call; undefined: as the options say. */
  readonly timeoutSeconds: number | undefined
}

/** A call that is about to be sent. */
export interface DrivenCall {
  /** What to echo in place of the options' message; undefined: that one. */
  readonly message: string | undefined
  readonly options: CallOptions
  /** To be told how it ended, once. */
  ended(answer: Answer): void
}

/** Lets a test driver decide what a client calls, and counts every call for it. */
export class CallDriver {
  plan: CallPlan = { types: ['UNARY_CALL'], metadata: {}, timeoutSeconds: undefined }
  readonly stats = new CallStats()

  /**
   * Call number `counter` is about to be sent.
   * @param own headers that it carries in any case; not changed.
   */
  begin(counter: number, own: Metadata | undefined): DrivenCall {
    const { types, metadata, timeoutSeconds } = this.plan
    const type = types[counter % types.length] ?? 'UNARY_CALL'
    const { ended, ...hooks } = this.stats.start(type)
    const message = type === 'EMPTY_CALL' ? '' : undefined
    return { message, options: { metadata: joined(own, metadata[type]), timeoutSeconds, ...hooks }, ended }
  }
}

function joined(own: Metadata | undefined, planned: Metadata | undefined): Metadata | undefined {
  if (own === undefined || planned === undefined) return own ?? planned
  const both = new Metadata()
  both.merge(own)
  both.merge(planned)
  return both
}
