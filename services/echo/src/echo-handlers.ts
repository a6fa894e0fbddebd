import { type ServerUnaryCall, status } from '@grpc/grpc-js'
import type { EchoHandlers } from '../../../proto/generated/evenly/echo/v1/Echo.ts'
import type { HelloRequest__Output } from '../../../proto/generated/evenly/echo/v1/HelloRequest.ts'
import type { HelloResponse } from '../../../proto/generated/evenly/echo/v1/HelloResponse.ts'
import { behave, wishOf } from './behaviour.ts'
import { type Identity, identityMetadata } from './identity.ts'
import type { EchoMethod, ObservedCall } from './metrics/call-metrics.ts'
import type { OpenStreams } from './open-streams.ts'
import { statusName } from './status.ts'
import type { Tally } from './tally.ts'
import { noServerTracing, type ServerTracing } from './tracing/call-trace.ts'

/** What the handlers need besides the request. */
export interface HandlerParts {
  readonly identity: Identity
  /** Counts the calls per caller. */
  readonly tally: Tally
  readonly observe: (method: EchoMethod) => ObservedCall
  readonly tracing?: ServerTracing
  /** Takes note of a stream; its end waits until the last message is answered. */
  readonly openStreams: OpenStreams
}

/** The two methods of Echo: answer, say who answered, count. */
export function echoHandlers(parts: HandlerParts): EchoHandlers {
  const { identity, tally, observe, openStreams, tracing = noServerTracing } = parts
  const headers = identityMetadata(identity)
  const prefix = `${identity.pod}: `
  const wish = (request: HelloRequest__Output) => wishOf(request, identity.pod)
  const reply = (request: HelloRequest__Output, peerOf: () => string): HelloResponse => {
    const echo: HelloResponse = { message: prefix + request.message, counter: request.counter, server: identity }
    const wished = wish(request)
    if (wished?.payloadBytes) echo.payload = Buffer.alloc(wished.payloadBytes)
    if (wished?.tellCaller) echo.callerAddress = peerOf()
    return echo
  }

  return {
    Hello(call: ServerUnaryCall<HelloRequest__Output, HelloResponse>, callback) {
      const { request } = call
      const observed = observe('Hello')
      const trace = tracing.begin('Hello', call, request)
      const outcome = tally.start()
      observed.received()
      call.sendMetadata(headers)
      const callOff = behave(wish(request), (code, details) => {
        if (code === status.OK) observed.sent()
        trace.ended(code, details)
        observed.handled(code, trace.exemplar)
        outcome(caller(request), statusName(code))
        if (code === status.OK)
          callback(
            null,
            reply(request, () => call.getPeer()),
          )
        else callback({ code, details })
      })
      if (callOff === undefined) return
      call.on('cancelled', () => {
        if (!callOff()) return
        trace.ended(status.CANCELLED, 'cancelled by the client')
        observed.handled(status.CANCELLED, trace.exemplar)
        outcome(caller(request), statusName(status.CANCELLED))
      })
    },

    HelloStream(call) {
      const observed = observe('HelloStream')
      const trace = tracing.begin('HelloStream', call)
      let pending = 0
      let closing = false
      let ended = false
      const end = (code: number, details = '') => {
        if (ended) return
        ended = true
        openStreams.delete(close)
        trace.ended(code, details)
        observed.handled(code, trace.exemplar)
        if (code === status.OK) call.end()
        else call.emit('error', { code, details })
      }
      const close = () => {
        closing = true
        if (pending === 0) end(status.OK)
      }
      openStreams.add(close)
      call.sendMetadata(headers)
      call.on('data', (request: HelloRequest__Output) => {
        const outcome = tally.start()
        observed.received()
        pending++
        behave(wish(request), (code, details) => {
          pending--
          outcome(caller(request), statusName(code))
          if (ended) return
          if (code !== status.OK) return end(code, details)
          observed.sent()
          call.write(reply(request, () => call.getPeer()))
          if (closing) close()
        })
      })
      call.on('end', close)
      call.on('cancelled', () => end(status.CANCELLED, 'cancelled by the client'))
    },
  }
}

const caller = (request: HelloRequest__Output): string => request.clientId || 'unnamed'
