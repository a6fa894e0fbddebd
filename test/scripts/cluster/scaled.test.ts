import { describe, expect, it } from 'vitest'
import { type Scaled, scaledChecks } from '../../../scripts/cluster/scaled.ts'
import type { Scenario } from '../../../scripts/cluster/scenario.ts'
import { leastToStay } from '../../../scripts/lib/stickiness.ts'
import type { Report } from '../../../services/echo/src/report.ts'

/** Pods that joined, and got their first call after so many seconds; null: none. */
const joining = (...seconds: readonly (number | null)[]) =>
  seconds.map((firstCallSeconds, i) => ({ pod: `new-${i}`, firstCallSeconds, fairShareSeconds: null }))

function scaled(counts: readonly number[], joined: ReturnType<typeof joining>, more: Partial<Scaled> = {}): Scaled {
  const rebalance = {
    requests: 2000,
    failed: 0,
    joined,
    left: [],
    errors: [],
    series: {},
  } as unknown as Scaled['rebalance']
  return { counts, patienceSeconds: 32, rebalance, reports: [], intervals: [], client: undefined, overAt: 0, ...more }
}

const found = {
  newPods: 'found',
  values: { server: { maxConnectionAgeSeconds: 10 }, client: { dnsMinIntervalSeconds: 1 } },
} as Scenario
const never = { newPods: 'never', values: {} } as Scenario

const joinedOf = (scenario: Scenario, ...of: Parameters<typeof scaled>) => scaledChecks(scenario, scaled(...of))[0]

describe('scaledChecks of pods that join', () => {
  it('is met when all of them get calls in time', () => {
    expect(joinedOf(found, [3, 5], joining(0, 16.96))).toEqual({
      what: 'pods that join are found within 17 s',
      found: '2 of 2 pods that joined got calls, the last after 17.0 s.',
      met: true,
    })
  })

  it.each([
    ['one got none', [3, 5], joining(1, null), '1 of 2 pods that joined got calls, the last after 1.0 s.'],
    ['one was late', [3, 5], joining(1, 17.1), '2 of 2 pods that joined got calls, the last after 17.1 s.'],
    ['none got any', [3, 5], joining(null, null), '0 of 2 pods that joined got calls within 32 s.'],
    ['fewer joined than there should', [3, 5], joining(1), '1 of 1 pods that joined got calls, the last after 1.0 s.'],
    [
      'more joined than there should',
      [3, 5],
      joining(1, 1, 1),
      '3 of 3 pods that joined got calls, the last after 1.0 s.',
    ],
    [
      'those of the second step are missing',
      [3, 5, 1, 4],
      joining(1, 1),
      '2 of 2 pods that joined got calls, the last after 1.0 s.',
    ],
  ])('is not met when %s', (_, counts, joined, sentence) => {
    expect(joinedOf(found, counts, joined)).toMatchObject({ found: sentence, met: false })
  })

  it('counts what joins at every step up, and nothing at a step down', () => {
    expect(joinedOf(found, [3, 5, 1, 4], joining(1, 1, 1, 1, 1))).toMatchObject({ met: true })
    expect(joinedOf(found, [5, 3], joining())).toMatchObject({ met: true })
  })

  it('is met by none that gets calls, where clients never look again', () => {
    expect(joinedOf(never, [3, 5], joining(null, null))).toEqual({
      what: 'pods that join are never found',
      found: '0 of 2 pods that joined got calls within 32 s.',
      met: true,
    })
    expect(joinedOf(never, [3, 5], joining(null, 0.5))).toMatchObject({ met: false })
    expect(joinedOf(never, [3, 5], joining(null))).toMatchObject({ met: false })
  })
})

describe('scaledChecks of calls', () => {
  it('is met when none failed', () => {
    const of = (failed: number) => {
      const { rebalance, ...rest } = scaled([3, 5], joining(1, 1))
      return scaledChecks(found, { ...rest, rebalance: { ...rebalance, failed } })[1]
    }
    expect(of(0)).toEqual({ what: 'scaling fails no call', found: '0 of 2000 calls failed.', met: true })
    expect(of(1)).toEqual({ what: 'scaling fails no call', found: '1 of 2000 calls failed.', met: false })
  })
})

describe('scaledChecks of keys', () => {
  /** A client whose keys were answered by one pod each, but for so many that moved. */
  const client = (keys: number, moved: number) => {
    const served = Array.from({ length: keys }, (_, i) => [`key-${i}`, i < moved ? { a: 1, b: 1 } : { a: 2 }])
    return { keys: Object.fromEntries(served) } as Report
  }
  const of = (counts: readonly number[], ...reports: readonly Report[]) =>
    scaledChecks(found, scaled(counts, joining(), { reports })).slice(2)

  it('holds as many to their pods as the ring promises, for each client', () => {
    const least = leastToStay(500, { before: 3, after: 5 })
    const [first, second, ...more] = of([3, 5], client(500, 500 - least), client(500, 501 - least))
    expect(first).toEqual({
      what: `of 500 keys at least ${least} stay, as Envoy's ring promises from 3 pods to 5`,
      found: `${least} keys were answered by one pod before and after.`,
      met: true,
    })
    expect(second).toMatchObject({ found: expect.stringMatching(`^${least - 1} keys `), met: false })
    expect(more).toEqual([])
  })

  it.each([
    ['clients without keys', [3, 5], {} as Report],
    ['pods that leave, whose keys have to move', [5, 3], client(500, 400)],
    ['several steps, whose keys move at each', [3, 5, 7], client(500, 400)],
  ])('says nothing of %s', (_, counts, report) => {
    expect(of(counts, report)).toEqual([])
  })
})
