import type { Registry } from '@prometheus-io/client'
import type { Subchannel } from '../connection.ts'
import { gauge } from './collected.ts'

/** What a client knows of its channel when it is scraped. */
export interface ChannelFacts {
  readonly target: string
  readonly policy: string
  readonly subchannels: () => readonly Subchannel[]
  /** How many addresses the target's name has. */
  readonly resolved: () => Promise<number>
}

/** Gauges that are read from the channel at every scrape: how many connections its calls could use, and which policy picks. */
export function channelMetrics(registry: Registry, { target, policy, subchannels, resolved }: ChannelFacts): void {
  const labelNames = ['grpc_target']
  const labels = { grpc_target: target }
  // pick_first lets go of every address but the one it took.
  const endpoints = 'Addresses that the policy knows, or that the name resolves to if those are more.'
  gauge(registry, { name: 'grpc_lb_client_endpoints', help: endpoints, labelNames }, async () => {
    const known = await resolved()
    return [[labels, Math.max(known, subchannels().length)]]
  })
  const ready = 'Addresses with a live connection.'
  gauge(registry, { name: 'grpc_lb_client_ready_subchannels', help: ready, labelNames }, () => [
    [labels, subchannels().filter(({ state }) => state === 'READY').length],
  ])
  const info = 'Constant 1; labels say which policy the channel uses.'
  gauge(registry, { name: 'grpc_lb_client_info', help: info, labelNames: [...labelNames, 'policy'] }, () => [
    [{ ...labels, policy }, 1],
  ])
}
