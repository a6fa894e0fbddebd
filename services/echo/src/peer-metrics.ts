import { Gauge, type Registry } from '@prometheus-io/client'
import type { Subchannel } from './connection.ts'
import { counter, type Sample } from './metrics.ts'
import { statusLabel } from './status.ts'
import { keptSeconds, maxPeers, otherPeers } from './tally.ts'

/** What the client knows of its channel when it is scraped. */
export interface ChannelFacts {
  readonly policy: string
  readonly subchannels: () => Subchannel[]
}

interface PeerCalls {
  lastSeen: number
  /** gRPC status code to calls. */
  readonly handled: Map<number, number>
}

/** The series no gRPC library has: calls per peer, and how many connections they could have used. */
export class PeerMetrics {
  private readonly peers = new Map<string, PeerCalls>()
  private readonly target: string
  private truncated = 0

  constructor(registry: Registry, target: string) {
    this.target = target
    const name = 'grpc_lb_client_peer_handled_total'
    const help = 'Calls completed, by the peer that served them; peer="none" when none answered.'
    counter(registry, name, help, ['grpc_target', 'peer', 'grpc_code'], () => this.samples())
    const overflow = `Calls counted under peer="${otherPeers}" because over ${maxPeers} peers were seen.`
    counter(registry, 'grpc_lb_peers_truncated_total', overflow, [], () => [[{}, this.truncated]])
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
    const calls = this.callsOf(peer ?? 'none')
    calls.lastSeen = Date.now()
    calls.handled.set(code, (calls.handled.get(code) ?? 0) + 1)
  }

  private callsOf(peer: string): PeerCalls {
    const known = this.peers.get(peer)
    if (known) return known
    if (this.peers.size >= maxPeers && peer !== otherPeers) {
      this.truncated++
      return this.callsOf(otherPeers)
    }
    const calls = { lastSeen: 0, handled: new Map([[0, 0]]) }
    this.peers.set(peer, calls)
    return calls
  }

  /** A peer that served nothing for 15 minutes is gone, and so are its series. */
  private samples(): Sample[] {
    const from = Date.now() - keptSeconds * 1000
    for (const [peer, { lastSeen }] of this.peers) if (lastSeen < from) this.peers.delete(peer)
    const grpc_target = this.target
    return [...this.peers].flatMap(([peer, { handled }]) =>
      [...handled].map(([code, calls]): Sample => [{ grpc_target, peer, grpc_code: statusLabel(code) }, calls]),
    )
  }
}
