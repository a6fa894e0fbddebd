import type { Command } from 'commander'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { matrixCommand } from '../../scripts/commands/matrix.ts'
import { rolloutCommand } from '../../scripts/commands/rollout.ts'
import { runCommand } from '../../scripts/commands/run.ts'
import { scaleCommand } from '../../scripts/commands/scale.ts'
import { unavailable } from '../../scripts/lib/exit.ts'
import { type ToolName, tool } from '../../scripts/lib/tools.ts'
import { inProcess, inSurroundingsOfItsOwn } from '../support/in-process-cli.ts'

// Whatever touches a cluster needs kubectl or Helm first.
vi.mock('../../scripts/lib/tools.ts')

inSurroundingsOfItsOwn()
beforeEach(() => {
  vi.stubEnv('EVENLY_IMAGE', undefined)
  vi.mocked(tool).mockReset().mockRejectedValue(unavailable('kubectl 1.34.3 cannot be had'))
})

const commands: Readonly<Record<string, () => Command>> = {
  run: runCommand,
  matrix: matrixCommand,
  scale: scaleCommand,
  rollout: rolloutCommand,
}

function evenly(line: readonly string[]) {
  const [name = '', ...args] = line
  const command = commands[name]
  if (command === undefined) throw new Error(`no command ${name}`)
  return inProcess(command(), args)
}

const count = (minimum: number, maximum: number) => `It must be a whole number from ${minimum} to ${maximum}.`
const option = (flags: string, value: string, why: string) => `option '${flags}' argument '${value}' is invalid. ${why}`
const pods = (value: string, why: string) => `command-argument value '${value}' is invalid for argument 'pods'. ${why}`

describe('what is asked for wrongly', () => {
  it.each<[string, string | RegExp]>([
    ['run', "missing required argument 'scenario'"],
    ['run nope', /^there is no scenario nope: choose among cluster-ip, headless-pick-first, \S.*, istio-ambient$/],
    ['run cluster-ip nope', /^there is no scenario nope: /],
    ['run cluster-ip --nope', "unknown option '--nope'"],
    ['run cluster-ip --requests 0', option('--requests <n>', '0', count(1, 10_000_000))],
    ['run cluster-ip --requests 1e9', option('--requests <n>', '1e9', count(1, 10_000_000))],
    ['run cluster-ip --concurrency x', option('--concurrency <n>', 'x', count(1, 10_000))],
    ['run cluster-ip --rps 0', option('--rps <n>', '0', 'It must be a rate above 0.')],
    ['run cluster-ip --clients 0', option('--clients <n>', '0', count(1, 200))],
    ['run cluster-ip --servers 101', option('--servers <n>', '101', count(1, 100))],
    ['run cluster-ip --timeout 0', option('--timeout <seconds>', '0', count(1, 86_400))],
    [
      'run cluster-ip --image noversion',
      option('--image <name:tag>', 'noversion', 'It names no version: write NAME:TAG.'),
    ],
    [
      'run cluster-ip --image localhost:5000/echo',
      option('--image <name:tag>', 'localhost:5000/echo', 'It names no version: write NAME:TAG.'),
    ],
    ['run cluster-ip --set ', option('--set <key=value>', '', 'It must be like <key=value>.')],
    ['run cluster-ip --set a', option('--set <key=value>', 'a', 'It must be like <key=value>.')],
    ['run cluster-ip --set =b', option('--set <key=value>', '=b', 'It must be like <key=value>.')],
    [
      'run cluster-ip --expect evn',
      /^option '--expect <verdict>' argument 'evn' is invalid\. Allowed choices are even, pinned, /,
    ],
    ['run cluster-ip --set a=b --client-arg ', option('--client-arg <arg>', '', 'It must be like <arg>.')],
    [
      'run cluster-ip -o pdf',
      option('-o, --output <format>', 'pdf', 'Allowed choices are table, json, junit, markdown, html.'),
    ],
    ['scale', "missing required argument 'scenario'"],
    ['scale x', "missing required argument 'pods'"],
    ['scale x 3 5', /^there is no scenario x: choose among /],
    ['scale istio-mesh 3', 'one count of pods is no change: give two or more, such as 3 5'],
    ['scale istio-mesh 3 3', pods('3', 'It is 3 twice in a row, which is no change.')],
    ['scale istio-mesh 3 5 5', pods('5', 'It is 5 twice in a row, which is no change.')],
    ['scale istio-mesh 3 x', pods('x', count(1, 100))],
    ['scale istio-mesh 3 0', pods('0', count(1, 100))],
    ['scale istio-mesh 3 101', pods('101', count(1, 100))],
    ['scale istio-mesh 3 5 --servers 3', '--servers and the first count say the same: leave --servers out'],
    ['scale istio-mesh 3 5 --patience-seconds 0', option('--patience-seconds <s>', '0', count(1, 3600))],
    ['rollout', "missing required argument 'scenario'"],
    ['rollout x', /^there is no scenario x: choose among /],
    ['rollout cluster-ip 3', /^too many arguments for 'rollout'\. Expected 1 argument but got 2/],
    ['rollout cluster-ip --max-failed -1', option('--max-failed <n>', '-1', 'It must be a whole number, 0 or more.')],
    ['matrix --tier nope', option('--tier <tier>', 'nope', 'Allowed choices are kubernetes, mesh, gateway.')],
    ['matrix --scenario a,,b', option('--scenario <names>', 'a,,b', 'A name is missing beside a comma.')],
    ['matrix --scenario ', option('--scenario <names>', '', 'A name is missing beside a comma.')],
    ['matrix --scenario cluster-ip,nope', /^there is no scenario nope: choose among /],
    ['matrix --scenario cluster-ip --tier gateway', 'none of these scenarios is of tier gateway: leave --tier out'],
    ['matrix --parallel 0', option('--parallel <n>', '0', count(1, 20))],
    ['matrix --write ', option('--write <file>', '', 'It must be like <file>.')],
    ['matrix --write report.pdf', '--write report.pdf: its name has to end in .json, .xml, .md or .html'],
    ['matrix --write a.json --write report', '--write report: its name has to end in .json, .xml, .md or .html'],
  ])('evenly %s: exit 64 and one sentence, before anything touches the cluster', async (line, sentence) => {
    const { exit, out, err } = await evenly(line.split(' '))
    expect([exit, out]).toEqual([64, ''])
    expect(err).toMatch(/^evenly: [^\n]+\n$/)
    const said = err.slice('evenly: '.length, -1)
    if (typeof sentence === 'string') expect(said).toBe(sentence)
    else expect(said).toMatch(sentence)
    expect(tool).not.toHaveBeenCalled()
  })

  it('is a file too in a folder that is not there, which exits 65', async () => {
    const { exit, err } = await evenly(['matrix', '--write', '/nowhere/matrix.html'])
    expect(exit).toBe(65)
    expect(err).toMatch(
      /^evenly: --write \/nowhere\/matrix\.html: ENOENT: [^\n]+: choose a file that can be written\n$/,
    )
    expect(tool).not.toHaveBeenCalled()
  })

  it('is an image too that the environment names without a version', async () => {
    vi.stubEnv('EVENLY_IMAGE', 'noversion')
    const { exit, err } = await evenly(['run', 'cluster-ip'])
    expect(exit).toBe(64)
    expect(err).toMatch(/^evenly: [^\n]*EVENLY_IMAGE[^\n]*It names no version: write NAME:TAG\.\n$/)
    expect(tool).not.toHaveBeenCalled()
  })
})

describe('what is asked for rightly', () => {
  it.each([
    'run cluster-ip istio-mesh --requests 1 --concurrency 1 --rps 0.5 --clients 2 --servers 1 --timeout 1 --image a:1 --set a=b --set c=d',
    'scale istio-mesh 3 5 3 --patience-seconds 1',
    'rollout cluster-ip --kill --max-failed 0',
    'matrix',
    'matrix --tier kubernetes --parallel 1 --no-scale --write a.json --write b.xml --write c.md --write d.html',
    'matrix --scenario cluster-ip,istio-mesh -o json',
  ])('evenly %s: fails here for want of kubectl, and would go on otherwise', async (line) => {
    const { exit, out, err } = await evenly(line.split(' '))
    expect({ exit, out, err }).toEqual({ exit: 69, out: '', err: 'evenly: kubectl 1.34.3 cannot be had\n' })
    expect(vi.mocked(tool).mock.calls.map(([name]) => name)).toEqual(expect.arrayContaining<ToolName>(['kubectl']))
  })

  it('takes an empty EVENLY_IMAGE for none', async () => {
    vi.stubEnv('EVENLY_IMAGE', '')
    expect(await evenly(['run', 'cluster-ip'])).toMatchObject({ exit: 69 })
  })

  it('leaves no listener for signals behind', async () => {
    const listeners = () => ['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => process.listenerCount(signal))
    const before = listeners()
    await evenly(['run', 'cluster-ip'])
    expect(listeners()).toEqual(before)
  })
})

describe('the help of evenly run', () => {
  it('lists the scenarios there are', async () => {
    const written: string[] = []
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0)
    expect((await evenly(['run', '--help'])).exit).toBe(0)
    expect(written.join('')).toMatch(/^Scenarios: cluster-ip, headless-pick-first, .*\bistio-mesh\b/m)
  })
})
