import { experimental as grpc, Metadata } from '@grpc/grpc-js'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { chiSquareSurvival } from '../../../../scripts/lib/chi-square.ts'
import { LeastRequestPicker } from '../../../../services/echo/src/balancing/policies/least-request-picker.ts'
import { readLeastRequest } from '../../../../services/echo/src/balancing/policies/least-request-settings.ts'
import type { Peer } from '../../../../services/echo/src/balancing/policies/peer.ts'
import { seededRandom } from '../../../scripts/seeded-tally.ts'

/** Chance that a test fails though the picker is right; the seeds are fixed, so that it does so always or never. */
const alpha = 0.001
const picks = 30_000

/** A peer that only counts; its calls end when a test says so. */
class CountedPeer {
  active = 0
  picked = 0
  weight: number
  readySince: number | undefined

  constructor({
    active = 0,
    weight = 1,
    readySince = 0,
  }: { active?: number; weight?: number; readySince?: number } = {}) {
    this.active = active
    this.weight = weight
    this.readySince = readySince
  }

  pick(): grpc.PickResult {
    this.picked++
    return {
      pickResultType: grpc.PickResultType.QUEUE,
      subchannel: null,
      status: null,
      onCallStarted: null,
      onCallEnded: null,
    }
  }
}

const peersOf = (...given: ConstructorParameters<typeof CountedPeer>[0][]) => given.map((one) => new CountedPeer(one))
const args = { metadata: new Metadata(), extraPickInfo: {} }

function pickerOf(peers: readonly CountedPeer[], json: object = {}, seed = 20_261_122): LeastRequestPicker {
  return new LeastRequestPicker(peers as unknown as Peer[], readLeastRequest(json), seededRandom(seed))
}

/** Picks so often, and gives how often each peer was picked. */
function tally(peers: readonly CountedPeer[], json: object = {}, times = picks): number[] {
  const picker = pickerOf(peers, json)
  for (let pick = 0; pick < times; pick++) picker.pick(args)
  return peers.map(({ picked }) => picked)
}

/** Holds that so many calls fit these shares, of which those of 0 get none at all. */
function expectShares(counts: readonly number[], parts: readonly number[]): void {
  const calls = counts.reduce((a, b) => a + b)
  const whole = parts.reduce((a, b) => a + b)
  const expected = parts.map((part) => (part / whole) * calls)
  expect(counts.filter((_, at) => parts[at] === 0).every((count) => count === 0)).toBe(true)
  const some = expected.map((share, at) => [share, counts[at] as number] as const).filter(([share]) => share > 0)
  if (some.length === 1) return
  const x = some.reduce((sum, [share, count]) => sum + (count - share) ** 2 / share, 0)
  expect(chiSquareSurvival(x, some.length - 1)).toBeGreaterThan(alpha)
}

afterEach(() => void vi.useRealTimers())

describe('least_request', () => {
  it.each([2, 3, 4, 5, 10, 100])('picks idle peers alike, of however many choices: %d', (choiceCount) => {
    expectShares(tally(peersOf({}, {}, {}, {}, {}), { choiceCount }), [1, 1, 1, 1, 1])
  })

  it.each([2, 3, 4, 10])('picks idle peers by weight, of however many choices: %d', (choiceCount) => {
    const peers = peersOf({ weight: 1 }, { weight: 2 }, { weight: 5 }, { weight: 0.5 })
    expectShares(tally(peers, { choiceCount }), [1, 2, 5, 0.5])
  })

  it('picks the only peer there is', () => {
    expect(tally(peersOf({ active: 7, weight: 3 }), {}, 10)).toEqual([10])
  })

  it('never picks the busier one of two', () => {
    expect(tally(peersOf({ active: 4 }, { active: 3 }), {}, 1000)).toEqual([0, 1000])
  })

  // Of all pairs and triples of four, those in which a peer is the least busy.
  it.each([
    [2, [3, 2, 1, 0]],
    [3, [3, 1, 0, 0]],
    [4, [1, 0, 0, 0]],
    [100, [1, 0, 0, 0]],
  ])('compares different peers: %d of four', (choiceCount, shares) => {
    expectShares(tally(peersOf({ active: 0 }, { active: 1 }, { active: 2 }, { active: 3 }), { choiceCount }), shares)
  })

  it('picks alike among the least busy ones', () => {
    const peers = peersOf({ active: 2 }, { active: 1 }, { active: 1 }, { active: 1 })
    expectShares(tally(peers, { choiceCount: 4 }), [0, 1, 1, 1])
  })

  // Taken without putting back: 3/6 x 2/3 the first then the second, and so on; the less loaded for its weight wins.
  it('compares calls in flight for their weight', () => {
    const peers = peersOf({ weight: 3, active: 2 }, { weight: 2, active: 2 }, { weight: 1, active: 0 })
    const pair = (a: number, b: number) => (a / 6) * (b / (6 - a)) + (b / 6) * (a / (6 - b))
    expectShares(tally(peers), [pair(3, 2), 0, pair(3, 1) + pair(2, 1)])
  })

  it('gives calls in flight as much say as the bias has it', () => {
    const peers = () => peersOf({ weight: 4, active: 3 }, { weight: 1, active: 1 })
    expect(tally(peers(), { activeRequestBias: 1 }, 100)).toEqual([100, 0])
    expect(tally(peers(), { activeRequestBias: 2 }, 100)).toEqual([0, 100])
    expectShares(tally(peers(), { activeRequestBias: 0 }), [4, 1])
    expectShares(tally(peersOf({ active: 9 }, {}, {}), { activeRequestBias: 0 }), [1, 1, 1])
  })
})

describe('least_request under a closed loop', () => {
  /** So many callers without a pause, peers that serve as many calls as come, each in its own time; by simulated time. */
  function serve(peers: readonly CountedPeer[], milliseconds: readonly number[], json: object = {}) {
    const picker = pickerOf(peers, json)
    const inFlight: { readonly at: CountedPeer; readonly until: number }[] = []
    const activeSum = peers.map(() => 0)
    for (let call = 0, now = 0; call < picks; call++) {
      const before = peers.map(({ picked }) => picked)
      picker.pick(args)
      const to = peers.findIndex(({ picked }, at) => picked !== before[at])
      const at = peers[to] as CountedPeer
      at.active++
      inFlight.push({ at, until: now + (milliseconds[to] as number) })
      if (inFlight.length < 16) continue
      inFlight.sort((a, b) => b.until - a.until)
      const ended = inFlight.pop()
      if (ended) ended.at.active--
      now = ended?.until ?? now
      for (const [index, { active }] of peers.entries()) activeSum[index] = (activeSum[index] as number) + active
    }
    const part = (counts: readonly number[]) => counts.map((count) => count / counts.reduce((a, b) => a + b))
    return { shares: part(peers.map(({ picked }) => picked)), active: part(activeSum) }
  }

  it('gives a peer that takes ten times as long about a tenth of what others get', () => {
    const { shares } = serve(peersOf({}, {}, {}, {}), [5, 5, 5, 50])
    expect(shares[3]).toBeLessThan(0.05)
    expect(Math.max(...shares) / Math.min(...shares.slice(0, 3))).toBeLessThan(1.05)
    const { shares: blind } = serve(peersOf({}, {}, {}, {}), [5, 5, 5, 50], { activeRequestBias: 0 })
    expect(blind[3]).toBeGreaterThan(0.23)
  })

  it('keeps calls in flight in proportion to weights', () => {
    const { active } = serve(peersOf({ weight: 4 }, { weight: 2 }, { weight: 1 }, { weight: 1 }), [5, 5, 5, 5])
    const wanted = [0.5, 0.25, 0.125, 0.125]
    for (const [at, part] of active.entries()) expect(Math.abs(part - (wanted[at] as number))).toBeLessThan(0.04)
  })
})

describe('least_request with slow start', () => {
  const slowStart = { window: '10s', aggression: 1, minWeightPercent: 10 }

  it.each([
    [0, 0.1],
    [0.5, 0.1],
    [2.5, 0.25],
    [7.5, 0.75],
    [10, 1],
    [60, 1],
  ])('picks an idle peer of %d s by the part it has grown to', (seconds, part) => {
    vi.useFakeTimers({ toFake: ['performance'], now: 0 })
    const peers = peersOf({}, {}, { readySince: 100_000 - seconds * 1000 })
    vi.advanceTimersByTime(100_000)
    expectShares(tally(peers, { slowStart }), [1, 1, part])
  })

  it('looks at its peers again as they grow, without another picker', () => {
    vi.useFakeTimers({ toFake: ['performance'], now: 0 })
    vi.advanceTimersByTime(100_000)
    const peers = peersOf({}, { readySince: 100_000 })
    const picker = pickerOf(peers, { slowStart })
    const counts = () => {
      for (const peer of peers) peer.picked = 0
      for (let pick = 0; pick < picks; pick++) picker.pick(args)
      return peers.map(({ picked }) => picked)
    }
    expectShares(counts(), [1, 0.1])
    vi.advanceTimersByTime(5000)
    expectShares(counts(), [1, 0.5])
    vi.advanceTimersByTime(5001)
    expectShares(counts(), [1, 1])
  })

  it('holds a new peer back though it is idle while others are busy', () => {
    vi.useFakeTimers({ toFake: ['performance'], now: 0 })
    vi.advanceTimersByTime(100_000)
    const peers = peersOf({ active: 4 }, { active: 1, readySince: 100_000 })
    expect(tally(peers, { slowStart }, 100)).toEqual([100, 0])
  })

  it('multiplies weights', () => {
    vi.useFakeTimers({ toFake: ['performance'], now: 0 })
    vi.advanceTimersByTime(100_000)
    expectShares(tally(peersOf({}, { weight: 8, readySince: 95_000 }), { slowStart }), [1, 4])
  })
})
