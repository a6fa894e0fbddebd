import { Registry } from '@prometheus-io/client'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Subchannel } from '../../../services/echo/src/connection.ts'
import { channelMetrics } from '../../../services/echo/src/metrics/channel-metrics.ts'
import { PeerMetrics } from '../../../services/echo/src/metrics/peer-metrics.ts'
import { resolvedCount } from '../../../services/echo/src/metrics/resolved-count.ts'
import { keptSeconds, maxPeers, otherPeers } from '../../../services/echo/src/tally.ts'
import { parseExposition, type Sample, sampleValue } from '../../support/exposition.ts'

const target = 'dns:///pods:8080'
const minute = 60_000

let registry: Registry
let metrics: PeerMetrics
let subchannels: Subchannel[]
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
  registry = new Registry()
  metrics = new PeerMetrics(registry, target)
  subchannels = []
  metrics.watch(() => subchannels)
})
afterEach(() => {
  vi.useRealTimers()
})

const ready = (address: string): Subchannel => ({ address, state: 'READY' })
const scrape = async (): Promise<Sample[]> => parseExposition(await registry.metrics())
const value = async (name: string, labels: Record<string, string> = {}) =>
  sampleValue(await registry.metrics(), name, labels)
const family = (samples: readonly Sample[], suffix: string) =>
  samples.filter(({ name }) => name === `grpc_lb_client_peer_${suffix}`)

/** What a scrape tells of a peer: started, in flight, and handled by status. */
async function peer(name: string) {
  const samples = (await scrape()).filter(({ labels }) => labels.peer === name && labels.grpc_target === target)
  const one = (suffix: string) => family(samples, suffix)[0]?.value
  const handled = family(samples, 'handled_total').map(({ labels, value }) => [labels.grpc_code, value])
  return { started: one('started_total'), inFlight: one('in_flight'), handled: Object.fromEntries(handled) }
}
const peers = async () => family(await scrape(), 'started_total').map(({ labels }) => labels.peer)
const serve = (name: string, code = 0, address?: string) => metrics.started(name, address).end(code)

describe('calls per peer', () => {
  it('are started when the peer is known, in flight until they end, and handled by status', async () => {
    const [first, second] = [metrics.started('pod-1', '10.0.0.7:8080'), metrics.started('pod-1', '10.0.0.7:8080')]
    expect(await peer('pod-1')).toEqual({ started: 2, inFlight: 2, handled: { OK: 0 } })
    first.end(0)
    second.end(5)
    expect(await peer('pod-1')).toEqual({ started: 2, inFlight: 0, handled: { OK: 1, NotFound: 1 } })
  })

  it('have the peer none when nobody answered', async () => {
    metrics.started(undefined).end(14)
    expect(await peer('none')).toEqual({ started: 1, inFlight: 0, handled: { OK: 0, Unavailable: 1 } })
  })

  it(`name at most ${maxPeers} peers in all, put the rest under one name, and count what went there`, async () => {
    serve('none-yet')
    metrics.started(undefined).end(14)
    for (let pod = 1; pod < 1000; pod++) serve(`pod-${pod}`)
    serve('none-yet')
    subchannels = [ready('10.0.0.7:8080')]
    const samples = await scrape()
    for (const suffix of ['started_total', 'in_flight']) {
      const named = new Set(family(samples, suffix).map(({ labels }) => labels.peer))
      expect(named.size).toBe(maxPeers)
      expect(family(samples, suffix)).toHaveLength(maxPeers)
      expect([...named]).toEqual(expect.arrayContaining(['none', otherPeers, 'none-yet']))
    }
    expect(family(samples, 'handled_total').filter(({ labels }) => labels.grpc_code === 'OK')).toHaveLength(maxPeers)
    const others = 1000 - (maxPeers - 2)
    expect(await peer(otherPeers)).toMatchObject({ started: others, handled: { OK: others } })
    expect(await peer('none-yet')).toMatchObject({ started: 2 })
    expect(await value('grpc_lb_peers_truncated_total')).toBe(others)
    const all = family(samples, 'handled_total').reduce((sum, { value }) => sum + value, 0)
    expect(all).toBe(1002)
  })
})

describe('the zeros of peers', () => {
  it('stand under the address of every endpoint that never answered, until the pod there has named itself', async () => {
    subchannels = [ready('10.0.0.7:8080'), { address: '10.0.0.8:8080', state: 'TRANSIENT_FAILURE' }]
    expect(await peers()).toEqual(['10.0.0.7:8080', '10.0.0.8:8080'])
    expect(await peer('10.0.0.8:8080')).toEqual({ started: 0, inFlight: 0, handled: { OK: 0 } })
    serve('pod-1', 0, '10.0.0.7:8080')
    expect(await peers()).toEqual(['pod-1', '10.0.0.8:8080'])
    subchannels = []
    expect(await peers()).toEqual(['pod-1'])
  })

  it('go on in the series of a peer whose only name is its address', async () => {
    subchannels = [ready('10.0.0.7:50051')]
    expect(await peer('10.0.0.7:50051')).toMatchObject({ started: 0 })
    serve('10.0.0.7:50051')
    expect(await peer('10.0.0.7:50051')).toMatchObject({ started: 1, handled: { OK: 1 } })
    expect(await peers()).toEqual(['10.0.0.7:50051'])
  })

  it('leave room for peers that answer', async () => {
    subchannels = Array.from({ length: 300 }, (_, n) => ready(`10.0.1.${n}:8080`))
    expect(await peers()).toHaveLength(maxPeers - 2)
    serve('pod-1')
    expect(await peers()).toHaveLength(maxPeers - 2)
    expect(await peers()).toContain('pod-1')
  })
})

describe('the series of a peer', () => {
  it(`go ${keptSeconds / 60} minutes after it answered last, and those of others stay`, async () => {
    serve('gone')
    vi.advanceTimersByTime(10 * minute)
    serve('here')
    vi.advanceTimersByTime(5 * minute)
    expect(await peers()).toEqual(['gone', 'here'])
    vi.advanceTimersByTime(1)
    expect(await peers()).toEqual(['here'])
  })

  it('stay as they are while it is connected, idle or not, and go when its address is gone as long', async () => {
    subchannels = [ready('10.0.0.7:8080'), ready('10.0.0.8:50051')]
    serve('pod-1', 0, '10.0.0.7:8080')
    serve('10.0.0.8:50051')
    for (let hour = 0; hour < 3; hour++) {
      vi.advanceTimersByTime(60 * minute)
      expect(await peer('pod-1')).toEqual({ started: 1, inFlight: 0, handled: { OK: 1 } })
      expect(await peer('10.0.0.8:50051')).toMatchObject({ started: 1 })
    }
    subchannels = []
    vi.advanceTimersByTime(15 * minute)
    expect(await peers()).toHaveLength(2)
    vi.advanceTimersByTime(1)
    expect(await peers()).toEqual([])
  })

  it('stay while it holds a call, however long that takes', async () => {
    const call = metrics.started('pod-1')
    vi.advanceTimersByTime(60 * minute)
    expect(await peer('pod-1')).toMatchObject({ started: 1, inFlight: 1 })
    call.end(0)
    expect(await peer('pod-1')).toMatchObject({ started: 1, inFlight: 0, handled: { OK: 1 } })
  })

  it("go behind a proxy too, whose one address is every pod's", async () => {
    subchannels = [ready('10.96.0.1:8080')]
    serve('old', 0, '10.96.0.1:8080')
    serve('new', 0, '10.96.0.1:8080')
    vi.advanceTimersByTime(16 * minute)
    expect(await peers()).toEqual(['new'])
  })

  it('go when another pod answers from its address', async () => {
    subchannels = [ready('10.0.0.7:8080')]
    serve('old', 0, '10.0.0.7:8080')
    vi.advanceTimersByTime(14 * minute)
    serve('new', 0, '10.0.0.7:8080')
    vi.advanceTimersByTime(2 * minute)
    expect(await peers()).toEqual(['new'])
  })
})

describe('how many addresses a name has', () => {
  const never = new AbortController().signal

  it('is looked up when a scrape asks', async () => {
    expect(await resolvedCount('ipv4:10.0.0.7:8080,10.0.0.8:8080', never)()).toBe(2)
    expect(await resolvedCount('localhost:8080', never)()).toBeGreaterThanOrEqual(1)
  })

  it('is 0 where it has none, and holds no scrape up', async () => {
    expect(await resolvedCount('no-such-name.invalid:8080', never)()).toBe(0)
    expect(await resolvedCount('ipv4:10.0.0.7:8080', AbortSignal.abort())()).toBe(0)
  })
})

describe('metrics of a channel', () => {
  const labels = { grpc_target: target }
  let resolved = 0
  beforeEach(() => {
    resolved = 0
    const facts = { target, policy: 'round_robin', subchannels: () => subchannels, resolved: async () => resolved }
    channelMetrics(registry, facts)
  })

  it('tell the policy, the addresses it knows and those with a connection, read at each scrape', async () => {
    expect(await value('grpc_lb_client_info', { ...labels, policy: 'round_robin' })).toBe(1)
    expect(await value('grpc_lb_client_endpoints', labels)).toBe(0)
    subchannels = [ready('10.0.0.7:8080'), { address: '10.0.0.8:8080', state: 'TRANSIENT_FAILURE' }]
    expect(await value('grpc_lb_client_endpoints', labels)).toBe(2)
    expect(await value('grpc_lb_client_ready_subchannels', labels)).toBe(1)
  })

  it('tell of more endpoints where the name has more addresses than the policy kept', async () => {
    subchannels = [ready('10.0.0.7:8080')]
    resolved = 3
    expect(await value('grpc_lb_client_endpoints', labels)).toBe(3)
    expect(await value('grpc_lb_client_ready_subchannels', labels)).toBe(1)
  })
})
