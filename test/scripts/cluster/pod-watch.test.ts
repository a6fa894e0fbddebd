import { EventEmitter } from 'node:events'
import { PassThrough } from 'node:stream'
import { setImmediate as soon } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import type { Cluster } from '../../../scripts/cluster/cluster.ts'
import { PodWatch } from '../../../scripts/cluster/pod-watch.ts'
import { EvenlyError, interrupted, unavailable } from '../../../scripts/lib/exit.ts'
import { lifeLines, podLines } from './recorded-pods.ts'

/** A watch whose kubectl is a stand-in that prints what the test has it print. */
async function watch(signal = new AbortController().signal) {
  const stdout = new PassThrough()
  const kubectl = Object.assign(new EventEmitter(), { stdout, kill: vi.fn(() => true) })
  const start = vi.fn(async () => kubectl)
  const pods = await PodWatch.start({ start, signal } as unknown as Cluster, 'evenly-x')
  const print = async (...lines: readonly string[]) => {
    stdout.write(lines.map((line) => `${line}\n`).join(''))
    await soon()
    await soon()
  }
  const exit = async (code: number | null, cause: string | null = null) => {
    kubectl.emit('exit', code, cause)
    stdout.end()
    await soon()
    await soon()
    kubectl.emit('close', code, cause)
  }
  return { pods, print, exit, kubectl, start }
}

/** What it fails with, taken hold of at once. */
const failure = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => new Error('no failure'),
    (error) => error,
  )

const names = (pods: readonly { name: string }[]) => pods.map(({ name }) => name)

describe('PodWatch', () => {
  it('asks the API server for the pods of the namespace, from any version on and until an hour is over', async () => {
    const { start } = await watch()
    const path = '/api/v1/namespaces/evenly-x/pods?watch=true&resourceVersion=0&timeoutSeconds=3600'
    expect(start.mock.calls).toEqual([[['get', '--raw', path]]])
  })

  it('knows all pods in order of name, and those of a release that are not gone', async () => {
    const { pods, print } = await watch()
    await print(...[...podLines].reverse())
    expect(names(pods.all())).toEqual(names(pods.all()).toSorted())
    expect(pods.all()).toHaveLength(podLines.length)
    expect(names(pods.of('x'))).toEqual(['x-echo-cc85d8845-zgf7f'])
    expect(names(pods.of('none'))).toEqual([])
    expect(names(pods.serversOf('y'))).toEqual([])
    expect(names(pods.serversOf('echo'))).toEqual(['pull-back-off'])
  })

  it('follows pods through their lives, keeps those that are gone, and every event', async () => {
    const { pods, print } = await watch()
    await print(...lifeLines)
    const [terminating, replacement, replaced] = pods.all()
    expect(terminating).toMatchObject({ name: 'terminating', gone: true, exitCode: 137 })
    expect(replacement).toMatchObject({ name: 'x-echo-cc85d8845-clrgh', gone: false, ready: true, leavingAt: null })
    expect(replaced).toMatchObject({ name: 'x-echo-cc85d8845-zgf7f', gone: true, exitCode: 0, leaving: true })
    for (const at of [replaced?.readyAt, replaced?.leavingAt, replaced?.goneAt]) expect(at).toBeTypeOf('number')
    expect(names(pods.of('x'))).toEqual(['x-echo-cc85d8845-clrgh'])
    expect(pods.events).toEqual(lifeLines)
  })

  it('resolves to what is there already', async () => {
    const { pods, print } = await watch()
    await print(...podLines)
    expect(await pods.until('a pod', 1, () => pods.of('x')[0]?.name)).toBe('x-echo-cc85d8845-zgf7f')
  })

  it('resolves as soon as what it waits for happens, and looks no more', async () => {
    const { pods, print } = await watch()
    const look = vi.fn(() => pods.all().some(({ gone }) => gone) && 'gone')
    const found = pods.until('one to go', 60, look)
    for (const line of lifeLines) await print(line)
    expect(await found).toBe('gone')
    expect(look.mock.calls.length).toBeLessThan(lifeLines.length + 1)
  })

  it('says after the limit what it waited for, and what pods there are', async () => {
    const { pods, print } = await watch()
    await print(...podLines.slice(0, 2))
    const late = pods.until('four pods', 0.02, () => undefined)
    await expect(late).rejects.toThrow(
      unavailable(
        'waited for four pods: not within 0.02 s; pods:\n  config-error: not ready, CreateContainerConfigError\n  x-echo-cc85d8845-zgf7f: ready',
      ),
    )
  })

  it('gives up when kubectl ends, and says how', async () => {
    const { pods, exit } = await watch()
    const first = failure(pods.until('pods', 60, () => undefined))
    await exit(1)
    expect((await first).message).toContain(
      'waited for pods: the watch of pods ended (1): look whether the cluster runs, then try again',
    )
    await expect(pods.until('more', 60, () => undefined)).rejects.toThrow('the watch of pods ended (1)')
    expect(await pods.until('what is known', 60, () => 'this')).toBe('this')
  })

  it('takes what kubectl printed last before it says that kubectl ended', async () => {
    const { pods, kubectl } = await watch()
    const found = pods.until('a pod', 60, () => pods.all()[0]?.name)
    kubectl.emit('exit', 0, null)
    kubectl.stdout.end(`${podLines[0]}\n`)
    expect(await found).toBe('x-echo-cc85d8845-zgf7f')
  })

  it('tells the signal that has ended kubectl', async () => {
    const { pods, exit } = await watch()
    const first = failure(pods.until('pods', 60, () => undefined))
    await exit(null, 'SIGTERM')
    expect((await first).message).toContain('the watch of pods ended (SIGTERM)')
  })

  it('gives up when the API server ends the watch, and says why', async () => {
    const { pods, print, exit } = await watch()
    const first = failure(pods.until('pods', 60, () => undefined))
    const status = { kind: 'Status', message: 'too old resource version: 1 (21357)', reason: 'Expired', code: 410 }
    await print(JSON.stringify({ type: 'ERROR', object: status }))
    expect((await first).message).toContain('the watch of pods failed (too old resource version: 1 (21357))')
    await exit(0)
    await expect(pods.until('more', 60, () => undefined)).rejects.toThrow('too old resource version')
  })

  it('drops half of a line, with which kubectl ends when it is ended', async () => {
    const { pods, print, exit } = await watch()
    await print(podLines[0] as string)
    await print((podLines[1] as string).slice(0, 400))
    await exit(null, 'SIGTERM')
    expect(names(pods.all())).toEqual(['x-echo-cc85d8845-zgf7f'])
    expect(pods.events).toHaveLength(1)
  })

  it('rejects with what the signal was aborted with, also without any event', async () => {
    const stop = new AbortController()
    const { pods } = await watch(stop.signal)
    const waiting = failure(pods.until('pods', 60, () => undefined))
    const reason = interrupted('ended by SIGINT')
    stop.abort(reason)
    expect(await waiting).toBe(reason)
    await expect(pods.until('more', 60, () => undefined)).rejects.toBe(reason)
  })

  it('rejects with what `look` throws, and wraps what is a defect', async () => {
    const { pods } = await watch()
    const sentence = unavailable('pod x cannot start')
    const giveUp = () => {
      throw sentence
    }
    await expect(pods.until('pods', 60, giveUp)).rejects.toBe(sentence)
    const defect = new TypeError('no such thing')
    const stumble = () => {
      throw defect
    }
    const error = await pods.until('pods', 60, stumble).catch((error: Error) => error)
    expect(error).not.toBeInstanceOf(EvenlyError)
    expect(error).toMatchObject({ message: 'pods', cause: defect })
  })

  it('ends kubectl when it is stopped', async () => {
    const { pods, kubectl } = await watch()
    pods.stop()
    expect(kubectl.kill).toHaveBeenCalledOnce()
  })
})
