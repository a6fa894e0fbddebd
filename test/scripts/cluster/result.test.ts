import { describe, expect, it } from 'vitest'
import { hasRun, isAsExpected } from '../../../scripts/cluster/result.ts'
import { resultOf } from '../../report/rows.ts'

const good = resultOf('x', { a: 100, b: 100 })
const check = (met: boolean) => ({ what: 'no call fails', found: 'None did.', met })

describe('isAsExpected', () => {
  it('holds when the verdict is the expected one, every check is met, and nobody counted otherwise', () => {
    expect(isAsExpected(good)).toBe(true)
    expect(isAsExpected({ ...good, checks: [check(true), check(true)] })).toBe(true)
    expect(isAsExpected({ ...good, expected: 'pinned', verdict: 'pinned' })).toBe(true)
  })

  it.each([
    ['the verdict is another', { verdict: 'pinned' }],
    ['the expectation is another', { expected: 'pinned' }],
    ['one check is not met', { checks: [check(true), check(false)] }],
    ['others counted otherwise', { truth: { ...good.truth, agrees: false } }],
  ] as const)('does not when %s', (_, found) => {
    expect(isAsExpected({ ...good, ...found })).toBe(false)
  })
})

describe('hasRun', () => {
  it('tells a row that ran from one that did not', () => {
    expect(hasRun(good)).toBe(true)
    expect(hasRun({ scenario: 'x', expected: 'even', verdict: null, reason: 'Not run.', failed: false })).toBe(false)
  })
})
