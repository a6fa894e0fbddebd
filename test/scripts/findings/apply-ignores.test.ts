import { describe, expect, it, vi } from 'vitest'
import { applyIgnores } from '../../../scripts/lib/findings/apply-ignores.ts'
import type { Finding } from '../../../scripts/lib/findings/finding.ts'
import { ignoreOptionsIn } from '../../../scripts/lib/findings/ignore-option.ts'
import { findingOf } from './samples.ts'

const rules = ['wrong-type', 'unknown-key', 'ignore', 'unused-ignore']
const known = async () => rules

const file = 'a.yaml'
const at = (line: number, column: number, told: Partial<Finding> = {}) => findingOf({ file, line, column, ...told })

/** Each finding as `LINE:COLUMN RULE`, with the reason for which it is ignored. */
async function judged(text: string, findings: readonly Finding[], ...options: string[]): Promise<string[]> {
  const asked = options.flatMap((option) => ignoreOptionsIn(option) ?? [])
  const all = await applyIgnores(findings, [{ file, text }], asked, known)
  return all.map(
    ({ line, column, rule, ignored }) => `${line}:${column} ${rule}${ignored === undefined ? '' : ` (${ignored})`}`,
  )
}

describe('a comment with a rule and a reason', () => {
  const text = 'a:\n  b: 1 # evenly-ignore wrong-type: because\n  c: 1\n'

  it('has what it is for ignored, and only that', async () => {
    expect(await judged(text, [at(2, 3), at(3, 3)])).toEqual(['2:3 wrong-type (because)', '3:3 wrong-type'])
    expect(await judged('a: 1 # evenly-ignore wrong-type: because\nb: 1\n', [at(1, 1), at(2, 1)])).toEqual([
      '1:1 wrong-type (because)',
      '2:1 wrong-type',
    ])
  })

  it('ends where the next key begins', async () => {
    expect(await judged('a: # evenly-ignore wrong-type: because\n  b: 1\nc: 1\n', [at(2, 3), at(3, 1)])).toEqual([
      '2:3 wrong-type (because)',
      '3:1 wrong-type',
    ])
  })

  it('leaves other rules there alone', async () => {
    expect(await judged(text, [at(2, 3), at(2, 6, { rule: 'unknown-key' })])).toEqual([
      '2:3 wrong-type (because)',
      '2:6 unknown-key',
    ])
  })

  it('leaves other files alone', async () => {
    expect(await judged(text, [at(2, 3), at(2, 3, { file: 'b.yaml' })])).toEqual([
      '2:3 wrong-type (because)',
      '2:3 wrong-type',
    ])
  })

  it('may name several rules', async () => {
    const both = 'a: {b: 1} # evenly-ignore wrong-type, unknown-key: because\n'
    expect(await judged(both, [at(1, 1), at(1, 5, { rule: 'unknown-key' })])).toEqual([
      '1:1 wrong-type (because)',
      '1:5 unknown-key (because)',
    ])
  })

  it('says for machines that it stands in the file', async () => {
    const [finding] = await applyIgnores([at(2, 3)], [{ file, text }], [], known)
    expect(finding).toMatchObject({ ignored: 'because', ignoredBy: 'comment' })
  })
})

describe('a comment that is not heeded', () => {
  it('gives no reason: it is an error, and ignores nothing', async () => {
    const found = await applyIgnores([at(1, 1)], [{ file, text: 'a: 1 # evenly-ignore wrong-type\n' }], [], known)
    expect(found.map(({ ignored }) => ignored)).toEqual([undefined, undefined])
    expect(found[1]).toEqual({
      ...{ file, line: 1, column: 6, sourceLine: 'a: 1 # evenly-ignore wrong-type', rule: 'ignore', severity: 'error' },
      path: '# evenly-ignore',
      message: 'it gives no reason, so it is not heeded; write # evenly-ignore wrong-type: REASON.',
    })
  })

  it.each([
    ['wrong-typ: because', 'there is no rule wrong-typ to ignore; did you mean wrong-type?', 'wrong-type'],
    ['zzz: because', 'there is no rule zzz to ignore; evenly explain lists them all.', undefined],
    [': because', 'it names no rule to ignore; write # evenly-ignore RULE: REASON.', undefined],
    ['', 'it names no rule to ignore; write # evenly-ignore RULE: REASON.', undefined],
  ])('says evenly-ignore %s', async (asked, message, suggestion) => {
    const found = await applyIgnores([], [{ file, text: `a: 1 # evenly-ignore ${asked}\n` }], [], known)
    expect(found).toMatchObject([{ rule: 'ignore', severity: 'error', message }])
    expect(found[0]?.suggestion).toBe(suggestion)
  })

  it('names one rule that there is beside one that there is not: the first is heeded', async () => {
    const text = 'a: 1 # evenly-ignore wrong-type, zzz: because\n'
    expect(await judged(text, [at(1, 1)])).toEqual(['1:1 wrong-type (because)', '1:6 ignore'])
  })

  it('ignores nothing: that is advice', async () => {
    const found = await applyIgnores(
      [at(2, 1)],
      [{ file, text: 'a: 1 # evenly-ignore wrong-type: because\nb: 1\n' }],
      [],
      known,
    )
    expect(found).toMatchObject([
      {
        ...{ line: 1, column: 6, rule: 'unused-ignore', severity: 'advice' },
        message:
          'wrong-type finds nothing here that it could ignore; remove it, or put it before or behind what it is for.',
      },
      { line: 2, rule: 'wrong-type' },
    ])
  })

  it('is ignored itself where that is asked for', async () => {
    expect(await judged('a: 1 # evenly-ignore wrong-type: x\n', [], 'unused-ignore: later')).toEqual([
      '1:6 unused-ignore (later)',
    ])
    expect(await judged('# evenly-ignore ignore: known\na: 1 # evenly-ignore wrong-type\n', [])).toEqual([
      '2:6 ignore (known)',
    ])
  })
})

describe('--ignore', () => {
  it('holds everywhere, and says nothing where there is nothing to ignore', async () => {
    const found = await applyIgnores(
      [at(1, 1), at(9, 9, { file: '--set' })],
      [{ file, text: 'a: 1' }],
      [{ rule: 'wrong-type', reason: 'known' }],
      known,
    )
    expect(found).toMatchObject([
      { ignored: 'known', ignoredBy: 'option' },
      { ignored: 'known', ignoredBy: 'option' },
    ])
    expect(await judged('a: 1', [], 'wrong-type: known')).toEqual([])
  })

  it.each([
    ['wrong-type: known', [{ rule: 'wrong-type', reason: 'known' }]],
    [
      'a, b : c: d',
      [
        { rule: 'a', reason: 'c: d' },
        { rule: 'b', reason: 'c: d' },
      ],
    ],
    ['wrong-type', undefined],
    ['wrong-type: ', undefined],
    [': known', undefined],
    ['a,: known', undefined],
    ['', undefined],
  ])('"%s"', (text, options) => expect(ignoreOptionsIn(text)).toEqual(options))
})

describe('where nobody asks for anything to be ignored', () => {
  it('no rule is looked up, and the findings are those that were there', async () => {
    const lookUp = vi.fn(known)
    const findings = [at(5, 1), at(2, 1)]
    expect(await applyIgnores(findings, [{ file, text: 'a: 1' }], [], lookUp)).toEqual(findings)
    expect(lookUp).not.toHaveBeenCalled()
  })
})
