import { connectivityState, experimental as grpc, Metadata } from '@grpc/grpc-js'
import { describe, expect, it } from 'vitest'
import { HashRing } from '../../../../services/echo/src/balancing/policies/hash-ring.ts'
import type { Peer } from '../../../../services/echo/src/balancing/policies/peer.ts'
import { onRing, RingHashPicker } from '../../../../services/echo/src/balancing/policies/ring-hash-picker.ts'
import { loadXxh64 } from '../../../../services/echo/src/balancing/policies/xxh64.ts'

const hash = await loadXxh64()
const { READY, CONNECTING, TRANSIENT_FAILURE, IDLE } = connectivityState

class FakePeer {
  readonly weight = 1
  state = READY
  awaited = true
  readonly name: string

  constructor(name: string) {
    this.name = name
  }

  readonly leaf = {
    getEndpoint: () => ({ addresses: [{ host: this.name, port: 8080 }] }),
    getConnectivityState: () => this.state,
    getPicker: () => ({ pick: () => this.name }),
  }
}

/** Peers by how they come around the ring for calls of this user, and who gets such a call: 'waits' when nobody yet. */
function peersFor(user: string) {
  const peers = ['10.0.0.1', '10.0.0.2', '10.0.0.3'].map((name) => new FakePeer(name))
  const awaits = (peer: Peer) =>
    (peer as unknown as FakePeer).state !== TRANSIENT_FAILURE && (peer as unknown as FakePeer).awaited
  const ring = new HashRing(
    peers.map((peer) => onRing(peer as unknown as Peer)),
    { minRingSize: 1024, maxRingSize: 4096 },
    hash,
  )
  const picker = new RingHashPicker({ ring, requestHashHeader: 'x-user', hash, awaits })
  const metadata = new Metadata()
  metadata.set('x-user', user)
  const pick = (headers = metadata) => {
    const picked = picker.pick({ metadata: headers, extraPickInfo: {} })
    return picked.pickResultType === grpc.PickResultType.QUEUE ? 'waits' : (picked as unknown as string)
  }
  const home = peers.find(({ name }) => name === pick()) as FakePeer
  home.state = TRANSIENT_FAILURE
  const next = peers.find(({ name }) => name === pick()) as FakePeer
  home.state = READY
  return { peers, home, next, pick }
}

describe('the pick of a key', () => {
  it('waits while the peer that it belongs to is being connected', () => {
    for (const state of [CONNECTING, IDLE]) {
      const { home, pick } = peersFor('user-1')
      home.state = state
      expect(pick()).toBe('waits')
      home.state = READY
      expect(pick()).toBe(home.name)
    }
  })

  it('goes on around the ring when the peer has been waited for or has failed', () => {
    const { home, next, pick } = peersFor('user-1')
    expect(next).not.toBe(home)
    Object.assign(home, { state: CONNECTING, awaited: false })
    expect(pick()).toBe(next.name)
    home.state = TRANSIENT_FAILURE
    expect(pick()).toBe(next.name)
    next.state = CONNECTING
    expect(pick()).toBe('waits')
    next.awaited = false
    expect(pick()).not.toBe('waits')
  })

  it('waits for a change where nobody is READY', () => {
    const { peers, pick } = peersFor('user-1')
    for (const peer of peers) peer.state = TRANSIENT_FAILURE
    expect(pick()).toBe('waits')
  })

  it('waits for nobody without a key', () => {
    const { home, next, pick } = peersFor('user-1')
    home.state = CONNECTING
    next.state = CONNECTING
    for (let call = 0; call < 50; call++) expect([home.name, next.name, 'waits']).not.toContain(pick(new Metadata()))
  })
})
