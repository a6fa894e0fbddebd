import { execFile, execFileSync } from 'node:child_process'
import { promisify } from 'node:util'
import { type handleUnaryCall, Server, ServerCredentials, status } from '@grpc/grpc-js'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { HelloRequest__Output } from '../../../proto/generated/evenly/echo/v1/HelloRequest.ts'
import type { HelloResponse } from '../../../proto/generated/evenly/echo/v1/HelloResponse.ts'
import { chooseAddresses } from '../../../scripts/lab/addresses.ts'
import { echoService } from '../../../services/echo/src/wire.ts'
import { endCommands, type Running, runEcho } from '../../support/echo-command.ts'
import { type EchoPod, startPod } from '../../support/echo-pod.ts'
import { whereThereIs } from '../../support/where-there-is.ts'
import { type StatsClient, statsClient } from './stats-client.ts'

const patient = { timeout: 30_000, interval: 20 }
const peers = ['pod-a', 'pod-b', 'pod-c'] as const
const listening = /gRPC's interop tests on (\S+)/

let pods: EchoPod[]
let target: string
const driven: StatsClient[] = []
beforeAll(async () => {
  const { server } = await chooseAddresses(3)
  pods = await Promise.all(peers.map((name, index) => startPod(name, server(index))))
  target = `ipv4:${pods.map(({ address }) => address).join(',')}`
})
afterAll(() => Promise.all(pods.map((pod) => pod.stop())))
afterEach(async () => {
  for (const client of driven.splice(0)) client.close()
  await endCommands()
})

describe('a driver of the interop tests', () => {
  it('learns whom the next calls reached, strictly even by round_robin', async () => {
    const { driver } = await drive('--lb-policy', 'round_robin', '--rps', '200')
    const { rpcsByPeer, numFailures, rpcsByMethod } = await driver.next({ numRpcs: 99, timeoutSec: 30 })
    expect(rpcsByPeer).toEqual({ 'pod-a': 33, 'pod-b': 33, 'pod-c': 33 })
    expect(numFailures).toBe(0)
    expect(rpcsByMethod).toEqual({ UnaryCall: { rpcsByPeer } })
  })

  it('counts in each of several windows at a time all of its own calls', async () => {
    // Calls that begin before the last of a window has ended belong to none.
    const { driver } = await drive('--rps', '200', '--delay-milliseconds', '200')
    const windows = [10, 50, 25].map((numRpcs) => driver.next({ numRpcs, timeoutSec: 30 }))
    const sums = (await Promise.all(windows)).map(({ rpcsByPeer }) => Object.values(rpcsByPeer))
    expect(sums).toEqual([[10], [50], [25]])
  })

  it('gets what there is when the time is up, and the rest as failures', async () => {
    const { driver } = await drive('--interval-seconds', '0.3')
    const { rpcsByPeer, numFailures } = await driver.next({ numRpcs: 1000, timeoutSec: 1 })
    const calls = Object.values(rpcsByPeer).reduce((sum, count) => sum + count, 0)
    expect(calls).toBeGreaterThan(0)
    expect(numFailures).toBe(1000 - calls)
  })

  it('gets failures for calls that nobody answered well, whoever refused them', async () => {
    const { driver } = await drive('--delay-milliseconds', '300', '--timeout-seconds', '0.05', '--rps', '50')
    const { rpcsByPeer, numFailures } = await driver.next({ numRpcs: 20, timeoutSec: 30 })
    expect([rpcsByPeer, numFailures]).toEqual([{}, 20])
    await vi.waitFor(async () => {
      const { statsPerMethod } = await driver.accumulated()
      expect(statsPerMethod.UNARY_CALL?.result[status.DEADLINE_EXCEEDED]).toBeGreaterThanOrEqual(20)
    }, patient)
  })

  it('gets the headers it names of each call, whatever their case, or all', async () => {
    const { driver } = await drive('--lb-policy', 'round_robin', '--rps', '100')
    const named = await driver.next({ numRpcs: 6, timeoutSec: 30, metadataKeys: ['HostName', 'x-none'] })
    for (const pod of peers) {
      const call = { metadata: [{ key: 'hostname', value: pod, type: 'INITIAL' }] }
      expect(named.metadatasByPeer[pod]?.rpcMetadata).toEqual([call, call])
    }
    const all = await driver.next({ numRpcs: 1, timeoutSec: 30, metadataKeys: ['*'] })
    const [calls] = Object.values(all.metadatasByPeer)
    const keys = calls?.rpcMetadata?.flatMap(({ metadata }) => metadata?.map(({ key }) => key))
    expect(keys).toEqual(expect.arrayContaining(['hostname', 'x-evenly-pod', 'x-evenly-node', 'date']))
    const none = await driver.next({ numRpcs: 1, timeoutSec: 30 })
    expect(none.metadatasByPeer).toEqual({})
  })

  it('gets every call since the beginning, the sums of the run among them', async () => {
    const { driver, client } = await drive('--requests', '40', '--interval-seconds', '0.05', '-o', 'json')
    await client.printed(/call 20 served/)
    const { statsPerMethod, numRpcsStartedByMethod } = await driver.accumulated()
    const { rpcsStarted, result } = statsPerMethod.UNARY_CALL ?? { rpcsStarted: 0, result: {} }
    expect(rpcsStarted).toBeGreaterThanOrEqual(20)
    expect(Object.keys(result)).toEqual(['0'])
    // One call at a time: the one that runs has not ended.
    expect(rpcsStarted - (result[0] ?? 0)).toBeLessThanOrEqual(1)
    expect(numRpcsStartedByMethod).toEqual({ EMPTY_CALL: 0, UNARY_CALL: rpcsStarted })
    expect(JSON.parse((await client.ended).stdout)).toMatchObject({ requests: 40, failed: 0 })
  })

  it('says what is called from then on: types in turn', async () => {
    const { driver } = await drive('--rps', '100')
    await driver.configure({ types: ['EMPTY_CALL', 'UNARY_CALL'] })
    const { rpcsByMethod, rpcsByPeer: both } = await driver.next({ numRpcs: 20, timeoutSec: 30 })
    expect(both).toEqual({ 'pod-a': 20 })
    const sums = Object.entries(rpcsByMethod).map(([name, { rpcsByPeer }]) => [name, rpcsByPeer])
    expect(Object.fromEntries(sums)).toEqual({ EmptyCall: { 'pod-a': 10 }, UnaryCall: { 'pod-a': 10 } })
    await driver.configure({ types: ['EMPTY_CALL'] })
    const { rpcsByMethod: later } = await driver.next({ numRpcs: 5, timeoutSec: 30 })
    expect(Object.keys(later)).toEqual(['EmptyCall'])
  })

  it('says how long a call may take, and takes that back', async () => {
    const { driver } = await drive('--rps', '20', '--delay-milliseconds', '500', '--timeout-seconds', '0.05')
    await driver.configure({ types: ['UNARY_CALL'], timeoutSec: 60 })
    expect(await driver.next({ numRpcs: 3, timeoutSec: 60 })).toMatchObject({ rpcsByPeer: { 'pod-a': 3 } })
    await driver.configure({ types: ['UNARY_CALL'] })
    expect(await driver.next({ numRpcs: 3, timeoutSec: 60 })).toMatchObject({ numFailures: 3 })
  })

  it('says which headers a type carries, beside the key of the call and the message it has', async () => {
    const seen: unknown[] = []
    const server = new Server()
    const Hello: handleUnaryCall<HelloRequest__Output, HelloResponse> = ({ metadata, request }, callback) => {
      seen.push([request.message, metadata.get('x-tried'), metadata.get('x-user')])
      callback(null, { server: { pod: 'pod-z' } })
    }
    server.addService(echoService, { Hello })
    const bound = promisify(server.bindAsync.bind(server))
    const port = await bound('127.0.0.1:0', ServerCredentials.createInsecure())
    const { driver } = await driveAt(
      `127.0.0.1:${port}`,
      '--rps',
      '50',
      '--key-header',
      'x-user',
      '--keys',
      '1',
      '--message',
      'Hi',
    )
    const metadata = ['yes', 'twice'].map((value) => ({ type: 'UNARY_CALL', key: 'X-Tried', value }) as const)
    await driver.configure({ types: ['EMPTY_CALL', 'UNARY_CALL'], metadata })
    seen.length = 0
    await driver.next({ numRpcs: 10, timeoutSec: 30 })
    server.forceShutdown()
    expect(seen).toEqual(
      expect.arrayContaining([
        ['Hi', ['yes, twice'], ['key-0']],
        ['', [], ['key-0']],
      ]),
    )
  })

  it.each([
    [{ numRpcs: 0, timeoutSec: 9 }, 'num_rpcs is 0: it must be 1 to 1000000'],
    [{ numRpcs: -1, timeoutSec: 9 }, 'num_rpcs is -1: it must be 1 to 1000000'],
    [
      { numRpcs: 20_000, timeoutSec: 9, metadataKeys: ['*'] },
      'num_rpcs is 20000: it must be 1 to 10000 where metadata',
    ],
    [{ numRpcs: 1 }, 'timeout_sec is 0: it must be 1 to 3600'],
    [{ numRpcs: 1, timeoutSec: 9999 }, 'timeout_sec is 9999: it must be 1 to 3600'],
  ])('is refused %j, in one sentence', async (request, sentence) => {
    const { driver } = await drive()
    const details = expect.stringContaining(sentence)
    await expect(driver.next(request)).rejects.toMatchObject({ code: status.INVALID_ARGUMENT, details })
  })

  it.each([
    [{ types: [] }, 'types is empty: name EMPTY_CALL, UNARY_CALL or both'],
    [{ types: ['UNARY_CALL' as const], timeoutSec: -1 }, 'timeout_sec is -1'],
    [{ types: ['UNARY_CALL' as const], metadata: [{ key: 'no key', value: '' }] }, 'metadata "no key"'],
    [{ types: ['UNARY_CALL' as const], metadata: [{ key: 'grpc-timeout', value: '1S' }] }, 'metadata "grpc-timeout"'],
  ])('cannot make calls of %j', async (request, sentence) => {
    const { driver } = await drive('--rps', '100')
    const details = expect.stringContaining(sentence)
    await expect(driver.configure(request)).rejects.toMatchObject({ code: status.INVALID_ARGUMENT, details })
    expect((await driver.next({ numRpcs: 2, timeoutSec: 30 })).rpcsByPeer).toEqual({ 'pod-a': 2 })
  })

  it('that waits does not keep a client that is told to end', async () => {
    const { driver, client } = await drive()
    const waiting = driver.next({ numRpcs: 1_000_000, timeoutSec: 3600 }).catch((error: { code: number }) => error.code)
    await driver.accumulated()
    client.kill('SIGTERM')
    expect((await client.ended).code).toBe(0)
    expect([status.UNAVAILABLE, status.CANCELLED]).toContain(await waiting)
  })
})

describe('--stats-listen', () => {
  it('that cannot be had ends the client with a sentence', async () => {
    const args = ['-h', target, '--admin-listen', '127.0.0.1:0', '--stats-listen', pods[0]?.address ?? '']
    const { code, stderr } = await runEcho(args).ended
    expect([code, stderr]).toEqual([69, expect.stringMatching(/^echo: --stats-listen .*: choose a free address/m)])
  })
})

whereThereIs('what grpcurl makes of the reflection', missing(), () => {
  it('are peers that sum up to the calls it asked for, and a description of every message', async () => {
    const { address } = await drive('--rps', '200')
    const method = 'grpc.testing.LoadBalancerStatsService/GetClientStats'
    const stats = await grpcurl('-d', '{"num_rpcs":100,"timeout_sec":30}', address, method)
    expect(JSON.parse(stats).rpcs_by_peer).toEqual({ 'pod-a': 100 })
    expect(await grpcurl(address, 'describe', 'grpc.testing.LoadBalancerStatsResponse')).toContain(
      'map<string, int32> rpcs_by_peer = 1;',
    )
  })
})

const drive = (...args: string[]) => driveAt(target, ...args)

interface Driven {
  readonly driver: StatsClient
  readonly client: Running
  /** Where the client serves its statistics. */
  readonly address: string
}

async function driveAt(host: string, ...args: string[]): Promise<Driven> {
  const own = ['--admin-listen', '127.0.0.1:0', '--stats-listen', '127.0.0.1:0']
  const client = runEcho(['-h', host, ...own, ...args])
  const [, address = ''] = await client.printed(listening)
  await client.printed(/connected to/)
  const driver = statsClient(address)
  driven.push(driver)
  return { driver, client, address }
}

async function grpcurl(...args: string[]): Promise<string> {
  return (await promisify(execFile)('grpcurl', ['-plaintext', ...args], { timeout: 40_000 })).stdout
}

function missing(): string {
  try {
    execFileSync('grpcurl', ['-version'], { stdio: 'ignore' })
    return ''
  } catch {
    return 'there is no grpcurl on PATH'
  }
}
