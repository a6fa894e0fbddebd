import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shortNames } from '../../scripts/report/short-names.ts'

describe('short names', () => {
  it.each([
    ['pods of one ReplicaSet', ['echo-7bf96cd985-jq7bp', 'echo-7bf96cd985-x2lzm'], ['…jq7bp', '…x2lzm']],
    [
      'pods of two ReplicaSets',
      ['echo-7bf96cd985-jq7bp', 'echo-7bf96cd985-x2lzm', 'echo-5f5d5c8746-vw5t2'],
      ['…7bf96cd985-jq7bp', '…7bf96cd985-x2lzm', '…5f5d5c8746…'],
    ],
    [
      'pods of two releases',
      ['stable-echo-7bf96cd985-jq7bp', 'stable-echo-7bf96cd985-x2lzm', 'canary-echo-5f5d5c8746-vw5t2'],
      ['stable…jq7bp', 'stable…x2lzm', 'canary…'],
    ],
    ['names that are short', ['pod-1', 'pod-2'], ['pod-1', 'pod-2']],
    ['one name', ['echo-7bf96cd985-jq7bp'], ['echo-7bf96cd985-jq7bp']],
    [
      'a name that begins another',
      ['a-very-long-name-indeed', 'a-very-long-name-indeed-too'],
      ['a-very-long-name-indeed', '…too'],
    ],
    ['no name', [], []],
  ])('of %s keep what tells them apart', (_, names, short) => {
    expect([...shortNames(names).values()]).toEqual(short)
  })

  it('of different names are different', () => {
    const part = fc.constantFrom('echo', 'stable', 'canary', '7bf96cd985', 'jq7bp', 'x', '', 'a')
    const name = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('-'))
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 12 }), (names) => {
        const short = shortNames(names)
        expect(new Set(short.values()).size).toBe(names.length)
      }),
      { numRuns: 2000 },
    )
  })
})
