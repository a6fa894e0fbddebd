import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { failureCheck } from '../../scripts/cluster/failure-check.ts'
import { type OutcomeInput, outcomeOf } from '../../scripts/cluster/outcome.ts'
import { EvenlyError } from '../../scripts/lib/exit.ts'
import { judge, policies } from '../../scripts/lib/verdict.ts'
import { evenShares, seededRandom, tallyAtRandom } from './seeded-tally.ts'

const isOneSentence = /^[^\n]+[^.\n]\.$/

describe('outcomeOf a policy', () => {
  it.each(policies)('is what judge says of %s', (policy) => {
    const counts = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.nat({ max: 300 }), { noNullPrototype: true })
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 5 }), (counts, clients) => {
        const names = Object.keys(counts)
        const weights = policy === 'weighted' ? Object.fromEntries(names.map((name, i) => [name, i + 1])) : undefined
        const outcome = outcomeOf({ judgeAs: policy, counts, clients, weights, alpha: 0.01 })
        const inOrder = weights && Object.values(weights)
        const options = { policy, clients, weights: inOrder, names, alpha: 0.01 }
        const { verdict, reason, jain, maxOverMean, pValue } = judge(Object.values(counts), options)
        expect(outcome).toEqual({ verdict, reason, jain, maxOverMean, pValue })
      }),
      { seed: 20_261_121 },
    )
  })

  it('accepts false alarms at 0.001 and one client, when nothing else is said', () => {
    const counts = { a: 138, b: 95, c: 100 }
    expect(outcomeOf({ judgeAs: 'random', counts })).toMatchObject({ verdict: 'even' })
    expect(outcomeOf({ judgeAs: 'random', counts, alpha: 0.05 })).toMatchObject({ verdict: 'skewed' })
    expect(outcomeOf({ judgeAs: 'round_robin', counts: { a: 101, b: 99 } })).toMatchObject({ verdict: 'skewed' })
    expect(outcomeOf({ judgeAs: 'round_robin', counts: { a: 101, b: 99 }, clients: 2 }).verdict).toBe('even')
  })

  it('gives weights by name, in whatever order, and 0 to who has none', () => {
    const weights = { b: 5, a: 95 }
    expect(outcomeOf({ judgeAs: 'weighted', counts: { a: 949, b: 51 }, weights }).verdict).toBe('matches-weights')
    expect(outcomeOf({ judgeAs: 'weighted', counts: { a: 948, b: 51, c: 1 }, weights })).toMatchObject({
      verdict: 'skewed',
      reason: 'Although its weight is 0, c served 1 of 1000 calls.',
    })
    expect(() => outcomeOf({ judgeAs: 'weighted', counts: { a: 1 } })).toThrow(EvenlyError)
  })
})

/** `calls` calls with `keys` keys in turn, each answered by the pod that `podOf` says, and what they come to. */
function calling(pods: string[], calls: number, keys: number, podOf: (key: number, call: number) => number) {
  const counts = Object.fromEntries(pods.map((pod) => [pod, 0]))
  const served: Record<string, Record<string, number>> = {}
  for (let call = 0; call < calls; call++) {
    const pod = pods[podOf(call % keys, call)] as string
    const key = served[`key-${call % keys}`] ?? {}
    served[`key-${call % keys}`] = key
    key[pod] = (key[pod] ?? 0) + 1
    counts[pod] = (counts[pod] ?? 0) + 1
  }
  return { judgeAs: 'keys', counts, keys: served } as const satisfies OutcomeInput
}

const three = ['a', 'b', 'c']
/** Any function of the key alone that does not give each pod equally many keys. */
const hashed = (key: number): number => [0, 1, 2, 1, 0, 1, 2][key % 7] as number

describe('outcomeOf keys', () => {
  it('is sticky when each key stays on one pod, with the spread of the calls told', () => {
    expect(outcomeOf(calling(three, 1500, 300, hashed))).toEqual({
      verdict: 'sticky',
      reason:
        'Of 1500 calls with 300 keys over 3 pods, each key stayed on one pod, beyond chance (p < 1e-300, alpha 0.001).',
      jain: expect.closeTo(0.9596, 4),
      maxOverMean: expect.closeTo(1.29, 12),
      pValue: 0,
    })
  })

  it('is scattered when a single key was on two pods, whatever the number of calls', () => {
    const input = calling(three, 1500, 300, (key, call) => (call === 700 ? 2 - hashed(key) : hashed(key)))
    const { verdict, reason, pValue } = outcomeOf(input)
    expect([verdict, pValue]).toEqual(['scattered', null])
    expect(reason).toBe('Several pods answered 1 of 300 keys, such as key-100 (a and c), in 1500 calls over 3 pods.')
    expect(outcomeOf({ judgeAs: 'keys', counts: { a: 1, b: 1 }, keys: { k: { a: 1, b: 1 } } }).verdict).toBe(
      'scattered',
    )
  })

  it('needs calls enough that keys would not stay by chance', () => {
    // 7 repeated calls over 3 pods: 3^-6 is above 0.001 and 3^-7 below.
    expect(outcomeOf(calling(three, 16, 10, hashed))).toMatchObject({
      verdict: 'insufficient',
      pValue: 3 ** -6,
      reason:
        '16 calls with 10 keys over 3 pods are too few: each key may be on one pod by chance (p = 0.0014, alpha 0.001).',
    })
    expect(outcomeOf(calling(three, 17, 10, hashed))).toMatchObject({ verdict: 'sticky', pValue: 3 ** -7 })
    expect(outcomeOf({ ...calling(three, 17, 10, hashed), alpha: 1e-6 }).verdict).toBe('insufficient')
    expect(outcomeOf(calling(three, 10, 10, hashed))).toMatchObject({ verdict: 'insufficient', pValue: 1 })
  })

  it('is pinned when all keys are on one of the pods, if there are keys enough to tell', () => {
    expect(outcomeOf(calling(three, 300, 8, () => 1))).toMatchObject({
      verdict: 'pinned',
      pValue: 3 ** -7,
      reason:
        'All of 300 calls with 8 keys over 3 pods went to one, more than hashing explains (p = 4.6e-4, alpha 0.001).',
    })
    expect(outcomeOf(calling(three, 300, 7, () => 1))).toMatchObject({ verdict: 'insufficient', pValue: 3 ** -6 })
    expect(outcomeOf(calling(three, 300, 1, () => 1))).toMatchObject({ verdict: 'insufficient', pValue: 1 })
  })

  it('is not taken in by round robin over a number of keys that is a multiple of the pods', () => {
    const inTurn = (_: number, call: number) => call % 3
    expect(outcomeOf(calling(three, 1500, 300, inTurn))).toMatchObject({ verdict: 'insufficient', pValue: null })
    expect(outcomeOf(calling(three, 1500, 300, inTurn)).reason).toMatch(/a number of keys that is no multiple/)
    expect(outcomeOf(calling(three, 1500, 301, inTurn)).verdict).toBe('scattered')
  })

  it('cannot be told without keys, without calls or from one pod', () => {
    const silent = { counts: { a: 0, b: 0 }, keys: { k: {}, l: { a: 0 } } }
    expect(outcomeOf({ judgeAs: 'keys', ...silent })).toEqual({
      verdict: 'insufficient',
      reason: '0 calls with 0 keys over 2 pods cannot show where a key goes.',
      jain: 1,
      maxOverMean: 1,
      pValue: null,
    })
    expect(outcomeOf({ judgeAs: 'keys', counts: { a: 90, b: 90 } }).verdict).toBe('insufficient')
    expect(outcomeOf(calling(['a'], 300, 100, () => 0))).toMatchObject({ verdict: 'insufficient', pValue: null })
  })

  it('leaves out keys that nobody answered, and knows pods that only keys tell of', () => {
    const input = calling(three, 17, 10, hashed)
    expect(outcomeOf({ ...input, keys: { ...input.keys, never: {} } }).pValue).toBe(3 ** -7)
    expect(outcomeOf({ ...input, counts: {} })).toMatchObject({ verdict: 'sticky', pValue: 3 ** -7 })
  })

  it('calls keys that are spread at random scattered, and sticky at most as often as alpha', () => {
    const random = seededRandom(11)
    const verdicts = Array.from(
      { length: 5000 },
      () => outcomeOf({ ...calling(three, 6, 3, () => Math.floor(random() * 3)), alpha: 0.05 }).verdict,
    )
    // 3 repeated calls over 3 pods stay with probability 1/27 = 0.037; of 5,000, 0.05 are 250.
    const sticky = verdicts.filter((verdict) => verdict === 'sticky' || verdict === 'pinned').length
    expect(sticky).toBeLessThanOrEqual(250)
    expect(sticky).toBeGreaterThan(50)
    expect(outcomeOf(calling(three, 300, 100, () => Math.floor(random() * 3))).verdict).toBe('scattered')
  })
})

const zoned = (counts: Record<string, number>, more: Partial<OutcomeInput> = {}): OutcomeInput => ({
  judgeAs: 'zone',
  counts,
  zones: { a: 'zone-a', b: 'zone-b', c: 'zone-b' },
  clientZone: 'zone-a',
  ...more,
})

describe('outcomeOf zones', () => {
  it('is zone-first when all calls are answered in the zone of the clients', () => {
    expect(outcomeOf(zoned({ a: 300, b: 0, c: 0 }))).toEqual({
      verdict: 'zone-first',
      reason: expect.stringMatching(
        /^300 of 300 calls were answered in zone-a, where the clients and 1 of 3 pods are, beyond chance \(p = 7\.3e-144, /,
      ),
      jain: expect.closeTo(1 / 3, 12),
      maxOverMean: 3,
      pValue: (1 / 3) ** 300,
    })
    expect(outcomeOf(zoned({ a: 0, b: 150, c: 150 }, { clientZone: 'zone-b' })).verdict).toBe('zone-first')
  })

  it('is zone-blind when one is answered elsewhere', () => {
    expect(outcomeOf(zoned({ a: 299, b: 1, c: 0 }))).toMatchObject({
      verdict: 'zone-blind',
      pValue: null,
      reason: '299 of 300 calls were answered in zone-a, where the clients and 1 of 3 pods are.',
    })
    expect(outcomeOf(zoned({ a: 1, b: 1, c: 0 })).verdict).toBe('zone-blind')
  })

  it('is pinned when one of several pods in the zone takes all calls', () => {
    const inB = (b: number, c: number) => outcomeOf(zoned({ a: 0, b, c }, { clientZone: 'zone-b' }))
    expect(inB(300, 0)).toMatchObject({ verdict: 'pinned', pValue: 0.5 ** 299 })
    expect(inB(299, 1).verdict).toBe('zone-first')
    expect(inB(0, 300).reason).toMatch(
      /^300 of 300 calls were answered in zone-b, where the clients and 2 of 3 pods are, but all of them by one pod \(p = /,
    )
    // Eight calls on one of two pods of ten: 2^-7 is 0.0078, so they may be by chance at 0.005, and (1/5)^8 is far below.
    const inOneOfFive = { zones: { a: 'z', b: 'z', ...Object.fromEntries([...'cdefghij'].map((pod) => [pod, 'y'])) } }
    const silent = Object.fromEntries([...'bcdefghij'].map((pod) => [pod, 0]))
    const few = (alpha: number) =>
      outcomeOf(zoned({ a: 8, ...silent }, { ...inOneOfFive, clientZone: 'z', alpha })).verdict
    expect([few(0.005), few(0.01)]).toEqual(['zone-first', 'pinned'])
  })

  it('needs calls enough that an even spread would not stay in the zone by chance', () => {
    expect(outcomeOf(zoned({ a: 6, b: 0, c: 0 }))).toMatchObject({ verdict: 'insufficient', pValue: (1 / 3) ** 6 })
    expect(outcomeOf(zoned({ a: 7, b: 0, c: 0 }))).toMatchObject({ verdict: 'zone-first', pValue: (1 / 3) ** 7 })
    // Two of three pods: (2/3)^17 is above 0.001, (2/3)^18 below.
    const inB = (calls: number) => outcomeOf(zoned({ a: 0, b: calls - 9, c: 9 }, { clientZone: 'zone-b' })).verdict
    expect([inB(17), inB(18)]).toEqual(['insufficient', 'zone-first'])
    expect(outcomeOf(zoned({ a: 7, b: 0, c: 0 }, { alpha: 1e-6 })).verdict).toBe('insufficient')
    expect(outcomeOf(zoned({ a: 0, b: 0, c: 0 }))).toMatchObject({ verdict: 'insufficient', pValue: 1 })
  })

  it.each([
    ['the zone of the clients is not known', { clientZone: '' }, /^The zone of the clients is not known\.$/],
    ['nothing says in which zone they are', { clientZone: undefined }, /^The zone of the clients is not known\.$/],
    ['no zones are known', { zones: undefined }, /^The zone of a is not known\.$/],
    ['a pod has no zone', { zones: { a: 'zone-a', b: 'zone-b', c: '' } }, /^The zone of c is not known\.$/],
    ['a pod is not in the list', { zones: { a: 'zone-a', b: 'zone-b' } }, /^The zone of c is not known\.$/],
    ['no pod is in the zone', { clientZone: 'zone-c' }, /^No pod is in zone-c, /],
    ['all pods are', { zones: { a: 'zone-a', b: 'zone-a', c: 'zone-a' } }, /^All of 3 pods are in zone-a, /],
  ])('cannot be told when %s', (_, more, reason) => {
    const outcome = outcomeOf(zoned({ a: 200, b: 50, c: 50 }, more))
    expect(outcome).toMatchObject({ verdict: 'insufficient', pValue: null })
    expect(outcome.reason).toMatch(reason)
  })

  it('is zone-first by chance at most as often as alpha', () => {
    const random = seededRandom(13)
    const runs = Array.from({ length: 5000 }, () => {
      const [a = 0, b = 0, c = 0] = tallyAtRandom(evenShares(3), 3, random)
      return outcomeOf(zoned({ a, b, c }, { alpha: 0.05 })).verdict
    })
    const alarms = runs.filter((verdict) => verdict === 'zone-first').length
    expect(alarms).toBeGreaterThan(100)
    expect(alarms).toBeLessThanOrEqual(250)
  })
})

it('every outcome has one sentence for a reason and a probability or null', () => {
  const count = fc.nat({ max: 40 })
  const input = fc.record({
    judgeAs: fc.constantFrom('keys', 'zone', 'random', 'round_robin' as const),
    counts: fc.dictionary(fc.constantFrom('a', 'b', 'c'), count, { noNullPrototype: true }),
    keys: fc.dictionary(
      fc.constantFrom('k', 'l', 'm', 'toString'),
      fc.dictionary(fc.constantFrom('a', 'b', 'c'), count, { noNullPrototype: true }),
      { noNullPrototype: true },
    ),
    zones: fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('', 'zone-a', 'zone-b'), {
      noNullPrototype: true,
    }),
    clientZone: fc.constantFrom('', 'zone-a', 'zone-b'),
  }) as fc.Arbitrary<OutcomeInput>
  fc.assert(
    fc.property(input, (given) => {
      const { reason, pValue, jain } = outcomeOf(given)
      expect(reason).toMatch(isOneSentence)
      expect(pValue === null || (pValue >= 0 && pValue <= 1)).toBe(true)
      expect(jain).toBeGreaterThan(0)
    }),
    { seed: 20_261_121, numRuns: 500 },
  )
})

describe('failureCheck', () => {
  it('is met by as many failures as were told, within chance', () => {
    expect(failureCheck(1000, 501, 50)).toEqual({
      what: '50 % of the calls fail',
      found: '501 of 1000 calls failed (50.1 %), within chance of 50 % (p = 0.97, alpha 0.001).',
      met: true,
    })
  })

  it.each([
    // Two-sided, of 300 at 1/2: 178 and 122 have p 0.00145, 179 and 121 have p 0.00097.
    [300, 178, 50, true],
    [300, 179, 50, false],
    [300, 122, 50, true],
    [300, 121, 50, false],
    [300, 0, 0, true],
    [300, 1, 0, false],
    [300, 300, 100, true],
    [300, 299, 100, false],
    [300, 300, 50, false],
    [300, 0, 50, false],
    [1000, 8, 1, true],
    [1000, 30, 1, false],
    [10, 5, 50, false],
    [11, 5, 50, true],
    [0, 0, 50, false],
  ])('of %d calls with %d failed and %d percent told to: met is %s', (requests, failed, percentToFail, met) => {
    const check = failureCheck(requests, failed, percentToFail)
    expect(check.met).toBe(met)
    expect(check.found).toMatch(isOneSentence)
  })

  it.each([
    [10, 5, 50, '5 of 10 calls failed (50.0 %), too few calls to tell.'],
    [0, 0, 50, '0 of 0 calls failed, too few calls to tell.'],
    [300, 0, 0, '0 of 300 calls failed (0.0 %), within chance of 0 %.'],
    [300, 1, 0, '1 of 300 calls failed (0.3 %), beyond chance of 0 % (p < 1e-300, alpha 0.001).'],
  ])('says of %d calls with %d failed and %d percent told to: %s', (requests, failed, percentToFail, found) => {
    expect(failureCheck(requests, failed, percentToFail).found).toBe(found)
  })

  it('raises false alarms at the rate it is told', () => {
    const random = seededRandom(17)
    const runs = Array.from({ length: 5000 }, () => tallyAtRandom([0.5, 0.5], 200, random)[0] as number)
    const alarms = runs.filter((failed) => !failureCheck(200, failed, 50, 0.05).met).length
    expect(alarms).toBeGreaterThan(100)
    expect(alarms).toBeLessThanOrEqual(309)
  })

  it('refuses what is no percentage and no number of calls', () => {
    for (const wrong of [-1, 101, Number.NaN]) expect(() => failureCheck(300, 150, wrong)).toThrow(EvenlyError)
    expect(() => failureCheck(300, 301, 50)).toThrow(EvenlyError)
  })
})
