import { Metadata, status } from '@grpc/grpc-js'
import type { ClientConfigureRequest__Output } from '../../../../proto/generated/grpc/testing/ClientConfigureRequest.ts'
import type { XdsUpdateClientConfigureServiceHandlers } from '../../../../proto/generated/grpc/testing/XdsUpdateClientConfigureService.ts'
import { isFreeHeader } from '../free-header.ts'
import type { CallDriver, CallPlan } from './call-driver.ts'
import { type CallType, callTypes } from './call-stats.ts'

/** Longest deadline of a call, in seconds. */
const maxTimeoutSeconds = 3600

/** Makes what a test driver asks for the plan of all calls to come; calls under way are left as they are. */
export function configureHandlers(driver: CallDriver): XdsUpdateClientConfigureServiceHandlers {
  return {
    Configure({ request }, callback) {
      const plan = planOf(request)
      if (typeof plan === 'string') return callback({ code: status.INVALID_ARGUMENT, details: plan })
      driver.plan = plan
      callback(null, {})
    },
  }
}

/** A sentence when it cannot be done. */
function planOf({ types: asked, metadata: entries, timeoutSec }: ClientConfigureRequest__Output): CallPlan | string {
  const types = callTypes.filter((type) => asked.includes(type))
  if (types.length === 0) return 'types is empty: name EMPTY_CALL, UNARY_CALL or both'
  if (timeoutSec < 0 || timeoutSec > maxTimeoutSeconds) {
    return `timeout_sec is ${timeoutSec}: it must be 0 to ${maxTimeoutSeconds}`
  }
  const metadata: Partial<Record<CallType, Metadata>> = {}
  for (const { type, key, value } of entries) {
    if (!isFreeHeader(key)) return `metadata ${JSON.stringify(key)}: it must be a header that gRPC leaves free`
    const headers = metadata[type as CallType] ?? new Metadata()
    headers.add(key, value)
    metadata[type as CallType] = headers
  }
  return { types, metadata, timeoutSeconds: timeoutSec || undefined }
}
