import { describe, expect, it } from 'vitest'
import { runBlock } from '../cluster/support/console-session.ts'
import { consoleBlocksIn, fencesIn, stableIn } from './console-blocks.ts'

const block = (...lines: string[]) => {
  const [found] = consoleBlocksIn(['# Title', '```console', ...lines, '```'].join('\n'))
  if (found === undefined) throw new Error('no block')
  return found
}

describe('console blocks', () => {
  it('are commands with what is shown below them, and their lines', () => {
    expect(block('$ one', 'first', '', '$ two \\', '    --more', '$ three')).toEqual({
      line: 2,
      steps: [
        { line: 3, command: 'one', shown: ['first', ''] },
        { line: 6, command: 'two \\\n    --more', shown: [] },
        { line: 8, command: 'three', shown: [] },
      ],
    })
  })

  it('are told from blocks of another kind, each below its heading', () => {
    const fences = fencesIn('## A b\n```yaml\n# c\n```\n### d\n```console\n$ e\n```\n')
    expect(fences).toEqual([
      { line: 2, kind: 'yaml', heading: 'A b', lines: ['# c'] },
      { line: 6, kind: 'console', heading: 'd', lines: ['$ e'] },
    ])
  })

  it('begin with a command', () => expect(() => block('output')).toThrow('line 3: a console block begins with'))
})

describe('typing a block', () => {
  const limit = { timeoutSeconds: 20 }

  it('keeps variables from command to command, and each output by itself', async () => {
    const { ran } = await runBlock(
      block('$ who=you', '$ echo hello \\', '    $who', '$ printf "a\\nb"', '$ true'),
      limit,
    )
    expect(ran.map(({ output }) => output)).toEqual([[''], ['hello you'], ['a', 'b'], ['']])
    expect(ran.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0])
  })

  it('ends at the first command that fails, in a pipe too', async () => {
    const { ran, errors } = await runBlock(block('$ echo a', '$ sh -c "echo no >&2; exit 3" | cat', '$ echo b'), limit)
    expect(ran.map(({ step, exitCode }) => [step.line, exitCode])).toEqual([
      [3, 0],
      [4, 3],
    ])
    expect(errors).toBe('no\n')
  })

  it('ends what takes too long, and says so', async () => {
    const { ran, errors } = await runBlock(block('$ echo a', '$ sleep 60', '$ echo b'), { timeoutSeconds: 1 })
    expect(ran.map(({ exitCode }) => exitCode)).toEqual([0, 143])
    expect(errors).toBe('not ended within 1 s')
  })

  it('runs the checkout’s own evenly by npx', async () => {
    const { ran } = await runBlock(block('$ npx evenly --version', '$ command -v npx'), { timeoutSeconds: 60 })
    expect(ran[0]?.output).toEqual([expect.stringMatching(/^\d+\.\d+\.\d+$/)])
  })
})

describe('what two runs have in common', () => {
  const row = (verdict: string, share = '36.7 %', failed = '0 of 300') => [
    `istio-mesh  even      ✔ ${verdict}   …2t4v4 █████▉            ${share}  ${failed}  19.4 s`,
    '                               …hp5ns ████▊             29.3 %',
    '  latency: p50 6.947 ms, p99 84.607 ms, max 121.343 ms',
  ]
  const other = [
    'istio-mesh  even      ✔ even   …bbbbb █████▉            30.1 %  0 of 300  9 s',
    '                               …ccccc ████▊             33.3 %',
    '  latency: p50 7 ms, p99 4.6 ms, max 1.34 ms',
  ]

  it('is not pod names, shares or times', () => expect(stableIn(row('even'))).toEqual(stableIn(other)))

  it.each([
    ['the verdict', row('skewed')],
    ['a pod without a call', row('even', '0.0 %')],
    ['a pod with all of them', row('even', '100.0 %')],
    ['that calls failed', row('even', '36.7 %', '3 of 300')],
    ['how many there were', row('even', '36.7 %', '0 of 200')],
    ['how many pods there are', row('even').toSpliced(1, 1)],
    ['a mark', row('even').map((line) => line.replace('✔', '✖'))],
  ])('is %s', (_, changed) => expect(stableIn(changed)).not.toEqual(stableIn(other)))

  it.each([
    ['calls that failed', '308 of 600 calls failed (51.3 %), p = 0.54', '291 of 600 calls failed (48.5 %), p = 0.4'],
    ['a client’s sentence', 'verdict: even: Furthest off is a', 'verdict: even: All 3 peers'],
    ['a client’s tally', '  echo-5bbd65dddf-8qrrx  107 35.7 % ███', '  echo-5bbd65dddf-zzzzz  90 30.0 % ██'],
    ['a pod’s age', 'echo-5bbd65dddf-8qrrx   2/2  Running  0  19s', 'stable-echo-client-xh86p 2/2 Running 0 2m10s'],
    ['lines counted', '   200 served by echo-5bbd65dddf-qfh9c', '     9 served by echo-5bbd65dddf-qfh9d'],
    ['how many times', 'errors: UNAVAILABLE 308', 'errors: UNAVAILABLE 291'],
    ['pods in another order', '  opened: …gg8d5 0 · …srd4h 1 · …xxt87 0', '  opened: …gg8d5 0 · …srd4h 0 · …xxt87 1'],
    [
      'a new pod’s time',
      '…gg8d5 joined: first call after 0.2 s, fair share never',
      '…aad5 joined: first call after 7 s',
    ],
    ['a leaving pod’s time', '…gg8d5 left: last call after 0.2 s', '…gg8d5 left: no call since its deletion began'],
  ])('is not %s', (_, one, another) => expect(stableIn([one])).toEqual(stableIn([another])))

  it.each([
    ['never', '…gg8d5 joined: first call never', '…gg8d5 joined: first call after 7 s'],
    ['a client’s verdict', 'verdict: even: a', 'verdict: pinned: a'],
    ['a weight', '✔ weights stable 99 · canary 1: even', '✔ weights stable 50 · canary 50: even'],
    [
      'a pod’s readiness',
      'echo-5bbd65dddf-8qrrx   2/2  Running  0  19s',
      'echo-5bbd65dddf-8qrrx   1/1  Running  0  19s',
    ],
    ['how many were as expected', '1 of 1 as expected', '0 of 1 as expected, 1 not'],
    ['how many pods were found', '2 of 2 pods that joined', '0 of 2 pods that joined'],
    ['a kind of failure', 'failed calls: UNAVAILABLE 3', 'failed calls: CANCELLED 3'],
  ])('is %s', (_, one, another) => {
    for (const openEnded of [true, false])
      expect(stableIn([one], { openEnded })).not.toEqual(stableIn([another], { openEnded }))
  })

  it('is not how many calls there were while something else was waited for', () => {
    const [one, another] = [
      'a ✔ even 0 of 6879 55.5 s ✔ weights stable 99 · canary 1: even, stable 1010 · canary 9 of 1019 calls, 0 failed',
      'a ✔ even 0 of 7001 50 s ✔ weights stable 99 · canary 1: even, stable 990 · canary 11 of 1001 calls, 0 failed',
    ].map((line) => [line])
    const openEnded = { openEnded: true }
    expect(stableIn(one ?? [], openEnded)).toEqual(stableIn(another ?? [], openEnded))
    expect(stableIn(one ?? [])).not.toEqual(stableIn(another ?? []))
  })
})
