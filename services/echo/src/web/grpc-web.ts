import { setTimeout as sleep } from 'node:timers/promises'
import { type ConnectRouter, createContextKey, createContextValues, type HandlerContext } from '@connectrpc/connect'
import { fastifyConnectPlugin } from '@connectrpc/connect-fastify'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ServerConfig } from '../config.ts'
import { echoHandlers } from '../echo-handlers.ts'
import type { ServerParts } from '../echo-server.ts'
import { identityMetadata } from '../identity.ts'
import { OpenStreams } from '../open-streams.ts'
import type { ShutdownTimes } from '../shutdown.ts'
import { allowOrigins } from './cors.ts'
import { echoMethods } from './echo-descriptor.ts'
import { answerStream, answerUnary } from './handler-calls.ts'

/**
 * Echo for who has no HTTP/2 of their own to speak gRPC with, such as a web page: gRPC-web, Connect and plain JSON over
 * HTTP/1.1. The handlers are gRPC's own, so that a call is answered, counted and named alike whatever it came over.
 */
export class GrpcWeb {
  private readonly parts: ServerParts
  private readonly config: ServerConfig
  private readonly openStreams = new OpenStreams()
  private running = 0

  constructor(config: ServerConfig, parts: ServerParts) {
    this.config = config
    this.parts = parts
  }

  /** Adds `/evenly.echo.v1.Echo/*`; other routes keep their parsers and get no permission for other origins. */
  readonly routes = async (app: FastifyInstance): Promise<void> => {
    const { grpcWebOrigins, maxReceiveMessageBytes, maxSendMessageBytes } = this.config
    const exposed = Object.keys(identityMetadata(this.parts.identity).getMap())
    // What the live page of a server may press.
    app.get('/controls', () => ({ echo: true }))
    await app.register(async (scope) => {
      scope.addHook('onRequest', allowOrigins(grpcWebOrigins ?? [], exposed))
      scope.addHook('onRequest', async (_request, reply) => {
        this.running++
        reply.raw.once('close', () => this.running--)
      })
      await scope.register(fastifyConnectPlugin, {
        // gRPC itself needs HTTP/2 and has a port of its own.
        grpc: false,
        readMaxBytes: maxReceiveMessageBytes,
        writeMaxBytes: maxSendMessageBytes,
        routes: (router) => this.route(router),
        contextValues: ({ socket }: FastifyRequest) =>
          createContextValues().set(peerKey, `${socket.remoteAddress}:${socket.remotePort}`),
      })
    })
  }

  /** Ends streams as soon as that loses nothing, and waits within the server's own limits for calls to end. */
  async drain({ notReadySeconds, drainSeconds }: ShutdownTimes): Promise<void> {
    await sleep(notReadySeconds * 1000)
    this.openStreams.endAll()
    const end = performance.now() + drainSeconds * 1000
    while (this.running > 0 && performance.now() < end) await sleep(20)
  }

  private route(router: ConnectRouter): void {
    const { Hello, HelloStream } = echoHandlers({ ...this.parts, openStreams: this.openStreams })
    router.rpc(echoMethods.hello, (request, context) => answerUnary(Hello, request, webCall(context)))
    router.rpc(echoMethods.helloStream, (requests, context) => answerStream(HelloStream, requests, webCall(context)))
    allowHalfDuplex(router.handlers as ConnectRouter['handlers'][number][])
  }
}

const peerKey = createContextKey('')
const webCall = (context: HandlerContext) => ({ context, peer: context.values.get(peerKey) })

/**
 * Lets gRPC-web call a method with streams both ways over HTTP/1.1, where messages go one way and then the other. The
 * library refuses that for any protocol (505), which stays so for Connect, whose clients take such a stream for full duplex.
 */
function allowHalfDuplex(handlers: ConnectRouter['handlers'][number][]): void {
  for (const [index, handler] of handlers.entries()) {
    if (handler.method.methodKind !== 'bidi_streaming') continue
    const halfDuplex: typeof handler = Object.assign(
      (request: Parameters<typeof handler>[0]) =>
        handler(
          /^application\/grpc-web/.test(request.header.get('content-type') ?? '')
            ? { ...request, httpVersion: '2' }
            : request,
        ),
      { ...handler },
    )
    handlers[index] = halfDuplex
  }
}
