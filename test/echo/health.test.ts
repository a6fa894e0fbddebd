import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { chooseAddresses, type LabAddresses } from '../../scripts/lab/addresses.ts'
import { startClusterIp } from '../../scripts/lab/cluster-ip.ts'
import { startDnsServer } from '../../scripts/lab/dns-server.ts'
import { hostAndPort } from '../../scripts/lib/address.ts'
import type { Distribution } from '../../services/echo/src/distribution.ts'
import { endCommands, runEcho } from '../support/echo-command.ts'
import { startPod } from '../support/echo-pod.ts'
import { parseExposition, sampleValue } from '../support/exposition.ts'
import { measure, measuring } from '../support/measure.ts'
import { type ForeignServer, type Health, startForeign } from './foreign-server.ts'

const patient = { timeout: 30_000, interval: 20 }
const anyPort = ['--admin-listen', '127.0.0.1:0']
const health = ['--method', 'Health']
const roundRobin = ['--lb-policy', 'round_robin']

let addresses: LabAddresses
let foreign: ForeignServer[]
let foreignTarget: string
const cleanups: (() => void | Promise<void>)[] = []
beforeAll(async () => {
  addresses = await chooseAddresses(6)
  foreign = await Promise.all([0, 1, 2].map((index) => startForeign(addresses.server(index))))
  foreignTarget = listOf(foreign)
})
afterAll(() => Promise.all(foreign.map((server) => server.stop())))
afterEach(async () => {
  await endCommands()
  for (const clean of cleanups.splice(0).reverse()) await clean()
})

describe('health checks of evenly-echo', () => {
  it('are tallied by the pods that answer, and are even by round_robin', async () => {
    const target = listOf(await Promise.all([3, 4, 5].map((index) => ownPod(`pod-${index}`, index))))
    const args = ['-h', target, ...health, ...roundRobin, '--requests', '300', '--expect', 'even', '-o', 'json']
    const { code, stdout, stderr } = await runEcho([...args, ...anyPort]).ended
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^call 1 served by pod-\d in \d+\.\d ms$/m)])
    expect(JSON.parse(stdout)).toMatchObject({
      requests: 300,
      failed: 0,
      counts: { 'pod-3': 100, 'pod-4': 100, 'pod-5': 100 },
      errors: {},
      verdict: 'even',
      latencyMilliseconds: { p50: expect.any(Number) },
    })
  })

  it('are pinned to a pod that names itself, though it is the only address', async () => {
    const { address } = await ownPod('pod-3', 3)
    const { counts, judgement } = await measure(address, ...health, '--requests', '30')
    expect(counts).toEqual({ 'pod-3': 30 })
    expect(judgement).toMatchObject({
      verdict: 'pinned',
      reason: 'All 30 calls went to pod-3, the only peer known.',
    })
  })
})

describe('health checks of servers that do not say who they are', () => {
  it('are tallied by address where there are several, and are even by round_robin', async () => {
    const before = foreign.map((server) => server.checks())
    const report = await measure(foreignTarget, ...health, ...roundRobin, '--requests', '300')
    expect(report).toMatchObject({ failed: 0, verdict: 'even', policy: 'round_robin' })
    expect(report.counts).toEqual(Object.fromEntries(foreign.map(({ address }) => [address, 100])))
    expect(foreign.map((server, index) => server.checks() - (before[index] as number))).toEqual([100, 100, 100])
  })

  it('are pinned to the one of several addresses that pick_first took', async () => {
    const { judgement } = await measure(foreignTarget, ...health, '--requests', '300')
    const reason = `All 300 calls went to ${foreign[0]?.address}, of 3 peers.`
    expect(judgement).toMatchObject({ verdict: 'pinned', reason })
  })

  it("are pinned as well where the addresses are those of a headless Service's name", async ({ skip }) => {
    if (!addresses.ownAddresses) skip('one address: a name cannot tell servers apart')
    const dns = await startDnsServer(addresses.dnsHost)
    cleanups.push(() => dns.close())
    const parts = foreign.map(({ address }) => hostAndPort(address))
    const hosts = parts.map(({ host }) => host)
    dns.setAddresses('orders.lab', hosts)
    const args = ['-h', `dns://${dns.address}/orders.lab:${parts[0]?.port}`, ...health, '--requests', '300', '--quiet']
    const run = runEcho([...args, ...anyPort], { GRPC_NODE_USE_ALTERNATIVE_RESOLVER: 'true' })
    expect((await run.ended).stdout).toMatch(/^verdict: pinned: All 300 calls went to \S+, of 3 peers\.$/m)
  })

  it('tell nothing of pods behind one address, and the report says so and what would help', async () => {
    const { address } = await clusterIp()
    const args = ['-h', address, ...health, '--requests', '300', '--expect', 'pinned', '--quiet', ...anyPort]
    const { code, stdout } = await runEcho(args).ended
    expect(code).toBe(79)
    const hidden = 'which may stand for any number of pods, and no reply names its pod'
    const fix = 'dial the pods themselves (a headless Service, outside a mesh), or say --peers 1 if there is one'
    expect(stdout).toContain(
      `\nverdict: insufficient (expected pinned): All 300 calls went to ${address}, ${hidden}: ${fix}.\n`,
    )
  })

  it('tell nothing of pods behind a socket either', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'evenly-health-'))
    cleanups.push(() => rm(folder, { recursive: true, force: true }))
    const { address } = await ownForeign(`unix:${join(folder, 'server.sock')}`)
    const { counts, verdict } = await measure(address, ...health, '--requests', '30')
    expect([counts, verdict]).toEqual([{ [address]: 30 }, 'insufficient'])
  })

  it.each([
    ['1', 'pinned'],
    ['3', 'insufficient'],
  ])('are judged by whoever knows that there are %s pods behind one address: %s', async (peers, verdict) => {
    const { address } = await clusterIp()
    const report = await measure(address, ...health, '--requests', '30', '--peers', peers)
    expect(report.judgement).toMatchObject({ verdict, shares: [1], peers: 1 })
  })
})

describe('a health check fails', () => {
  it.each(['NOT_SERVING', 'UNKNOWN', 'SERVICE_UNKNOWN'])(
    'when the reply says %s, and its peer is known',
    async (says) => {
      const { address } = await ownForeign(addresses.server(3), { '': says })
      const client = await measuring(address, ...health, '--requests', '20')
      expect(await client.report).toMatchObject({
        requests: 20,
        failed: 20,
        errors: { UNAVAILABLE: 20 },
        counts: { [address]: 20 },
        latencyMilliseconds: { max: 0 },
      })
      const reason = `${address} says that the server as a whole is ${says}`
      expect(client.said.filter((line) => line.startsWith('call'))).toEqual([`call 1 failed: UNAVAILABLE: ${reason}`])
    },
  )

  it('and a run fails when more of them do than are allowed', async () => {
    const sick = await ownForeign(addresses.server(3), { '': 'NOT_SERVING' })
    const args = ['-h', listOf([...foreign, sick]), ...health, ...roundRobin, '--requests', '40', '--quiet', ...anyPort]
    const [strict, lenient] = [await runEcho([...args, '--max-failed', '9']).ended, await runEcho([...args]).ended]
    expect([strict.code, lenient.code]).toEqual([79, 0])
    expect(strict.stdout).toContain('\ntoo many calls failed: 10, and --max-failed allows 9\n')
    expect((await runEcho([...args, '--max-failed', '10']).ended).code).toBe(0)
  })

  it('for the service that is asked for, not for the server as a whole', async () => {
    const { address } = await ownForeign(addresses.server(3), { '': 'SERVING', orders: 'NOT_SERVING', cart: 'SERVING' })
    const asking = (service: string) =>
      measuring(address, ...health, '--health-service', service, '--requests', '3', '--quiet')
    expect(await (await asking('cart')).report).toMatchObject({ failed: 0 })
    const orders = await asking('orders')
    expect(await orders.report).toMatchObject({ errors: { UNAVAILABLE: 3 } })
    expect(orders.said).toContain(`call 1 failed: UNAVAILABLE: ${address} says that service orders is NOT_SERVING`)
    const other = await asking('other')
    expect(await other.report).toMatchObject({ errors: { NOT_FOUND: 3 }, counts: { [address]: 3 } })
    expect(other.said).toContain('call 1 failed: NOT_FOUND: Health status unknown for service other')
  })

  it('for one server of three, and is still a call that it got', async () => {
    const two = [ownForeign(addresses.server(3)), ownForeign(addresses.server(4))]
    const servers = await Promise.all([...two, ownForeign(addresses.server(5), { '': 'NOT_SERVING' })])
    const report = await measure(listOf(servers), ...health, ...roundRobin, '--requests', '30')
    expect(report).toMatchObject({ failed: 10, errors: { UNAVAILABLE: 10 }, verdict: 'even' })
  })

  it('without a health service, which is said once, however the calls before and after end', async () => {
    const servers = await Promise.all([ownForeign(addresses.server(3)), ownForeign(addresses.server(4), 'none')])
    const client = await measuring(listOf(servers), ...health, ...roundRobin, '--requests', '20', '--quiet')
    const each = Object.fromEntries(servers.map(({ address }) => [address, 10]))
    expect(await client.report).toMatchObject({ failed: 10, errors: { UNIMPLEMENTED: 10 }, counts: each })
    const advice = 'add one to it, or use --method Hello, which is for evenly-echo'
    const sentence = `UNIMPLEMENTED: the server has no service grpc.health.v1.Health: ${advice}`
    const failures = client.said.filter((line) => line.includes('failed: '))
    expect(failures).toHaveLength(10)
    expect(failures.filter((line) => line.endsWith(sentence))).toEqual([failures[0]])
  })

  it('without a peer of its own when pods name themselves and the error does not, as a proxy would put it', async () => {
    const servers = [await ownPod('pod-3', 3), await ownForeign(addresses.server(4), 'none')]
    const report = await measure(listOf(servers), ...health, ...roundRobin, '--requests', '20')
    expect(report).toMatchObject({ failed: 10, errors: { UNIMPLEMENTED: 10 }, counts: { 'pod-3': 10 } })
    // The very first call may meet the one without a name, before anybody has one.
    expect(report.counts[servers[1]?.address as string] ?? 0).toBeLessThanOrEqual(1)
  })

  it('for all calls with exit 69', async () => {
    const { address } = await ownForeign(addresses.server(3), 'none')
    const { code, stdout } = await runEcho(['-h', address, ...health, '--requests', '5', ...anyPort]).ended
    expect(code).toBe(69)
    expect(stdout).toContain('\nerrors: UNIMPLEMENTED 5\n')
    expect(stdout.match(/--method Hello, which is for evenly-echo$/gm)).toHaveLength(1)
  })

  it('without a peer when nobody answers in time', async () => {
    const { address } = await ownForeign(addresses.server(3), 'silent')
    const report = await measure(address, ...health, '--requests', '2', '--timeout-seconds', '0.1')
    expect(report).toMatchObject({ errors: { DEADLINE_EXCEEDED: 2 }, verdict: 'insufficient' })
    expect(report.counts).toEqual({})
  })
})

describe('a client of a server that is not evenly-echo', () => {
  it('exports its calls as those of the health service, and per peer; its page judges them as its report does', async () => {
    const { address } = await clusterIp({ '': 'NOT_SERVING' })
    const client = runEcho(['-h', address, ...health, '--rps', '200', '--window', '20', '--quiet', ...anyPort])
    const admin = (await client.printed(/admin on (http:\S+)/))[1] as string
    const shown = async () => (await (await fetch(`${admin}/distribution`)).json()) as Distribution
    await vi.waitFor(async () => expect((await shown()).window).not.toBeNull(), patient)
    expect((await shown()).window).toMatchObject({
      failed: 20,
      counts: { [address]: 20 },
      judgement: { verdict: 'insufficient', reason: expect.stringContaining('no reply names its pod') },
    })
    const next = await (await fetch(`${admin}/distribution?next=20`)).json()
    expect(next).toMatchObject({ judgement: { verdict: 'insufficient' } })

    const metrics = await (await fetch(`${admin}/metrics`)).text()
    const check = { grpc_type: 'unary', grpc_service: 'grpc.health.v1.Health', grpc_method: 'Check' }
    // The call itself ended well; that the server is not well is told per peer.
    expect(sampleValue(metrics, 'grpc_client_handled_total', { ...check, grpc_code: 'OK' })).toBeGreaterThanOrEqual(20)
    expect(sampleValue(metrics, 'grpc_client_msg_received_total', check)).toBeGreaterThanOrEqual(20)
    const perPeer = { grpc_target: address, peer: address, grpc_code: 'Unavailable' }
    expect(sampleValue(metrics, 'grpc_lb_client_peer_handled_total', perPeer)).toBeGreaterThanOrEqual(20)
    const called = parseExposition(metrics).flatMap(({ labels }) => labels.grpc_method ?? [])
    expect([...new Set(called)]).toEqual(['Check'])

    client.kill('SIGTERM')
    expect((await client.ended).stdout).toMatch(/^verdict: insufficient: .*no reply names its pod/m)
  })

  it('that says Hello exports what it says alone', async () => {
    const { address } = await ownPod('pod-3', 3)
    const client = runEcho(['-h', address, '--interval-seconds', '0.02', '--quiet', ...anyPort])
    const admin = (await client.printed(/admin on (http:\S+)/))[1] as string
    const called = parseExposition(await (await fetch(`${admin}/metrics`)).text()).flatMap(
      ({ labels }) => labels.grpc_method ?? [],
    )
    expect([...new Set(called)]).toEqual(['Hello'])
  })
})

/** Three servers of somebody else behind one virtual address. */
async function clusterIp(state?: Health): Promise<{ address: string }> {
  const backends = state ? await Promise.all([3, 4, 5].map((i) => ownForeign(addresses.server(i), state))) : foreign
  const virtual = await startClusterIp(
    addresses.clusterIp,
    backends.map(({ address }) => address),
  )
  cleanups.push(() => virtual.close())
  return virtual
}

async function ownForeign(address: string, ...state: [Health?]): Promise<ForeignServer> {
  const server = await startForeign(address, ...state)
  cleanups.push(() => server.stop())
  return server
}

async function ownPod(name: string, index: number): Promise<{ address: string }> {
  const pod = await startPod(name, addresses.server(index))
  cleanups.push(() => pod.stop())
  return pod
}

const listOf = (servers: readonly { address: string }[]): string =>
  `ipv4:${servers.map(({ address }) => address).join(',')}`
