import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { demoCommand } from '../../scripts/commands/demo.ts'
import type { ScenarioResult } from '../../scripts/lab/scenario-run.ts'
import { runCli } from '../../scripts/lib/run-cli.ts'
import { type Ended, endCommands, type Running, runNode } from '../support/echo-command.ts'

const cli = fileURLToPath(new URL('../../bin/evenly.js', import.meta.url))
const linux = process.platform === 'linux'
const patient = { timeout: 30_000, interval: 50 }

afterEach(endCommands)

describe('evenly demo --once -o json', () => {
  let demo: Demo
  let ended: Ended
  let results: ScenarioResult[]
  beforeAll(async () => {
    demo = start('--once', '-o', 'json')
    ended = await demo.ended
    results = JSON.parse(ended.stdout)
  }, 180_000)
  const result = (name: string) => results.find(({ scenario }) => scenario === name) as ScenarioResult

  it('exits 0 with every verdict as expected, and prints nothing but JSON', () => {
    expect(ended.code).toBe(0)
    expect(results.map(({ scenario, expected, verdict }) => [scenario, expected, verdict])).toEqual([
      ['cluster-ip', 'pinned', 'pinned'],
      ['headless-pick-first', 'pinned', 'pinned'],
      ['headless-round-robin', 'even', 'even'],
      ['headless-max-age', 'even', 'even'],
      ['endpoint-slices', 'even', 'even'],
      ['client-least-request', 'load-aware', 'load-aware'],
      ['lookaside-xds', 'even', 'even'],
    ])
    expect(ended.stderr).toContain('cluster-ip: pinned: All 300 calls went to pod-')
  })

  it.each(['cluster-ip', 'headless-pick-first'])('shows all calls of %s on one of three peers', (name) => {
    const { counts, requests, jain } = result(name)
    expect(Object.keys(counts)).toEqual(['pod-1', 'pod-2', 'pod-3'])
    expect(Object.values(counts).sort((a, b) => a - b)).toEqual([0, 0, requests])
    expect([requests >= 300, jain]).toEqual([true, 1 / 3])
  })

  it('shows headless-round-robin even to one call over at least 300', () => {
    const { counts, requests } = result('headless-round-robin')
    const calls = Object.values(counts)
    expect(requests).toBeGreaterThanOrEqual(300)
    expect(calls.reduce((sum, count) => sum + count, 0)).toBe(requests)
    expect(calls).toHaveLength(3)
    expect(Math.max(...calls) - Math.min(...calls)).toBeLessThanOrEqual(1)
  })

  it.each(['headless-max-age', 'endpoint-slices', 'lookaside-xds'])(
    'shows when the pods that joined %s got calls',
    (name) => {
      const { counts, newPods } = result(name)
      expect(Object.keys(counts)).toEqual(['pod-1', 'pod-2', 'pod-3', 'pod-4', 'pod-5'])
      expect(Math.min(...Object.values(counts))).toBeGreaterThan(0)
      expect(newPods).toEqual({ 'pod-4': expect.any(Number), 'pod-5': expect.any(Number) })
    },
  )

  it('shows the slow pod of client-least-request with the fewest calls', () => {
    const { 'pod-1': slow = Number.POSITIVE_INFINITY, ...others } = result('client-least-request').counts
    expect(Math.min(...Object.values(others))).toBeGreaterThan(slow)
  })

  it.each(['cluster-ip', 'headless-pick-first', 'headless-round-robin', 'endpoint-slices', 'lookaside-xds'])(
    'loses no call of those it judges in %s',
    (name) => {
      expect(result(name).failed).toBe(0)
    },
  )

  it.runIf(linux)('leaves no process behind', () => expect(demo.living()).toEqual([]))
})

describe('evenly demo', () => {
  it('uses a fixed list where loopback has one address, and says so', { timeout: 180_000 }, async () => {
    const names = ['cluster-ip', 'headless-round-robin', 'endpoint-slices', 'lookaside-xds']
    const picked = [...names.flatMap((name) => ['--scenario', name]), '--requests', '60']
    const { code, stdout, stderr } = await start('--once', '-o', 'json', '--single-address', ...picked).ended
    expect(stderr).toContain('loopback has one address here')
    const results: ScenarioResult[] = JSON.parse(stdout)
    expect(results.map(({ scenario, verdict }) => [scenario, verdict])).toEqual([
      ['cluster-ip', 'pinned'],
      ['headless-round-robin', 'even'],
      ['endpoint-slices', 'even'],
      ['lookaside-xds', 'even'],
    ])
    expect(Object.values(results[1]?.counts ?? {})).toEqual([20, 20, 20])
    expect(code).toBe(0)
  })

  it('exits 79 when a verdict is not the expected one, and shows people a table', async () => {
    const picked = ['--scenario', 'headless-round-robin', '--requests', '5', '--servers', '2']
    const { code, stdout } = await start('--once', ...picked).ended
    expect(stdout).toMatch(/^scenario +expected +verdict +share per pod +failed +first call to new pods$/m)
    expect(stdout).toMatch(/^headless-round-robin +even +✖ insufficient +pod-1 █+\S* +\d\d\.\d % +0 of \d+$/m)
    expect(stdout).toMatch(/^ +pod-2 █+\S* +\d\d\.\d %$/m)
    expect(code).toBe(79)
  })

  it('keeps the live page of its clients until it is interrupted, then leaves no process behind', async () => {
    const demo = start('--scenario', 'headless-pick-first', '--requests', '20')
    const url = (await demo.printed(/The clients go on: watch them at (http:\S+)/))[1]
    expect(await (await fetch(url as string)).text()).toMatch(/^<!doctype html>/i)
    const shown = (await (await fetch(`${url}/distribution`)).json()) as object[]
    expect(shown).toMatchObject([
      { scenario: 'headless-pick-first', role: 'client', pods: ['pod-1', 'pod-2', 'pod-3'] },
    ])
    expect(demo.output()).toContain('✔ pinned')
    demo.kill('SIGINT')
    expect((await demo.ended).code).toBe(0)
    if (linux) expect(demo.living()).toEqual([])
  })

  it.runIf(linux).each([
    ['while its processes start', /starting 3 servers/],
    ['while it counts', /counting 300 calls/],
  ])('has no process live on when it is killed %s', async (_, moment) => {
    const demo = start('--once')
    await demo.printed(moment)
    await vi.waitFor(() => expect(demo.living().length).toBeGreaterThan(3), patient)
    demo.kill('SIGKILL')
    await vi.waitFor(() => expect(demo.living()).toEqual([]), patient)
  })
})

describe('the options of evenly demo', () => {
  it.each([
    ['--servers 1', "option '--servers <n>' argument '1' is invalid. It must be a whole number from 2 to 20."],
    ['--servers many', "option '--servers <n>' argument 'many' is invalid. It must be a whole number from 2 to 20."],
    ['--requests 0', "option '--requests <n>' argument '0' is invalid. It must be a whole number from 1 to 100000."],
    [
      '--scenario istio',
      "option '--scenario <name>' argument 'istio' is invalid. The lab has cluster-ip, headless-pick-first, headless-round-robin, headless-max-age, endpoint-slices, client-least-request, lookaside-xds.",
    ],
    ['-o xml', "option '-o, --output <format>' argument 'xml' is invalid. Allowed choices are table, json."],
    ['--nonsense', "unknown option '--nonsense'"],
  ])('are refused with exit 64 when they are "%s"', async (line, sentence) => {
    expect(await read(line)).toEqual({ exit: 64, err: `evenly: ${sentence}\n` })
  })

  it('are refused with exit 69 when the page cannot listen there', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await vi.waitFor(() => expect(taken.listening).toBe(true))
    const { port } = taken.address() as { port: number }
    const { exit, err } = await read(`--listen 127.0.0.1:${port}`)
    expect(exit).toBe(69)
    expect(err).toMatch(
      /^evenly: --listen 127\.0\.0\.1:\d+: .*EADDRINUSE.*: choose a free address, or port 0 for any\.\n$/,
    )
    await new Promise((closed) => taken.close(closed))
  })
})

interface Demo extends Running {
  /** Processes that it started, directly or not, and itself. */
  living(): number[]
}

/** Starts `evenly demo ARGS`; its processes carry a mark in their environment. */
function start(...args: string[]): Demo {
  const mark = `EVENLY_TEST_MARK=${randomUUID()}`
  const [name = '', value] = mark.split('=')
  const running = runNode([cli, 'demo', ...args], { [name]: value })
  return { ...running, living: () => processIds().filter((id) => environmentOf(id).includes(mark)) }
}

const processIds = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)

function environmentOf(processId: number): string {
  try {
    return readFileSync(`/proc/${processId}/environ`, 'utf8')
  } catch {
    return ''
  }
}

async function read(line: string) {
  const before = process.exitCode
  let err = ''
  const keep = (text: string | Uint8Array) => {
    err += text
    return true
  }
  vi.spyOn(process.stderr, 'write').mockImplementation(keep)
  vi.spyOn(console, 'error').mockImplementation((text: string) => keep(`${text}\n`))
  await runCli(new Command('evenly').addCommand(demoCommand()), ['demo', ...line.split(' ')])
  vi.restoreAllMocks()
  const exit = process.exitCode
  process.exitCode = before
  return { exit, err }
}
