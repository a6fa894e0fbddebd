import { type handleUnaryCall, Server, ServerCredentials } from '@grpc/grpc-js'
import { HealthImplementation, type ServingStatusMap } from 'grpc-health-check'

/** A gRPC server of somebody else: it knows nothing of Echo and does not say who it is. */
export interface ForeignServer {
  /** What a client dials and is told it reached: `address:port`, or `unix:` and a path. */
  readonly address: string
  /** Health checks that it got. */
  checks(): number
  stop(): Promise<void>
}

/** Service to its status; or a server without a health service, or one whose health service never answers. */
export type Health = Readonly<Record<string, string>> | 'none' | 'silent'

export async function startForeign(address: string, health: Health = { '': 'SERVING' }): Promise<ForeignServer> {
  const server = new Server()
  const checks = health === 'none' ? () => 0 : addHealth(server, health)
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error) => (error ? reject(error) : resolve()))
  })
  const stop = async () => {
    const stopped = new Promise((resolve) => server.tryShutdown(resolve))
    server.forceShutdown()
    await stopped
  }
  return { address, checks, stop }
}

/** Adds the health service as its package brings it; returns how many checks it got. */
function addHealth(server: Server, health: Exclude<Health, 'none'>): () => number {
  let checks = 0
  // The types know only the statuses that a well-behaved server has.
  const states = health === 'silent' ? {} : (health as ServingStatusMap)
  new HealthImplementation(states).addToServer({
    addService(service, implementation) {
      const check: handleUnaryCall<unknown, unknown> = (call, callback) => {
        checks++
        if (health !== 'silent') (implementation.check as typeof check)(call, callback)
      }
      server.addService(service, { ...implementation, check })
    },
  })
  return () => checks
}
