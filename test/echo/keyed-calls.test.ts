import { Server, ServerCredentials, type ServerUnaryCall, status } from '@grpc/grpc-js'
import { afterEach, describe, expect, it } from 'vitest'
import type { HelloRequest__Output } from '../../proto/generated/evenly/echo/v1/HelloRequest.ts'
import type { HelloResponse } from '../../proto/generated/evenly/echo/v1/HelloResponse.ts'
import { KeyedCalls } from '../../services/echo/src/keyed-calls.ts'
import { echoService } from '../../services/echo/src/wire.ts'
import { endCommands, runEcho } from '../support/echo-command.ts'
import { startPod } from '../support/echo-pod.ts'
import { measure } from '../support/measure.ts'

const cleanups: (() => void | Promise<void>)[] = []
afterEach(async () => {
  await endCommands()
  for (const clean of cleanups.splice(0)) await clean()
})

describe('keys of calls', () => {
  it('come one after the other, from the second on, and again', () => {
    const keys = new KeyedCalls('x-user', 3)
    const sent = [1, 2, 3, 4].map((counter) => keys.metadata(counter).getMap())
    expect(sent).toEqual(['key-1', 'key-2', 'key-0', 'key-1'].map((key) => ({ 'x-user': key })))
  })

  it('have moved when another peer answers than the last that did, not when the first one does', () => {
    const keys = new KeyedCalls('x-user', 2)
    const peers = ['a', 'b', 'a', 'a', 'b', 'a', 'a']
    const moved = peers.map((peer, index) => keys.answered(index + 1, peer))
    expect(moved).toEqual([undefined, undefined, undefined, 'key-0', 'key-1', undefined, 'key-1'])
    expect(keys.counts()).toEqual({ 'key-0': { b: 1, a: 2 }, 'key-1': { a: 3, b: 1 } })
  })
})

describe('a client with keys', () => {
  it('sends each call the next key in the header, and reports who answered which', async () => {
    const seen: string[] = []
    const address = await hashing((key, { counter }) => {
      seen.push(`${counter} ${key}`)
      return `pod-of-${key}`
    })
    const report = await measure(address, '--key-header', 'X-User', '--keys', '3', '--requests', '6')
    expect(seen).toEqual(['1 key-1', '2 key-2', '3 key-0', '4 key-1', '5 key-2', '6 key-0'])
    expect(report.keys).toEqual({
      'key-0': { 'pod-of-key-0': 2 },
      'key-1': { 'pod-of-key-1': 2 },
      'key-2': { 'pod-of-key-2': 2 },
    })
  })

  it('tells people how many keys had one peer, of those that were answered', async () => {
    const address = await hashing((key, { counter }) => (key === 'key-1' ? `pod-${counter}` : 'pod-0'))
    const keys = ['--key-header', 'x-user', '--keys', '4', '--requests', '7', '--admin-listen', '127.0.0.1:0']
    const { code, stdout } = await runEcho(['-h', address, ...keys]).ended
    expect([code, stdout]).toEqual([0, expect.stringContaining('\nkeys: 3 of 4 were answered by one peer only\n')])
    const few = ['--key-header', 'x-user', '--keys', '4', '--requests', '2']
    expect((await measure(address, ...few)).keys).toMatchObject({ 'key-0': {}, 'key-3': {} })
  })

  it('counts answers with another status too, and no call without an answer', async () => {
    const pod = await startPod('pod-1')
    cleanups.push(() => pod.stop())
    const one = ['--key-header', 'x-user', '--keys', '1', '--requests', '2']
    const refused = await measure(pod.address, ...one, '--payload-bytes', '2000000')
    expect(refused).toMatchObject({ failed: 2, keys: { 'key-0': { 'pod-1': 2 } } })
    const nobody = await measure(await hashing(() => undefined), ...one)
    expect([nobody.failed, nobody.keys]).toEqual([2, { 'key-0': {} }])
  })

  it('reports none, and sends none, without the options', async () => {
    const seen: unknown[] = []
    const address = await hashing((key) => {
      seen.push(key)
      return 'pod-1'
    })
    expect(await measure(address, '--requests', '2')).not.toHaveProperty('keys')
    expect(seen).toEqual([undefined, undefined])
  })
})

/** A server that stands in for a proxy with pods behind it. @param pick the pod for a key; undefined: none, ABORTED. */
async function hashing(pick: (key: unknown, request: HelloRequest__Output) => string | undefined): Promise<string> {
  const server = new Server()
  server.addService(echoService, {
    Hello(
      { metadata, request }: ServerUnaryCall<HelloRequest__Output, HelloResponse>,
      callback: (error: object | null, reply?: HelloResponse) => void,
    ) {
      const pod = pick(metadata.get('x-user')[0], request)
      if (pod === undefined) callback({ code: status.ABORTED, details: 'no pod' })
      else callback(null, { message: '', counter: request.counter, server: { pod } })
    },
  })
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    )
  })
  cleanups.push(() => server.forceShutdown())
  return `127.0.0.1:${port}`
}
