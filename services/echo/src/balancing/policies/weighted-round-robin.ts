import { type experimental as grpc, Metadata } from '@grpc/grpc-js'
import { ReportStream } from '../load-reports/report-stream.ts'
import { ReportedWeight } from '../load-reports/reported-weight.ts'
import { LeafPolicy } from './leaf-policy.ts'
import type { Peer } from './peer.ts'
import { registerPolicy } from './policy-config.ts'
import { slowStartFactor } from './slow-start.ts'
import { StaticStride } from './static-stride.ts'
import { readWeightedRoundRobin, type WeightedRoundRobinSettings } from './weighted-round-robin-settings.ts'

/** The policy's name in a service config. grpc-js has a weighted_round_robin of its own, which stays what it is. */
export const weightedRoundRobinName = 'evenly_weighted_round_robin'

/**
 * Makes grpc-js know `evenly_weighted_round_robin`: peers take turns in proportion to calls a second by utilization, as their
 * servers report both (gRFC A58, out of band). Whose load is not known gets as much as the others on average. Close a client
 * that ends: the reports keep its connections in use. More than once is as good as once.
 */
export function registerWeightedRoundRobin(): void {
  registerPolicy(weightedRoundRobinName, WeightedRoundRobin, readWeightedRoundRobin)
}

/** One connection's reports, and what follows from them. */
interface Load {
  readonly stream: ReportStream
  readonly weight: ReportedWeight
  readonly periodSeconds: number
}

class WeightedRoundRobin extends LeafPolicy<WeightedRoundRobinSettings> {
  private readonly loads = new Map<Peer, Load>()
  private settings: WeightedRoundRobinSettings | undefined
  /** Goes on over updates, which are not to favour the first peers of the list. */
  private readonly turns = { nextTurn: Math.floor(Math.random() * 2 ** 32) }
  private saidUnsupported = false

  constructor(parent: grpc.ChannelControlHelper) {
    super(parent, weightedRoundRobinName)
  }

  protected picker(ready: readonly Peer[], settings: WeightedRoundRobinSettings): grpc.Picker {
    this.settings = settings
    for (const peer of ready) this.watch(peer, settings.reportingPeriodSeconds)
    return new WeightedPicker(ready, settings, (peer) => this.loads.get(peer)?.weight, this.turns)
  }

  protected override lost(peer: Peer): void {
    this.loads.get(peer)?.stream.close()
    this.loads.delete(peer)
  }

  /** Asks for the peer's reports, where that is not done already over this very connection. */
  private watch(peer: Peer, periodSeconds: number): void {
    const subchannel = subchannelOf(peer)
    if (subchannel === null) return
    const channel = subchannel.getChannel()
    const known = this.loads.get(peer)
    if (known?.stream.channel === channel && known.periodSeconds === periodSeconds) return
    known?.stream.close()
    // Asked otherwise over the same connection, it goes on where it was.
    const weight = known?.stream.channel === channel ? known.weight : new ReportedWeight()
    const stream = new ReportStream(channel, {
      periodSeconds,
      reported: (report) => weight.report(report, this.settings?.errorUtilizationPenalty ?? 1, nowSeconds()),
      unsupported: () => this.sayUnsupported(subchannel.getAddress()),
    })
    this.loads.set(peer, { stream, weight, periodSeconds })
  }

  /** Once for a client: a service's pods are mostly alike. */
  private sayUnsupported(address: string): void {
    if (this.saidUnsupported) return
    this.saidUnsupported = true
    process.emitWarning(
      `${weightedRoundRobinName}: ${address} reports no load (UNIMPLEMENTED) and gets as many calls as the others on average: serve xds.service.orca.v3.OpenRcaService there.`,
      { type: 'EvenlyWarning', code: 'EVENLY_NO_LOAD_REPORTS' },
    )
  }
}

/** Gives turns by the weights of now, made anew each `weightUpdatePeriod`. */
export class WeightedPicker implements grpc.Picker {
  private readonly peers: readonly Peer[]
  private readonly settings: WeightedRoundRobinSettings
  private readonly weightOf: (peer: Peer) => ReportedWeight | undefined
  private readonly turns: { nextTurn: number }
  private schedule: StaticStride | undefined
  private weighAgainAt = 0

  /** @param turns where to begin; it is told where the next picker is to go on. */
  constructor(
    peers: readonly Peer[],
    settings: WeightedRoundRobinSettings,
    weightOf: (peer: Peer) => ReportedWeight | undefined,
    turns: { nextTurn: number },
  ) {
    this.peers = peers
    this.settings = settings
    this.weightOf = weightOf
    this.turns = turns
  }

  pick(args: grpc.PickArgs): grpc.PickResult {
    const now = nowSeconds()
    if (this.schedule === undefined || now >= this.weighAgainAt) this.schedule = this.weigh(now)
    const peer = this.peers[this.schedule.next()] as Peer
    this.turns.nextTurn = this.schedule.nextTurn
    return peer.leaf.getPicker().pick(args)
  }

  private weigh(now: number): StaticStride {
    const { slowStart, weightUpdatePeriodSeconds } = this.settings
    this.weighAgainAt = now + weightUpdatePeriodSeconds
    const weights = this.peers.map((peer) => this.weightOf(peer)?.at(now, this.settings))
    const factors = this.peers.map(({ readySince }) =>
      slowStartFactor(readySince === undefined ? 0 : now - readySince / 1000, slowStart),
    )
    return new StaticStride(weights, factors, this.turns.nextTurn)
  }
}

const noCall = { metadata: new Metadata(), extraPickInfo: {} }

/** The connection that calls to the peer take. */
function subchannelOf(peer: Peer): grpc.SubchannelInterface | null {
  return peer.leaf.getPicker().pick(noCall).subchannel
}

function nowSeconds(): number {
  return performance.now() / 1000
}
