import type { Registry } from '@prometheus-io/client'
import type { Subchannel } from '../connection.ts'
import { statusLabel } from '../status.ts'
import { keptSeconds, maxPeers, otherPeers } from '../tally.ts'
import { counter, gauge, type Sample } from './collected.ts'
import { PeerCalls } from './peer-calls.ts'

/** The peer of calls that nobody answered. */
const nobody = 'none'

/** Distinct values of the label are `maxPeers`, these two included. */
const maxNamed = maxPeers - [nobody, otherPeers].length

/** The series no gRPC library has: calls per peer. A peer is there, with zeros, from the moment it is known. */
export class PeerMetrics {
  private readonly peers = new Map<string, PeerCalls>()
  /** Address to the peer that answered from it last: a proxy's stands for one pod after another. */
  private readonly answeredFrom = new Map<string, PeerCalls>()
  private readonly target: string
  private subchannels: () => readonly Subchannel[] = () => []
  /** What is exported, as the scrape that runs has found it. */
  private shown: readonly (readonly [peer: string, calls: PeerCalls])[] = []
  private truncated = 0

  constructor(registry: Registry, target: string) {
    this.target = target
    const labelNames = ['grpc_target', 'peer']
    const name = (suffix: string) => `grpc_lb_client_peer_${suffix}`
    // All of a scrape is collected in one go, in the order of registration: this one first.
    const startedHelp = 'Calls that a peer took, or that ended without one, under the peer none.'
    counter(registry, { name: name('started_total'), help: startedHelp, labelNames }, () => {
      this.shown = this.current()
      return this.each(({ started }) => started)
    })
    const handledHelp = 'Calls completed, by the peer that served them; none when nobody answered.'
    counter(
      registry,
      { name: name('handled_total'), help: handledHelp, labelNames: [...labelNames, 'grpc_code'] },
      () =>
        this.shown.flatMap(([peer, { handled }]) =>
          [...handled].map(([code, calls]): Sample => [{ ...this.labels(peer), grpc_code: statusLabel(code) }, calls]),
        ),
    )
    const inFlightHelp = 'Calls that a peer has begun to answer and not ended: started less handled.'
    gauge(registry, { name: name('in_flight'), help: inFlightHelp, labelNames }, () =>
      this.each(({ started, ended }) => started - ended),
    )
    const truncatedHelp = `Calls counted under the peer ${otherPeers} because ${maxNamed} others were known already.`
    counter(registry, { name: 'grpc_lb_peers_truncated_total', help: truncatedHelp }, () => [[{}, this.truncated]])
  }

  /** The addresses that the policy knows have their zeros too, from then on. */
  watch(subchannels: () => readonly Subchannel[]): void {
    this.subchannels = subchannels
  }

  /**
   * Notes that a peer has a call; who calls tells the result when the call ends.
   * @param peer undefined when the call ended and nobody had answered.
   * @param address where the answer came from; undefined when that is not known.
   */
  started(peer: string | undefined, address?: string): PeerCalls {
    const calls = this.callsOf(peer ?? nobody)
    calls.started++
    calls.lastSeen = Date.now()
    if (address !== undefined) this.answeredFrom.set(address, calls)
    return calls
  }

  private callsOf(peer: string): PeerCalls {
    const known = this.peers.get(peer)
    if (known) return known
    const reserved = peer === nobody || peer === otherPeers
    if (!reserved && this.named() >= maxNamed) {
      this.truncated++
      return this.callsOf(otherPeers)
    }
    const calls = new PeerCalls()
    this.peers.set(peer, calls)
    return calls
  }

  private named(): number {
    return this.peers.size - Number(this.peers.has(nobody)) - Number(this.peers.has(otherPeers))
  }

  /** Every peer that is not gone, and the addresses that nobody has answered from yet. */
  private current(): [peer: string, calls: PeerCalls][] {
    const addresses = new Set(this.subchannels().map(({ address }) => address))
    this.forgetGone(addresses)
    const silent = [...addresses].filter((address) => !this.answeredFrom.has(address) && !this.peers.has(address))
    const room = Math.max(0, maxNamed - this.named())
    return [...this.peers, ...silent.slice(0, room).map((address): [string, PeerCalls] => [address, new PeerCalls()])]
  }

  /** A peer that served nothing for 15 minutes, and is not connected either, is gone, and so are its series. */
  private forgetGone(addresses: ReadonlySet<string>): void {
    const now = Date.now()
    for (const address of addresses) {
      const calls = this.answeredFrom.get(address) ?? this.peers.get(address)
      if (calls) calls.lastSeen = now
    }
    const gone = (calls: PeerCalls) => calls.started === calls.ended && calls.lastSeen < now - keptSeconds * 1000
    for (const [peer, calls] of this.peers) if (gone(calls)) this.peers.delete(peer)
    for (const [address, calls] of this.answeredFrom) if (gone(calls)) this.answeredFrom.delete(address)
  }

  private each(value: (calls: PeerCalls) => number): Sample[] {
    return this.shown.map(([peer, calls]) => [this.labels(peer), value(calls)])
  }

  private labels(peer: string) {
    return { grpc_target: this.target, peer }
  }
}
