import { status } from '@grpc/grpc-js'
import type { Behaviour__Output } from '../../../proto/generated/evenly/echo/v1/Behaviour.ts'
import type { HelloRequest__Output } from '../../../proto/generated/evenly/echo/v1/HelloRequest.ts'
import { isStatusCode, statusName } from './status.ts'

const maxDelayMilliseconds = 60_000
const maxPayloadBytes = 1024 * 1024

/** What a request asks of the pod of this name; null when nothing, or something of another pod only. */
export function wishOf({ behaviour }: HelloRequest__Output, pod: string): Behaviour__Output | null {
  return behaviour === null || behaviour.onlyPod === '' || behaviour.onlyPod === pod ? behaviour : null
}

/**
 * Does what the request asks for besides echoing, then says with which status to answer. Undefined when it has answered;
 * else calls the answer off, and tells whether it was still to come. A delay keeps no stopped process alive.
 */
export function behave(
  wish: Behaviour__Output | null,
  answer: (code: number, details: string) => void,
): (() => boolean) | undefined {
  if (wish === null) {
    answer(status.OK, '')
    return undefined
  }
  const { delay, code, details } = checked(wish)
  if (delay === 0) {
    answer(code, details)
    return undefined
  }
  let pending = true
  const timer = setTimeout(() => {
    pending = false
    answer(code, details)
  }, delay).unref()
  return () => {
    clearTimeout(timer)
    return pending
  }
}

function checked(wish: Behaviour__Output): { delay: number; code: number; details: string } {
  const refusal = whyRefused(wish)
  if (refusal) return { delay: 0, code: status.INVALID_ARGUMENT, details: refusal }
  const details = wish.statusMessage || `asked for ${statusName(wish.statusCode)}`
  return { delay: wish.delayMilliseconds, code: wish.statusCode, details }
}

function whyRefused(wish: Behaviour__Output): string | undefined {
  if (wish.delayMilliseconds > maxDelayMilliseconds)
    return `behaviour.delay_milliseconds is over ${maxDelayMilliseconds}`
  if (wish.payloadBytes > maxPayloadBytes) return `behaviour.payload_bytes is over ${maxPayloadBytes}`
  if (!isStatusCode(wish.statusCode)) return `behaviour.status_code ${wish.statusCode} is no gRPC status`
  return undefined
}
