import { addAdminServicesToServer, Server } from '@grpc/grpc-js'
import { ReflectionService } from '@grpc/reflection'
import { HealthImplementation } from 'grpc-health-check'
import { orcaService } from './balancing/load-reports/orca-service.ts'
import type { ServerConfig } from './config.ts'
import { echoHandlers, type HandlerParts } from './echo-handlers.ts'
import { identityMetadata } from './identity.ts'
import { listenOn } from './listen-on.ts'
import { loadReportHandlers } from './load-reports/load-report-handlers.ts'
import type { LoadSource } from './load-reports/load-source.ts'
import { namedHost } from './named-host.ts'
import { OpenStreams } from './open-streams.ts'
import { echoService, echoServiceName, reflectedPackage } from './wire.ts'

/** What a server needs besides its options. */
export interface ServerParts extends Omit<HandlerParts, 'openStreams'> {
  /** Whose load clients are told; undefined: they are told nothing. */
  readonly load?: LoadSource | undefined
}

/** A listening server. */
export interface EchoServer {
  readonly server: Server
  readonly health: HealthImplementation
  readonly openStreams: OpenStreams
  /** Where it listens, `address:port`. */
  readonly address: string
}

/** Starts Echo, health, reflection, channelz and load reports on `config.listen`; rejects with one sentence when it cannot. */
export async function startEchoServer(config: ServerConfig, parts: ServerParts): Promise<EchoServer> {
  const server = new Server({
    'grpc.max_receive_message_length': config.maxReceiveMessageBytes,
    'grpc.max_send_message_length': config.maxSendMessageBytes,
    'grpc.max_concurrent_streams': config.maxConcurrentStreams,
    ...(config.keepaliveTimeSeconds > 0 && {
      'grpc.keepalive_time_ms': config.keepaliveTimeSeconds * 1000,
      'grpc.keepalive_timeout_ms': config.keepaliveTimeoutSeconds * 1000,
    }),
    ...(config.maxConnectionAgeSeconds > 0 && {
      'grpc.max_connection_age_ms': config.maxConnectionAgeSeconds * 1000,
      'grpc.max_connection_age_grace_ms': config.maxConnectionAgeGraceSeconds * 1000,
    }),
    // grpc-js lifts Node's bound of memory per HTTP/2 session; this is Node's own default, in MB.
    'grpc-node.max_session_memory': 10,
  })
  const openStreams = new OpenStreams()
  server.addService(echoService, echoHandlers({ ...parts, openStreams }))
  const host = openStreams.notedOn(namedHost(server, identityMetadata(parts.identity)))
  const health = new HealthImplementation({ '': 'SERVING', [echoServiceName]: 'SERVING' })
  health.addToServer(host)
  if (parts.load) host.addService(orcaService(), loadReportHandlers(parts.load))
  new ReflectionService(reflectedPackage).addToServer(host)
  addAdminServicesToServer(server)
  return { server, health, openStreams, address: await listenOn(server, '--listen', config.listen) }
}
