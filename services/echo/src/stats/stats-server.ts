import { addAdminServicesToServer, Server } from '@grpc/grpc-js'
import { ReflectionService } from '@grpc/reflection'
import { listenOn } from '../listen-on.ts'
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
  return { address: await listenOn(server, '--stats-listen', listen), close: () => server.forceShutdown() }
}
