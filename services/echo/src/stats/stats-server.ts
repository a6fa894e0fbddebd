import { addAdminServicesToServer, Server, ServerCredentials } from '@grpc/grpc-js'
import { ReflectionService } from '@grpc/reflection'
import { unavailable } from '../../../../scripts/lib/exit.ts'
import type { CallDriver } from './call-driver.ts'
import { configureHandlers } from './configure-handlers.ts'
import { statsHandlers } from './stats-handlers.ts'
import { loadStatsPackage } from './stats-wire.ts'

/** A listening stats server. */
export interface StatsServer {
  /** Where it listens, `address:port`. */
  readonly address: string
  /** Ends it with the calls that wait for their window. */
  close(): void
}

/**
 * Serves what the drivers of gRPC's interop tests ask of a client: whom its next calls reached
 * (`grpc.testing.LoadBalancerStatsService`), what to call (`XdsUpdateClientConfigureService`), and its channels
 * (`grpc.channelz.v1`). Rejects with one sentence when it cannot listen.
 */
export async function startStatsServer(listen: string, driver: CallDriver): Promise<StatsServer> {
  const { statsService, configureService, reflected } = loadStatsPackage()
  const server = new Server()
  server.addService(statsService, statsHandlers(driver.stats))
  server.addService(configureService, configureHandlers(driver))
  new ReflectionService(reflected).addToServer(server)
  addAdminServicesToServer(server)
  const port = await bind(server, listen)
  return { address: `${listen.replace(/:\d+$/, '')}:${port}`, close: () => server.forceShutdown() }
}

function bind(server: Server, listen: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(listen, ServerCredentials.createInsecure(), (error, port) => {
      if (error)
        reject(unavailable(`--stats-listen ${listen}: ${error.message}: choose a free address of this machine.`))
      else resolve(port)
    })
  })
}
