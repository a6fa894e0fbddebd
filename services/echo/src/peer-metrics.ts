import { Counter, Gauge, type Registry } from '@prometheus-io/client'
import type { Subchannel } from './connection.ts'
import { statusLabel } from './status.ts'
import { maxPeers, otherPeers } from './tally.ts'

/** What the client knows of its channel when it is scraped. */
export interface ChannelFacts {
  readonly policy: string
  readonly subchannels: () => Subchannel[]
}

/** The series no gRPC library has: calls per peer, and how many connections they could have used. */
export class PeerMetrics {
  private readonly perPeer: Counter<'grpc_target' | 'peer' | 'grpc_code'>
  private readonly truncated: Counter
  private readonly peers = new Set<string>()
  private readonly target: string

  constructor(registry: Registry, target: string) {
    this.target = target
    this.perPeer = new Counter({
      name: 'grpc_lb_client_peer_handled_total',
      help: 'Calls completed, by the peer that served them; peer="none" when none answered.',
      labelNames: ['grpc_target', 'peer', 'grpc_code'],
      registers: [registry],
    })
    this.truncated = new Counter({
      name: 'grpc_lb_peers_truncated_total',
      help: `Calls counted under peer="${otherPeers}" because over ${maxPeers} peers were seen.`,
      registers: [registry],
    })
  }

  /** Adds the gauges that are read from the channel at every scrape. */
  describeChannel(registry: Registry, { policy, subchannels }: ChannelFacts): void {
    const grpc_target = this.target
    const gauge = (name: string, help: string, value: () => number) =>
      new Gauge({
        name,
        help,
        labelNames: ['grpc_target'],
        registers: [registry],
        collect() {
          this.set({ grpc_target }, value())
        },
      })
    gauge('grpc_lb_client_endpoints', 'Addresses the policy knows.', () => subchannels().length)
    gauge('grpc_lb_client_ready_subchannels', 'Addresses with a live connection.', () => {
      return subchannels().filter(({ state }) => state === 'READY').length
    })
    new Gauge({
      name: 'grpc_lb_client_info',
      help: 'Constant 1; labels say which policy the channel uses.',
      labelNames: ['grpc_target', 'policy'],
      registers: [registry],
    }).set({ grpc_target, policy }, 1)
  }

  handled(peer: string | undefined, code: number): void {
    this.perPeer.inc({ grpc_target: this.target, peer: this.capped(peer ?? 'none'), grpc_code: statusLabel(code) })
  }

  private capped(peer: string): string {
    if (this.peers.has(peer)) return peer
    if (this.peers.size >= maxPeers) {
      this.truncated.inc()
      return otherPeers
    }
    this.peers.add(peer)
    return peer
  }
}
