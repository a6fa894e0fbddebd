import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import { Histogram, type Registry } from '@prometheus-io/client'
import { counter, gauge } from './collected.ts'

/** A connection that a client holds to the gRPC port. */
export interface OpenConnection {
  /** Without the port, which is another for every connection. */
  readonly remoteAddress: string
  readonly ageSeconds: number
}

/** Node's channel that hears of every socket a server of this process accepts. */
const channelName = 'net.server.socket'

/** Seconds: from a probe's connection, by usual limits of age, to a day. */
const ageBuckets = [1, 10, 30, 60, 120, 300, 600, 1800, 3600, 14_400, 86_400]

/** The connections to the gRPC port, whoever opened them: clients, proxies and probes. grpc-js itself tells of none. */
export class ServerConnections {
  /** In order of age, the oldest first. */
  private readonly sockets = new Map<Socket, { readonly remoteAddress: string; readonly acceptedAt: number }>()
  private readonly ages: Histogram
  private port: number | undefined
  private accepted = 0

  /** @param maxConnectionAgeSeconds the server's option; 0: connections live for ever. */
  constructor(registry: Registry, maxConnectionAgeSeconds: number) {
    const name = (suffix: string) => `grpc_lb_server_${suffix}`
    const open = 'Connections that are open on the gRPC port.'
    gauge(registry, { name: name('connections'), help: open }, () => [[{}, this.sockets.size]])
    const accepted = 'Connections accepted on the gRPC port.'
    counter(registry, { name: name('connections_accepted_total'), help: accepted }, () => [[{}, this.accepted]])
    const oldest = 'Seconds since the oldest open connection was accepted; 0 when none is open.'
    gauge(registry, { name: name('oldest_connection_age_seconds'), help: oldest }, () => [
      [{}, this.open()[0]?.ageSeconds ?? 0],
    ])
    const limit = 'Age at which the server asks a client to connect anew; 0 when never.'
    gauge(registry, { name: name('max_connection_age_seconds'), help: limit }, () => [[{}, maxConnectionAgeSeconds]])
    this.ages = new Histogram({
      name: name('connection_age_seconds'),
      help: 'Seconds that connections to the gRPC port had lived when they closed.',
      buckets: ageBuckets,
      registers: [registry],
    })
  }

  /** Counts the connections to the port of this `address:port` from now on, until `close`. */
  watch(address: string): void {
    this.port = Number(address.slice(address.lastIndexOf(':') + 1))
    subscribe(channelName, this.onSocket)
  }

  /** The oldest first. */
  open(): OpenConnection[] {
    const now = performance.now()
    return [...this.sockets.values()].map(({ remoteAddress, acceptedAt }) => {
      return { remoteAddress, ageSeconds: (now - acceptedAt) / 1000 }
    })
  }

  close(): void {
    unsubscribe(channelName, this.onSocket)
  }

  private readonly onSocket = (message: unknown): void => {
    const { socket } = message as { socket: Socket }
    if (socket.localPort !== this.port) return
    const acceptedAt = performance.now()
    this.accepted++
    // An IPv4 client of a listener for both families has an IPv6 name.
    const remoteAddress = socket.remoteAddress?.replace(/^::ffff:/, '') ?? 'unknown'
    this.sockets.set(socket, { remoteAddress, acceptedAt })
    socket.once('close', () => {
      this.sockets.delete(socket)
      this.ages.observe((performance.now() - acceptedAt) / 1000)
    })
  }
}
