import { status } from '@grpc/grpc-js'
import type { LoadBalancerAccumulatedStatsResponse } from '../../../../proto/generated/grpc/testing/LoadBalancerAccumulatedStatsResponse.ts'
import type { LoadBalancerStatsRequest__Output } from '../../../../proto/generated/grpc/testing/LoadBalancerStatsRequest.ts'
import type { LoadBalancerStatsResponse } from '../../../../proto/generated/grpc/testing/LoadBalancerStatsResponse.ts'
import type { LoadBalancerStatsServiceHandlers } from '../../../../proto/generated/grpc/testing/LoadBalancerStatsService.ts'
import { type CallStats, type CallType, callTypes } from './call-stats.ts'
import type { StatsWindow } from './stats-window.ts'

const maxCalls = 1_000_000
const maxCallsWithMetadata = 10_000
const maxSeconds = 3600
const maxWaiting = 100

/** How the two types are called in `rpcs_by_method`. */
const methodNames = { EMPTY_CALL: 'EmptyCall', UNARY_CALL: 'UnaryCall' } as const satisfies Record<CallType, string>

/** Answers with what `stats` counted; refuses what would take memory or time without end. */
export function statsHandlers(stats: CallStats): LoadBalancerStatsServiceHandlers {
  let waiting = 0
  return {
    async GetClientStats(call, callback) {
      const { numRpcs, timeoutSec, metadataKeys } = call.request
      const refusal = whyRefused(call.request)
      if (refusal !== undefined) return callback({ code: status.INVALID_ARGUMENT, details: refusal })
      if (waiting === maxWaiting) {
        const details = `${maxWaiting} callers wait for their window: ask again when some have theirs`
        return callback({ code: status.RESOURCE_EXHAUSTED, details })
      }
      waiting++
      const gone = new AbortController()
      call.on('cancelled', () => gone.abort())
      const signal = AbortSignal.any([gone.signal, AbortSignal.timeout(timeoutSec * 1000)])
      const window = await stats.next(numRpcs, metadataKeys, signal)
      waiting--
      callback(null, responseOf(window))
    },
    GetClientAccumulatedStats(_call, callback) {
      callback(null, accumulatedOf(stats))
    },
  }
}

function whyRefused({ numRpcs, timeoutSec, metadataKeys }: LoadBalancerStatsRequest__Output): string | undefined {
  const most = metadataKeys.length > 0 ? maxCallsWithMetadata : maxCalls
  const kept = metadataKeys.length > 0 ? ' where metadata are kept' : ''
  if (numRpcs < 1 || numRpcs > most) return `num_rpcs is ${numRpcs}: it must be 1 to ${most}${kept}`
  if (timeoutSec < 1 || timeoutSec > maxSeconds) return `timeout_sec is ${timeoutSec}: it must be 1 to ${maxSeconds}`
  return undefined
}

function responseOf({ succeeded, failures, metadata }: StatsWindow): LoadBalancerStatsResponse {
  const rpcsByPeer: Record<string, number> = {}
  for (const [peer, calls] of callTypes.flatMap((type) => [...succeeded[type]])) {
    rpcsByPeer[peer] = (rpcsByPeer[peer] ?? 0) + calls
  }
  const called = callTypes.filter((type) => succeeded[type].size > 0)
  const byMethod = called.map((type) => [methodNames[type], { rpcsByPeer: Object.fromEntries(succeeded[type]) }])
  const byPeer = [...metadata].map(([peer, calls]) => {
    return [peer, { rpcMetadata: calls.map((entries) => ({ metadata: [...entries] })) }]
  })
  return {
    rpcsByPeer,
    numFailures: failures,
    rpcsByMethod: Object.fromEntries(byMethod),
    metadatasByPeer: Object.fromEntries(byPeer),
  }
}

function accumulatedOf(stats: CallStats): LoadBalancerAccumulatedStatsResponse {
  const statsPerMethod = stats.accumulated()
  const ofEach = (count: (type: CallType) => number) => Object.fromEntries(callTypes.map((type) => [type, count(type)]))
  const succeeded = (type: CallType) => statsPerMethod[type].result[status.OK] ?? 0
  const ended = (type: CallType) => Object.values(statsPerMethod[type].result).reduce((sum, calls) => sum + calls, 0)
  return {
    numRpcsStartedByMethod: ofEach((type) => statsPerMethod[type].rpcsStarted),
    numRpcsSucceededByMethod: ofEach(succeeded),
    numRpcsFailedByMethod: ofEach((type) => ended(type) - succeeded(type)),
    statsPerMethod,
  }
}
