import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { verdictCommand } from '../../scripts/commands/verdict.ts'
import { inProcess, inSurroundingsOfItsOwn } from '../support/in-process-cli.ts'

const cli = fileURLToPath(new URL('../../bin/evenly.js', import.meta.url))

inSurroundingsOfItsOwn()

describe('evenly verdict', () => {
  it.each([
    ['--counts 100,100,100', 'even', 0],
    ['--counts 101,100,99', 'skewed', 79],
    ['--counts 101,100,99 --clients 2', 'even', 0],
    ['--policy random --counts 118,91,91', 'even', 0],
    ['--policy random --counts 118,91,91 --alpha 0.5', 'skewed', 79],
    ['--counts 300,0,0', 'pinned', 79],
    ['--counts 300,0,0 --expect pinned', 'pinned', 0],
    ['--policy pick_first --counts 300,0,0', 'pinned', 0],
    ['--policy weighted --weights 70,30 --counts 1950,1050', 'skewed', 79],
    ['--policy weighted --weights 95,5 --counts 949,51', 'matches-weights', 0],
    ['--counts 2,1,0', 'insufficient', 79],
  ])('%s is %s and exits %d', async (line, verdict, code) => {
    const { exit, out, err } = await run(line)
    expect(out).toContain(`verdict     ${verdict}, ${code === 0 ? 'as expected' : 'expected '}`)
    expect([exit, err]).toEqual([code, ''])
  })

  it('shows people the peers with bars and the numbers', async () => {
    const { out } = await run('--policy random --counts 118,91,0')
    expect(out).toBe(`peer    calls    share  expected
peer 1    118   56.5 %    33.3 %  ██████████████████████████████
peer 2     91   43.5 %    33.3 %  ███████████████████████▏
peer 3      0    0.0 %    33.3 %

verdict     skewed, expected even
reason      Furthest off is peer 3 with 0.0 % of 209 calls where 33.3 % is expected, beyond chance (p = 2.0e-37, alpha 0.001).
policy      random, 1 client, alpha 0.001
chi-square  109.73, 2 degrees of freedom, p = 2.0e-37 (exact)
Jain        0.6557 (1 is perfectly even)
max/mean    1.694 (1 is perfectly even)
detectable  a peer with 49.4 % of the calls is caught 9 times in 10
`)
  })

  it('gives machines the verdict, the counts and the expectation as JSON or YAML', async () => {
    const tally = {
      verdict: 'pinned',
      policy: 'round_robin',
      counts: [300, 0],
      expected: 'even',
      met: false,
      requests: 300,
    }
    expect(JSON.parse((await run('--counts 300,0 -o json')).out)).toMatchObject(tally)
    expect(parse((await run('--counts 300,0 --output yaml')).out)).toMatchObject(tally)
  })

  it.each([
    ['--counts 100,-1,x', "--counts has '-1' in place 2: give whole numbers of calls from 0 up, separated by commas"],
    ['--counts 100,,1', "--counts has '' in place 2: give whole numbers of calls from 0 up, separated by commas"],
    ['--counts 1.5', "--counts has '1.5' in place 1: give whole numbers of calls from 0 up, separated by commas"],
    ['--counts 0x10', "--counts has '0x10' in place 1: give whole numbers of calls from 0 up, separated by commas"],
    ['--counts 9e99', "--counts has '9e99' in place 1: give whole numbers of calls from 0 up, separated by commas"],
    ['', '--counts is missing: give the calls per peer, for example --counts 118,91,91, or - for stdin'],
    [
      '--counts 1 --policy nonsense',
      "--policy 'nonsense' is unknown: use one of round_robin, random, least_request, weighted, pick_first",
    ],
    [
      '--counts 1 --alpha 2',
      "--alpha '2' is no rate of false alarms: give a number between 0 and 1, for example 0.001",
    ],
    [
      '--counts 1 --alpha x',
      "--alpha 'x' is no rate of false alarms: give a number between 0 and 1, for example 0.001",
    ],
    ['--counts 1 --clients 0', "--clients '0' is no number of clients: give a whole number from 1 up"],
    [
      '--counts 1,2 --weights 1,2',
      '--weights means nothing to policy round_robin: add --policy weighted or leave --weights out',
    ],
    [
      '--counts 1,2 --policy weighted',
      '--policy weighted has nothing to compare with: add --weights with one weight per peer',
    ],
    [
      '--counts 1,2 --policy weighted --weights 1',
      '--weights is a list of 1 but --counts of 2: give one weight per peer',
    ],
    [
      '--counts 1,2 --policy weighted --weights 1,-2',
      "--weights has '-2' in place 2: give numbers from 0 up, separated by commas",
    ],
    [
      '--counts 1,2 --policy weighted --weights 0,0',
      '--weights are all 0, so no peer can be given a share: give at least one weight above 0',
    ],
    [
      '--counts 1 --expect good',
      "--expect 'good' is unknown: use one of even, pinned, skewed, matches-weights, insufficient",
    ],
    ['--counts 1 -o xml', "--output 'xml' is unknown: use one of table, json, yaml"],
    ['--nonsense', "unknown option '--nonsense'"],
  ])('refuses "%s" with one sentence and exit 64', async (line, sentence) => {
    expect(await run(line)).toEqual({ exit: 64, out: '', err: `evenly: ${sentence}\n` })
  })

  it('reads a JSON object of peers from stdin, and keeps their names', () => {
    const { status, stdout } = fromStdin('{"pod-a": 118, "pod-b": 91, "pod-c": 91}', '--policy random -o json')
    expect(JSON.parse(stdout)).toMatchObject({
      names: ['pod-a', 'pod-b', 'pod-c'],
      counts: [118, 91, 91],
      verdict: 'even',
    })
    expect(status).toBe(0)
  })

  it.each([
    ['[300, 0, 0]', 79, ''],
    ['[1,', 65, 'evenly: stdin is not JSON: give an object {peer: calls} or an array of calls\n'],
    ['{"pod-a": -1}', 65, 'evenly: stdin has -1 calls for peer pod-a: give whole numbers from 0 up\n'],
    ['42', 65, 'evenly: stdin holds 42: give a JSON object {peer: calls} or an array of calls\n'],
  ])('exits on stdin %s with %d', (stdin, code, sentence) => {
    const { status, stderr } = fromStdin(stdin, '')
    expect([status, stderr]).toEqual([code, sentence])
  })
})

const run = (line: string) => inProcess(verdictCommand(), line.split(' ').filter(Boolean))

function fromStdin(input: string, line: string) {
  const args = [cli, 'verdict', '--counts', '-', ...line.split(' ').filter(Boolean)]
  return spawnSync(process.execPath, args, { input, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } })
}
