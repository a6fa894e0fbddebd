import { fileURLToPath } from 'node:url'
import { type Client, type handleUnaryCall, loadPackageDefinition, type ServiceClientConstructor } from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'

export interface GreetReply {
  greeting: string
  pod: string
}

export interface GreeterClient extends Client {
  greet(request: { name: string }, done: (error: Error | null, reply: GreetReply) => void): void
}

export type GreeterHandlers = { greet: handleUnaryCall<{ name: string }, GreetReply> }

const definition = loadPackageDefinition(loadSync(fileURLToPath(new URL('greeter.proto', import.meta.url))))
const { v1 } = definition.shop as unknown as { v1: { Greeter: ServiceClientConstructor } }

/** What greeter.proto says; a team would generate this from it. */
export const Greeter = v1.Greeter
