import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { runCli } from '../../scripts/lib/run-cli.ts'
import { type EchoConfig, echoCommand } from '../../services/echo/src/config.ts'
import {
  clientOptions,
  commonOptions,
  kubernetesOptions,
  lookasideOptions,
  serverOptions,
} from '../../services/echo/src/options.ts'
import { endCommands, runEcho } from '../support/echo-command.ts'
import { clientConfig, serverConfig } from '../support/echo-config.ts'

let before: typeof process.exitCode
beforeEach(() => {
  before = process.exitCode
  process.exitCode = undefined
  for (const name of Object.keys(process.env)) if (name.startsWith('ECHO_')) vi.stubEnv(name, undefined)
})
afterEach(async () => {
  process.exitCode = before
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  await endCommands()
})

describe('the echo process', () => {
  it.each([
    [['-h', ''], '-h is empty: give HOST:PORT, such as localhost:8080.'],
    [
      ['-h', 'server:8080', '--lb-policy', 'nonsense'],
      /^echo: --lb-policy nonsense: grpc-js does not know the policy and would silently use pick_first: choose pick_first, round_robin, least_request, .*\.\n$/,
    ],
    [
      ['-h', 'server:8080', '--requests', '0'],
      "option '--requests <n>' argument '0' is invalid. It must be a whole number, 1 or more.",
    ],
    [['-s', '-h', 'server:8080'], '-s and -h are two modes: give one of them.'],
    [['-h', 'server:8080', '--lookaside'], '-h and --lookaside are two modes: give one of them.'],
    [[], 'say a mode: -s to serve, -h HOST:PORT to call a server, or --lookaside.'],
  ])('refuses %j with one sentence and exit 64', async (args, sentence) => {
    const stderr = typeof sentence === 'string' ? `echo: ${sentence}\n` : expect.stringMatching(sentence)
    expect(await runEcho(args).ended).toEqual({ code: 64, stdout: '', stderr })
  })
})

describe('the command line', () => {
  it.each([
    ['-h', "option '-h, --host <target>' argument missing"],
    ['-s --rps 5', '--rps does nothing with -s: leave it out.'],
    ['-s --lb-policy round_robin', '--lb-policy does nothing with -s: leave it out.'],
    ['-h a:1 --drain-seconds 3', '--drain-seconds does nothing with -h: leave it out.'],
    ['-h a:1 --rps 5 --concurrency 2', '--rps sets the pace and --concurrency waits for rounds: give one of them.'],
    ['-s --nonsense', "unknown option '--nonsense'"],
    ['-h a:1 --request 5', "unknown option '--request'\n(Did you mean --requests?)"],
    ['-h a:1 more', 'too many arguments. Expected 0 arguments but got 1: more.'],
    ['-h server', '-h server: the port of server is missing: write server:8080, say.'],
    [
      '-h http://a:1',
      '-h http://a:1: unknown scheme http: use one of dns, ipv4, ipv6, unix, k8s, xds, or plain HOST:PORT.',
    ],
    [
      '-h a:1 --concurrency 1.5',
      "option '--concurrency <n>' argument '1.5' is invalid. It must be a whole number, 1 or more.",
    ],
    [
      '-h a:1 --max-attempts 6',
      "option '--max-attempts <n>' argument '6' is invalid. It must be a whole number from 1 to 5.",
    ],
    ['-h a:1 --rps 0', "option '--rps <n>' argument '0' is invalid. It must be a rate above 0."],
    ['-h a:1 --rps fast', "option '--rps <n>' argument 'fast' is invalid. It must be a rate above 0."],
    [
      '-h a:1 --timeout-seconds -1',
      "option '--timeout-seconds <s>' argument '-1' is invalid. It must be seconds, 0 or more.",
    ],
    [
      '-s --listen 8080',
      "option '--listen <address>' argument '8080' is invalid. It must be ADDRESS:PORT, such as 0.0.0.0:8080.",
    ],
    [
      '-h a:1 --expect good',
      "option '--expect <verdict>' argument 'good' is invalid. Allowed choices are even, pinned, skewed, matches-weights, insufficient.",
    ],
    [
      '-h a:1 --judge-as weighted',
      "option '--judge-as <policy>' argument 'weighted' is invalid. Allowed choices are round_robin, random, least_request, pick_first.",
    ],
    ['-h a:1 --method Hi', "option '--method <name>' argument 'Hi' is invalid. Allowed choices are Hello, Health."],
    [
      '-h a:1 --method Health --stream',
      '--stream sends messages of Hello and --method Health has no stream: give one of them.',
    ],
    ['-h a:1 --method Health --message Hi', '--message does nothing with --method Health: leave it out.'],
    [
      '-h a:1 --method Health --delay-milliseconds 5',
      '--delay-milliseconds does nothing with --method Health: leave it out.',
    ],
    ['-h a:1 --method Health --payload-bytes 5', '--payload-bytes does nothing with --method Health: leave it out.'],
    ['-h a:1 --method Health --slow-peer a', '--slow-peer does nothing with --method Health: leave it out.'],
    ['-h a:1 --method Health --key-header x-user', '--key-header does nothing with --method Health: leave it out.'],
    ['-h a:1 --method Health --keys 5', '--keys does nothing with --method Health: leave it out.'],
    ...['--keys 5', '--key-header x-user'].map((one) => [
      `-h a:1 ${one}`,
      '--key-header says where a key stands and --keys how many there are: give both or neither.',
    ]),
    [
      '-h a:1 --stream --keys 5 --key-header x-user',
      '--keys gives each call a key and --stream is one call: give one of them.',
    ],
    ...['0', '10001'].map((keys) => [
      `-h a:1 --key-header x-user --keys ${keys}`,
      `option '--keys <n>' argument '${keys}' is invalid. It must be a whole number from 1 to 10000.`,
    ]),
    ...['x:user', 'grpc-user', 'user-bin', 'User-Agent'].map((header) => [
      `-h a:1 --keys 5 --key-header ${header}`,
      `option '--key-header <name>' argument '${header}' is invalid. It must be the name of a header that gRPC leaves free, such as x-user.`,
    ]),
    ['-h a:1 --slow-peer pod-1', '--slow-peer says who shall wait and --delay-milliseconds how long: give both.'],
    ...['127.0.0.1:15000', 'ftp://a:1'].map((url) => [
      `-h a:1 --proxy-admin ${url}`,
      `option '--proxy-admin <url>' argument '${url}' is invalid. It must be a URL, such as http://127.0.0.1:15000.`,
    ]),
    ['-h a:1 --progress-seconds 2', '--progress-seconds does nothing with -o text: leave it out.'],
    ['-h a:1 -o json --progress-seconds 2', '--progress-seconds does nothing with -o json: leave it out.'],
    [
      '-h a:1 -o jsonl --progress-seconds 0.04',
      "option '--progress-seconds <s>' argument '0.04' is invalid. It must be seconds, 0.05 or more.",
    ],
    ['-h a:1 --health-service a', '--health-service does nothing with --method Hello: leave it out.'],
    [
      '-h a:1 -o xml',
      "option '-o, --output <format>' argument 'xml' is invalid. Allowed choices are text, json, jsonl.",
    ],
  ])('refuses "%s" with one sentence and exit 64', async (line, sentence) => {
    expect(await read(line)).toEqual({ exit: 64, config: undefined, out: '', err: `echo: ${sentence}\n` })
  })

  const values: Record<string, string> = {
    expect: 'even',
    grpcWebOrigins: 'http://a:1',
    judgeAs: 'random',
    kubernetesApi: 'http://a:1',
    listen: 'a:1',
    method: 'Health',
    output: 'json',
    proxyAdmin: 'http://a:1',
    statsListen: 'a:1',
    utilization: 'measured',
    xdsListen: 'a:1',
  }
  const useless = [
    { mode: '-s', options: [...clientOptions, ...lookasideOptions, ...kubernetesOptions] },
    { mode: '-h', options: [...serverOptions, ...lookasideOptions] },
    { mode: '--lookaside', options: [...serverOptions, ...clientOptions] },
  ].flatMap(({ mode, options }) => options.map((option) => ({ mode, option, long: option().long })))
  it.each(useless)('refuses $long in the mode $mode', async ({ mode, option }) => {
    const { long, flags, attributeName } = { ...option(), attributeName: option().attributeName() }
    const value = values[attributeName] ?? '1'
    const given = flags.includes('<') ? `${long} ${value}` : long
    const { exit, err } = await read(`${mode === '-h' ? '-h a:1' : mode} ${given}`)
    expect([exit, err]).toEqual([64, `echo: ${long} does nothing with ${mode}: leave it out.\n`])
  })

  it('explains each mode, every option and the exit codes, and exits 0', async () => {
    const { exit, out, err } = await read('--help')
    expect([exit, err]).toEqual([undefined, ''])
    const all = [commonOptions, serverOptions, clientOptions, lookasideOptions, kubernetesOptions].flat()
    for (const option of all) expect(out).toContain(option().flags)
    expect(out).toContain('-s, --server')
    expect(out).toContain('--lookaside ')
    expect(out).toContain('-h, --host <target>')
    expect(out).toContain('Exit codes: 0 as expected, 1 error, 64 usage, 69 unreachable, 79 verdict not met.')
  })

  it('tells its version', async () => {
    expect(await read('--version')).toMatchObject({ exit: undefined, out: '1.2.3\n' })
  })
})

describe('the options', () => {
  it('of a server have the defaults of the chart, and cannot be changed', async () => {
    const config = await serverConfig()
    expect(config).toMatchObject({ mode: 'server', listen: '0.0.0.0:8080', adminListen: '0.0.0.0:9464' })
    expect(config).toMatchObject({ maxConnectionAgeSeconds: 0, notReadySeconds: 0, drainSeconds: 20 })
    expect(Object.isFrozen(config)).toBe(true)
  })

  it('of a control plane have the defaults of the chart', async () => {
    const { config } = await read('--lookaside')
    expect(config).toMatchObject({ mode: 'lookaside', xdsListen: '0.0.0.0:18000', adminListen: '0.0.0.0:9464' })
    expect(config).toMatchObject({ lookasideConfig: '/etc/evenly/lookaside.yaml' })
  })

  it.each([
    ['one call every 5 s without any', [], { concurrency: 1, intervalSeconds: 5 }],
    ['ten calls, and ten again, without a pause', ['--concurrency', '10'], { concurrency: 10, intervalSeconds: 0 }],
    ['exactly 300 calls without a pause', ['--requests', '300'], { requests: 300, intervalSeconds: 0 }],
    ['an open loop', ['--rps', '0.5'], { rps: 0.5, intervalSeconds: 0 }],
    ['Hello without any', [], { method: 'Hello' }],
    ['a line a second', ['-o', 'jsonl'], { output: 'jsonl', progressSeconds: 1 }],
    ['keys in a header', ['--key-header', 'X-User', '--keys', '10000'], { keyHeader: 'x-user', keys: 10_000 }],
    ['a pause of its own', ['--requests', '3', '--interval-seconds', '0.2'], { requests: 3, intervalSeconds: 0.2 }],
  ])('of a client mean %s', async (_, args, expected) => {
    expect(await clientConfig('server:8080', ...args)).toMatchObject({ target: 'server:8080', ...expected })
  })

  it('come from the environment too, and the command line wins', async () => {
    vi.stubEnv('ECHO_REQUESTS', '7')
    vi.stubEnv('ECHO_LB_POLICY', 'round_robin')
    vi.stubEnv('ECHO_ADMIN_LISTEN', '127.0.0.1:0')
    expect(await clientConfig('server:8080', '--requests', '8')).toMatchObject({
      requests: 8,
      lbPolicy: 'round_robin',
      adminListen: '127.0.0.1:0',
    })
  })

  it('of the other mode may stand in the environment, which pods of both modes share', async () => {
    vi.stubEnv('ECHO_DRAIN_SECONDS', '3')
    vi.stubEnv('ECHO_RPS', '5')
    expect(await serverConfig()).toMatchObject({ drainSeconds: 3 })
    expect(await clientConfig('server:8080')).toMatchObject({ rps: 5 })
  })

  it('of the other method may stand in the environment too, but not a stream where there is none', async () => {
    vi.stubEnv('ECHO_METHOD', 'Health')
    vi.stubEnv('ECHO_MESSAGE', 'Hi')
    vi.stubEnv('ECHO_HEALTH_SERVICE', 'orders')
    vi.stubEnv('ECHO_KEYS', '5')
    vi.stubEnv('ECHO_SLOW_PEER', 'pod-1')
    vi.stubEnv('ECHO_PROGRESS_SECONDS', '5')
    expect(await clientConfig('server:8080')).toMatchObject({ method: 'Health', healthService: 'orders' })
    vi.stubEnv('ECHO_KEYS', undefined)
    vi.stubEnv('ECHO_SLOW_PEER', undefined)
    expect(await clientConfig('server:8080', '--method', 'Hello')).toMatchObject({ method: 'Hello', message: 'Hi' })
    expect(await read('-h a:1 --stream')).toMatchObject({ exit: 64, err: expect.stringContaining('--method Health') })
  })

  it('from the environment are checked as well, and the sentence names where they stand', async () => {
    vi.stubEnv('ECHO_DRAIN_SECONDS', 'soon')
    expect(await read('-s')).toMatchObject({
      exit: 64,
      err: "echo: option '--drain-seconds <s>' value 'soon' from env 'ECHO_DRAIN_SECONDS' is invalid. It must be seconds, 0 or more.\n",
    })
  })
})

async function read(line: string) {
  const seen = { out: '', err: '', config: undefined as EchoConfig | undefined }
  const keep = (stream: 'out' | 'err') => (text: string | Uint8Array) => {
    seen[stream] += text
    return true
  }
  vi.spyOn(process.stdout, 'write').mockImplementation(keep('out'))
  vi.spyOn(process.stderr, 'write').mockImplementation(keep('err'))
  vi.spyOn(console, 'error').mockImplementation((text: string) => keep('err')(`${text}\n`))
  const command = echoCommand('1.2.3', async (config) => {
    seen.config = config
  })
  await runCli(command, line.split(' ').filter(Boolean))
  vi.restoreAllMocks()
  const exit = process.exitCode || undefined
  return { exit, ...seen }
}
