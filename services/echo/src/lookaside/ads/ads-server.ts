import { Server, type ServerCredentials } from '@grpc/grpc-js'
import { listenOn } from '../../listen-on.ts'
import type { Snapshot } from '../snapshot.ts'
import { adsService } from '../xds-protos.ts'
import type { AdsCall } from './ads-messages.ts'
import { AdsStream, type StreamObserver } from './ads-stream.ts'

export interface AdsServerOptions {
  /** Where clients dial, such as 0.0.0.0:18000. */
  readonly listen: string
  readonly credentials: ServerCredentials
  /** 0: connections are not pinged. */
  readonly keepaliveTimeSeconds: number
  readonly keepaliveTimeoutSeconds: number
}

/** The clients, each told of every snapshot. */
export class AdsServer {
  private readonly server: Server
  private readonly observer: StreamObserver
  private readonly streams = new Set<AdsStream>()
  private snapshot: Snapshot | undefined

  constructor(
    options: Pick<AdsServerOptions, 'keepaliveTimeSeconds' | 'keepaliveTimeoutSeconds'>,
    observer: StreamObserver,
  ) {
    this.observer = observer
    this.server = new Server({
      ...(options.keepaliveTimeSeconds > 0 && {
        'grpc.keepalive_time_ms': options.keepaliveTimeSeconds * 1000,
        'grpc.keepalive_timeout_ms': options.keepaliveTimeoutSeconds * 1000,
      }),
    })
    this.server.addService(adsService, { StreamAggregatedResources: (call: AdsCall) => this.welcome(call) })
  }

  /** @returns where it listens, `address:port` */
  listen({ listen, credentials }: Pick<AdsServerOptions, 'listen' | 'credentials'>): Promise<string> {
    return listenOn(this.server, '--xds-listen', listen, credentials)
  }

  /** Clients that are there now. */
  get clients(): { readonly id: string; readonly zone: string }[] {
    return [...this.streams].map(({ client }) => client)
  }

  /** Until the first, clients wait: a part of the truth would have them drop what they know. */
  publish(snapshot: Snapshot, changedAt: number | undefined): void {
    this.snapshot = snapshot
    for (const stream of this.streams) stream.publish(snapshot, changedAt)
  }

  /** Sends GOAWAY, ends the streams, and cuts those that have not ended after this long. */
  async close(limitSeconds: number): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.server.tryShutdown(() => resolve())
    })
    for (const stream of this.streams) stream.end()
    const limit = setTimeout(() => this.server.forceShutdown(), limitSeconds * 1000)
    await closed
    clearTimeout(limit)
  }

  private welcome(call: AdsCall): void {
    const stream = new AdsStream(call, this.observer)
    this.streams.add(stream)
    call.once('close', () => this.streams.delete(stream))
    if (this.snapshot) stream.publish(this.snapshot, undefined)
  }
}
