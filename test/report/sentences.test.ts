import { describe, expect, it } from 'vitest'
import { isAsExpected } from '../../scripts/cluster/result.ts'
import { duration } from '../../scripts/report/duration.ts'
import { versionsText, whenText } from '../../scripts/report/run-info.ts'
import { foundText, shortfalls, summary } from '../../scripts/report/sentences.ts'
import { even, failed, hostile, hostileInfo, info, pinned, rebalance, scaled, silent, usual, weighted } from './rows.ts'

describe('why a row is not as expected', () => {
  it.each([pinned, even, failed, weighted, scaled, silent, hostile, { ...pinned, expected: 'even' as const }])(
    'is told exactly when it is not: $scenario, $verdict',
    (row) => {
      expect(shortfalls(row).length === 0).toBe(isAsExpected(row))
    },
  )

  it('names each reason', () => {
    expect(shortfalls({ ...failed, verdict: 'skewed', reason: 'One has more.' })).toEqual([
      'skewed, expected even: One has more.',
      'not met: the proxy aborts them itself: 12 of them reached a pod.',
      `counts differ: ${failed.truth.explanation}`,
    ])
  })
})

describe('sentences', () => {
  it('count rows', () => {
    expect(summary(usual)).toBe('4 of 6 as expected, 1 not, 1 not run')
    expect(summary([even])).toBe('1 of 1 as expected')
  })

  it('say when calls found new pods', () => {
    const found = (...seconds: (number | null)[]) =>
      foundText({
        ...rebalance,
        joined: seconds.map((firstCallSeconds) => ({ pod: 'p', firstCallSeconds, fairShareSeconds: null })),
      })
    expect(foundText(null)).toBe('')
    expect(found()).toBe('')
    expect(found(null, null)).toBe('never')
    expect(found(0.3)).toBe('after 0.3 s')
    expect(found(4.25, 0.312, 1)).toBe('after 0.31 s to 4.3 s')
    expect(found(11, null)).toBe('after 11 s, 1 never')
  })

  it('say when it was measured, in one time zone for all readers, and with what', () => {
    expect(whenText(info)).toBe('Measured on 2026-10-14 12:03 UTC in 12 min 4 s.')
    expect(whenText(hostileInfo)).toBe('Measured on 2026-10-14 12:03 UTC in 0.4 s.')
    expect(whenText(undefined)).toBe(
      'The results were saved without the time and the versions they were measured with.',
    )
    expect(versionsText(info)).toBe('evenly 0.2.0, kubernetes 1.34.1, istio 1.31.0, gateway-api 1.6.0')
    expect(versionsText(undefined)).toBe('')
  })

  it.each([
    [0, '0 s'],
    [0.0123, '0.012 s'],
    [9.96, '10 s'],
    [41.23, '41.2 s'],
    [59.96, '60 s'],
    [119.7, '2 min 0 s'],
    [724.4, '12 min 4 s'],
  ])('say %d seconds as %s', (seconds, text) => {
    expect(duration(seconds)).toBe(text)
  })
})
