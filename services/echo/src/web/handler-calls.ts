import { EventEmitter } from 'node:events'
import { PassThrough } from 'node:stream'
import { type DescMethod, fromBinary, type Message, toBinary } from '@bufbuild/protobuf'
import { Code, ConnectError, type HandlerContext } from '@connectrpc/connect'
import { type handleBidiStreamingCall, type handleUnaryCall, Metadata } from '@grpc/grpc-js'
import type { HelloRequest__Output } from '../../../../proto/generated/evenly/echo/v1/HelloRequest.ts'
import type { HelloResponse } from '../../../../proto/generated/evenly/echo/v1/HelloResponse.ts'
import { echoService } from '../wire.ts'

/** A call as it came over HTTP. */
export interface WebCall {
  readonly context: HandlerContext
  /** The caller's `address:port`. */
  readonly peer: string
}

/** A status as gRPC's handlers give it. */
interface Status {
  readonly code?: number | undefined
  readonly details?: string | undefined
}

/** Lets gRPC's own handler of a unary method answer; rejects with a ConnectError of the status it answers with. */
export function answerUnary(
  handler: handleUnaryCall<HelloRequest__Output, HelloResponse>,
  request: Message,
  web: WebCall,
): Promise<Message> {
  const { signal, method } = web.context
  return new Promise((resolve, reject) => {
    const call = callOf(web, { request: toHandler(method, request) })
    signal.addEventListener('abort', () => {
      call.emit('cancelled')
      reject(signal.reason)
    })
    handler(call as never, (error, reply) => {
      if (error) reject(connectError(error))
      else resolve(fromHandler(method, reply as HelloResponse))
    })
  })
}

/** Lets gRPC's own handler of a streaming method answer; throws, after what it answered, a ConnectError of its status. */
export async function* answerStream(
  handler: handleBidiStreamingCall<HelloRequest__Output, HelloResponse>,
  requests: AsyncIterable<Message>,
  web: WebCall,
): AsyncGenerator<Message> {
  const { signal, method } = web.context
  const replies = new PassThrough({ objectMode: true })
  let failure: unknown
  const call = callOf(web, {
    write: (reply: HelloResponse) => replies.write(fromHandler(method, reply)),
    end: () => replies.end(),
  })
  const fail = (error: unknown) => {
    failure ??= error
    replies.end()
  }
  call.on('error', (status: Status) => fail(connectError(status)))
  const cancel = (reason: unknown) => {
    failure ??= reason
    call.emit('cancelled')
  }
  signal.addEventListener('abort', () => cancel(signal.reason))
  handler(call as never)
  void receive(requests, (request) => call.emit('data', toHandler(method, request))).then(
    () => call.emit('end'),
    cancel,
  )
  yield* replies
  if (failure !== undefined) throw failure
}

/** What the handlers use of a call of grpc-js. */
function callOf({ context, peer }: WebCall, more: object): EventEmitter {
  const sendMetadata = (metadata: Metadata) => {
    for (const [name, value] of Object.entries(metadata.getMap())) context.responseHeader.set(name, String(value))
  }
  const metadata = new Metadata()
  for (const [name, value] of context.requestHeader) if (!name.endsWith('-bin')) metadata.set(name, value)
  return Object.assign(new EventEmitter(), { metadata, getPeer: () => peer, sendMetadata, ...more })
}

async function receive(requests: AsyncIterable<Message>, take: (request: Message) => void): Promise<void> {
  for await (const request of requests) take(request)
}

// The two libraries have messages of their own; what both know is the wire.
const toHandler = (method: DescMethod, request: Message): HelloRequest__Output =>
  echoService[method.name]?.requestDeserialize(Buffer.from(toBinary(method.input, request)))
const fromHandler = (method: DescMethod, reply: HelloResponse): Message =>
  fromBinary(method.output, echoService[method.name]?.responseSerialize(reply) as Buffer)

/** Connect's codes are gRPC's. */
function connectError({ code = Code.Unknown, details = '' }: Status): ConnectError {
  return new ConnectError(details, code as Code)
}
