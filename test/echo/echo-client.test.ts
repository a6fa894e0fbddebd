import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { chooseAddresses, type LabAddresses } from '../../scripts/lab/addresses.ts'
import { startDnsServer } from '../../scripts/lab/dns-server.ts'
import { hostAndPort } from '../../scripts/lib/address.ts'
import { exitCode } from '../../scripts/lib/exit.ts'
import { finish } from '../../services/echo/src/echo-client.ts'
import { endCommands, runEcho } from '../support/echo-command.ts'
import { clientConfig } from '../support/echo-config.ts'
import { type EchoPod, startPod } from '../support/echo-pod.ts'
import { sampleValue } from '../support/exposition.ts'
import { measure, measuring } from '../support/measure.ts'

const patient = { timeout: 30_000, interval: 20 }
const anyPort = ['--admin-listen', '127.0.0.1:0']

let addresses: LabAddresses
let pods: EchoPod[]
let target: string
let folder: string
const cleanups: (() => void | Promise<void>)[] = []
beforeAll(async () => {
  addresses = await chooseAddresses(6)
  pods = await Promise.all([0, 1, 2].map((index) => startPod(`pod-${index + 1}`, addresses.server(index))))
  target = `ipv4:${pods.map(({ address }) => address).join(',')}`
  folder = await mkdtemp(join(tmpdir(), 'evenly-client-'))
})
afterAll(async () => {
  await Promise.all(pods.map((pod) => pod.stop()))
  await rm(folder, { recursive: true, force: true })
})
afterEach(async () => {
  await endCommands()
  for (const clean of cleanups.splice(0).reverse()) await clean()
})

describe('echo -h as a process', () => {
  it('makes exactly 300 calls, prints who served each, reports and exits: pinned by the default policy', async () => {
    const args = ['-h', target, '--requests', '300', '--peers', '3', '--expect', 'pinned', ...anyPort]
    const { code, stdout, stderr } = await runEcho(args).ended
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout.match(/^call \d+ served by pod-1 \(10\.0\.0\.7 on node-1\) in \d+\.\d ms$/gm)).toHaveLength(300)
    expect(stdout).toMatch(
      /^300 calls to ipv4:\S+ in \d+\.\d s, 0 failed\n {2}pod-1 +300 +100\.0 % █{30}\nlatency: p50 /m,
    )
    expect(stdout).toMatch(/^verdict: pinned \(expected pinned\): All 300 calls went to pod-1, of 3 peers\.\n$/m)
  })

  it('prints only the JSON report with -o json, writes the same to a file, and is even by round_robin', async () => {
    const file = join(folder, 'report.json')
    const args = ['--lb-policy', 'round_robin', '--requests', '300', '--expect', 'even', '-o', 'json', '--report', file]
    const { code, stdout } = await runEcho(['-h', target, ...args, ...anyPort]).ended
    expect(code).toBe(0)
    expect(stdout).toBe(await readFile(file, 'utf8'))
    expect(JSON.parse(stdout)).toMatchObject({
      target,
      policy: 'round_robin',
      requests: 300,
      failed: 0,
      counts: { 'pod-1': 100, 'pod-2': 100, 'pod-3': 100 },
      shares: { 'pod-1': 1 / 3 },
      errors: {},
      verdict: 'even',
      expected: 'even',
      judgement: { jain: 1, policy: 'round_robin' },
      latencyMilliseconds: { p50: expect.any(Number), p99: expect.any(Number) },
    })
  })

  it('exits 79 when the verdict is another than the expected one', async () => {
    const args = ['-h', target, '--requests', '30', '--peers', '3', '--expect', 'even', '--quiet', ...anyPort]
    const { code, stdout } = await runEcho(args).ended
    expect(code).toBe(79)
    expect(stdout).toContain('verdict: pinned (expected even)')
    expect(stdout).not.toContain('served by')
  })

  it('exits 69 when it never reaches a server', async () => {
    const args = ['-h', addresses.server(5), '--requests', '3', '--ready-timeout-seconds', '0.5', ...anyPort]
    const { code, stderr } = await runEcho(args).ended
    expect(code).toBe(69)
    expect(stderr).toBe(
      `echo: ${addresses.server(5)} was not reachable for 0.5 s: is the server up, and the name right?\n`,
    )
  })

  it('exits 69 when every call failed, with the errors by code', async () => {
    const slow = ['--requests', '3', '--delay-milliseconds', '1000', '--timeout-seconds', '0.1']
    const { code, stdout } = await runEcho(['-h', target, ...slow, ...anyPort]).ended
    expect(code).toBe(69)
    expect(stdout).toContain('\nerrors: DEADLINE_EXCEEDED 3\n')
  })

  it('exits 65 when the report cannot be written, after it has been printed', async () => {
    const file = join(folder, 'no/such/folder/report.json')
    const { code, stdout, stderr } = await runEcho(['-h', target, '--requests', '3', '--report', file, ...anyPort])
      .ended
    expect(code).toBe(65)
    expect(stdout).toContain('verdict: ')
    expect(stderr).toBe(
      `echo: --report ${file}: ENOENT: no such file or directory, open '${file}': choose a file that can be written.\n`,
    )
  })

  it('exits 69 when its admin address is taken', async () => {
    const taken = await listen('127.0.0.1:0')
    const { port } = taken.address() as { port: number }
    const { code, stderr } = await runEcho(['-h', target, '--admin-listen', `127.0.0.1:${port}`]).ended
    expect(code).toBe(69)
    expect(stderr).toMatch(/^echo: --admin-listen \S+: listen EADDRINUSE.*: choose a free address of this machine\.\n$/)
  })

  it('is not ready while it has no server, is once it has, exports its calls per peer, and stops at SIGTERM', async () => {
    const address = addresses.server(3)
    const client = runEcho(['-h', address, '--interval-seconds', '0.02', '--client-id', 'me', ...anyPort])
    const admin = (await client.printed(/admin on (http:\S+)/))[1] as string
    await client.printed(/is not reachable/)
    expect((await fetch(`${admin}/readyz`)).status).toBe(503)
    const pod = await ownPod('pod-4', address)
    await client.printed(/call 3 served by pod-4/)
    expect((await fetch(`${admin}/readyz`)).status).toBe(200)
    const metrics = await (await fetch(`${admin}/metrics`)).text()
    const perPeer = { grpc_target: address, peer: 'pod-4', grpc_code: 'OK' }
    expect(sampleValue(metrics, 'grpc_lb_client_peer_handled_total', perPeer)).toBeGreaterThanOrEqual(3)
    expect(sampleValue(metrics, 'grpc_lb_client_info', { grpc_target: address, policy: 'pick_first' })).toBe(1)
    expect(sampleValue(metrics, 'grpc_lb_client_ready_subchannels', { grpc_target: address })).toBe(1)
    client.kill('SIGTERM')
    const { code, stdout } = await client.ended
    expect(code).toBe(0)
    expect(stdout).toMatch(/^\d+ calls to \S+ in \d+\.\d s, 0 failed\n {2}pod-4 /m)
    expect(pod.tally.last(900).counts).toEqual({ me: Number(/^(\d+) calls to/m.exec(stdout)?.[1]) })
  })
})

describe('the shapes of calls', () => {
  it('ten at a time: all of a round end before the next round starts', async () => {
    const pod = await ownPod('pod-4', addresses.server(3))
    const client = await measuring(pod.address, '--concurrency', '10', '--requests', '35', '--delay-milliseconds', '20')
    expect((await client.report).requests).toBe(35)
    const round = client.said
      .flatMap((line) => /^call (\d+) served/.exec(line)?.[1] ?? [])
      .map((n) => Math.ceil(+n / 10))
    expect(round).toEqual([...round].sort((a, b) => a - b))
    expect(pod.mostAtOnce()).toBe(10)
  })

  it('one after another, with a pause between', async () => {
    const pod = await ownPod('pod-4', addresses.server(3))
    const report = await measure(pod.address, '--interval-seconds', '0.1', '--requests', '3')
    expect(report.durationSeconds).toBeGreaterThanOrEqual(0.19)
    expect(pod.mostAtOnce()).toBe(1)
  })

  it('at a rate, whether or not earlier calls have ended', async () => {
    const pod = await ownPod('pod-4', addresses.server(3))
    const report = await measure(pod.address, '--rps', '100', '--requests', '20', '--delay-milliseconds', '1000')
    expect(report).toMatchObject({ requests: 20, failed: 0 })
    expect(pod.mostAtOnce()).toBe(20)
  })

  it('for a time, and the calls still running end', async () => {
    const report = await measure(target, '--duration-seconds', '0.3', '--delay-milliseconds', '40')
    expect(report.requests).toBeGreaterThan(0)
    expect(report.failed).toBe(0)
    expect(report.durationSeconds).toBeGreaterThanOrEqual(0.29)
  })

  it('as messages of one stream, which stays on its peer whatever the policy', async () => {
    const { counts, verdict } = await measure(target, '--stream', '--lb-policy', 'round_robin', '--requests', '60')
    expect([Object.values(counts), verdict]).toEqual([[60], 'pinned'])
  })

  it('as messages of another stream once the peer of the first is gone', async () => {
    const two = await Promise.all([3, 4].map((index) => ownPod(`pod-${index + 1}`, addresses.server(index))))
    const both = `ipv4:${two.map(({ address }) => address).join(',')}`
    const client = await measuring(both, '--stream', '--interval-seconds', '0.01')
    await vi.waitFor(() => expect(client.said.join('\n')).toContain('call 5 served by pod-4'), patient)
    await two[0]?.stop()
    await vi.waitFor(() => expect(client.said.join('\n')).toMatch(/served by pod-5/), patient)
    client.stop()
    expect(Object.keys((await client.report).counts)).toEqual(['pod-4', 'pod-5'])
  })

  it('that a server refuses are counted for that server, by code', async () => {
    const report = await measure(pods[0]?.address as string, '--payload-bytes', '2000000', '--requests', '5')
    expect(report).toMatchObject({ failed: 5, errors: { INVALID_ARGUMENT: 5 }, counts: { 'pod-1': 5 } })
  })
})

describe('one slow pod', () => {
  it('is waited for, the others are not', async () => {
    const slow = ['--slow-peer', 'pod-2', '--delay-milliseconds', '60000', '--timeout-seconds', '2']
    const shape = ['--lb-policy', 'round_robin', '--requests', '30', '--concurrency', '30']
    const report = await measure(target, ...slow, ...shape)
    expect(report).toMatchObject({ failed: 10, errors: { DEADLINE_EXCEEDED: 10 } })
    expect(report.counts).toEqual({ 'pod-1': 10, 'pod-2': 10, 'pod-3': 10 })
  })
})

describe('socket addresses', () => {
  it('are counted at both ends when asked for, the ports of the caller left out', async () => {
    const [pod] = pods as [EchoPod]
    const report = await measure(pod.address, '--requests', '10', '--addresses')
    const [caller, ...others] = Object.keys(report.addresses?.seen ?? {})
    expect(report.addresses).toEqual({ dialled: { [pod.address]: 10 }, seen: { [caller as string]: 10 } })
    expect([caller, others]).toEqual([expect.stringMatching(/^127\.\d+\.\d+\.\d+$/), []])
  })

  it('are not asked for otherwise', async () => {
    expect(await measure(target, '--requests', '3')).not.toHaveProperty('addresses')
  })
})

describe('a server that is away', () => {
  it('and back is one line per change, however often the client tries meanwhile', async () => {
    const address = addresses.server(3)
    const client = await measuring(address, '--interval-seconds', '0.02')
    const lines = (pattern: RegExp) => client.said.filter((line) => pattern.test(line)).length
    const until = (pattern: RegExp, times: number) =>
      vi.waitFor(() => expect(lines(pattern)).toBeGreaterThanOrEqual(times), patient)
    await until(/is not reachable/, 1)
    const first = await ownPod('pod-4', address)
    await until(/^call \d+ served/, 1)
    await first.stop()
    await until(/is not reachable/, 2)
    await refuseOne(address)
    await ownPod('pod-4', address)
    await until(/is answered again/, 1)
    client.stop()
    await client.report
    const changes = client.said.filter((line) => /connected|reachable/.test(line)).map((line) => line.split(' (')[0])
    const [away, back] = [`${address} is not reachable`, `connected to ${address}`]
    expect(changes).toEqual([away, back, away, back])
    expect(lines(/is answered again/)).toBe(1)
  })

  it('is not one whose connections end at their age and are opened again', async () => {
    const pod = await ownPod('pod-4', addresses.server(3), '--max-connection-age-seconds', '0.1')
    const client = await measuring(pod.address, '--interval-seconds', '0.02')
    await vi.waitFor(() => expect(client.said.join('\n')).toContain('call 50 served'), patient)
    client.stop()
    await client.report
    expect(client.said.filter((line) => /connected|reachable/.test(line))).toEqual([`connected to ${pod.address}`])
  })

  it('because its name does not resolve yet is found when the name does', async () => {
    const { host, port } = hostAndPort((await ownPod('pod-4', addresses.server(3))).address)
    const dns = await startDnsServer(addresses.dnsHost)
    cleanups.push(() => dns.close())
    const args = ['-h', `dns://${dns.address}/late.lab:${port}`, '--requests', '3', '--ready-timeout-seconds', '30']
    const env = { GRPC_NODE_USE_ALTERNATIVE_RESOLVER: 'true', GRPC_TRACE: 'dns_resolver', GRPC_VERBOSITY: 'DEBUG' }
    const client = runEcho([...args, '--dns-min-interval-seconds', '0.1', ...anyPort], env)
    // The channel's first failure is news to it, and makes it look again; the second one is not.
    await client.printed(/(Resolution error for target[\s\S]*){2}/)
    dns.setAddresses('late.lab', [host])
    const { code, stdout } = await client.ended
    expect([code, stdout]).toEqual([0, expect.stringContaining('\n  pod-4 ')])
  })

  it('for good ends a run of a certain number of calls, and the run says so', async () => {
    const pod = await startPod('pod-4', addresses.server(3))
    const limits = ['--requests', '1000', '--interval-seconds', '0.02', '--ready-timeout-seconds', '0.5']
    const client = await measuring(pod.address, ...limits)
    cleanups.push(() => client.stop())
    await vi.waitFor(() => expect(client.said.join('\n')).toContain('call 3 served'), patient)
    await pod.stop()
    const report = await client.report
    expect(report).toMatchObject({ gaveUp: true })
    expect(report.requests).toBeLessThan(1000)
    expect(client.said.at(-1)).toBe(`${pod.address} was away for 0.5 s: giving up`)
    expect(await finish(report, await clientConfig(pod.address), () => {})).toBe(exitCode.unavailable)
  })
})

async function ownPod(name: string, address: string, ...args: string[]): Promise<EchoPod> {
  const pod = await startPod(name, address, args)
  cleanups.push(() => pod.stop())
  return pod
}

/** Takes a connection at the address and drops it: the client has tried again meanwhile. */
async function refuseOne(address: string): Promise<void> {
  const server = await listen(address)
  const [socket] = (await once(server, 'connection')) as [Socket]
  socket.on('error', () => {}).destroy()
  await new Promise((closed) => server.close(closed))
}

async function listen(address: string): Promise<Server> {
  const [host, port] = address.split(':')
  const server = createServer().listen(Number(port), host)
  cleanups.push(() => void server.close())
  await once(server, 'listening')
  return server
}
