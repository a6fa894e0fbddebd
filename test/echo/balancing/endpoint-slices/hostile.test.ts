import { type ChildProcess, fork } from 'node:child_process'
import type { ServerResponse } from 'node:http'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Answer, FakeApi, status } from './fake-api.ts'
import type { Watching } from './hostile-watcher.ts'
import { slice } from './slices.ts'
import { until } from './watched.ts'

let api: FakeApi
let child: ChildProcess
let seen: Watching | undefined

beforeEach(async () => {
  seen = undefined
  api = new FakeApi()
  await api.start()
  api.put('a', slice('a', []))
})
afterEach(async () => {
  child.disconnect()
  await api.stop()
})

/** Starts the process, and waits until it watches. */
async function startWatcher(): Promise<void> {
  child = fork(fileURLToPath(new URL('./hostile-watcher.ts', import.meta.url)), [api.url], { execArgv: [] })
  child.on('message', (message) => {
    seen = message as Watching
  })
  await until(() => expect(seen?.names).toEqual(['a']))
  await until(() => expect(api.open.size).toBe(1))
}

/** Sends as much as is taken, and no more than that many bytes; resolves to how many there were. */
async function flood(response: ServerResponse, chunk: Buffer, bytes: number): Promise<number> {
  let sent = 0
  let goOn = () => {}
  response.on('drain', () => goOn()).once('close', () => goOn())
  while (!response.destroyed && sent < bytes) {
    sent += chunk.length
    if (response.write(chunk)) continue
    await new Promise<void>((resolve) => {
      goOn = resolve
    })
  }
  return sent
}

const megabyte = Buffer.alloc(1 << 20, 'x')

/** That it has lost nothing and sees what comes. */
async function goesOn(): Promise<void> {
  expect(seen?.names).toEqual(['a'])
  api.onList = undefined
  api.onWatch = undefined
  api.put('b', slice('b', []))
  await until(() => expect(seen?.names).toEqual(['a', 'b']))
}

it('survives a line of 500 MB, of which it takes no more than it must to see that', async () => {
  await startWatcher()
  const [response] = [...api.open]
  const sent = await flood(response as ServerResponse, megabyte, 500 << 20)
  expect(sent).toBeLessThan(100 << 20)
  await until(() =>
    expect(seen?.problems[0]).toContain('sent garbage in the watch: a line is longer than 16777216 bytes'),
  )
  await goesOn()
  expect(seen?.grownMegabytes).toBeLessThan(120)
})

it('survives a line that comes byte by byte', async () => {
  await startWatcher()
  const [response] = [...api.open]
  // The socket itself, so that every byte is a chunk of its own.
  response?.socket?.setNoDelay(true)
  for (let sent = 0; sent < 200_000; sent += 1000) {
    for (let one = 0; one < 1000; one++) response?.write('x')
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect([seen?.names, seen?.problems]).toEqual([['a'], []])
  response?.write('\n')
  await until(() => expect(seen?.problems[0]).toContain('a line that is not JSON'))
  await goesOn()
  expect(seen?.grownMegabytes).toBeLessThan(120)
})

it('survives lines of garbage without end', async () => {
  await startWatcher()
  let sent = 0
  const garbage: Answer = async (_request, response) => {
    sent += await flood(response, Buffer.alloc(1 << 20, '{"type":"ADDED"\n'), 64 << 20)
  }
  api.onWatch = garbage
  api.onList = garbage
  api.cutWatches()
  await until(() => expect(seen?.problems.length).toBeGreaterThanOrEqual(2))
  expect(sent).toBeGreaterThan(0)
  await goesOn()
  expect(seen?.grownMegabytes).toBeLessThan(300)
})

it('survives a list of 500 MB', async () => {
  await startWatcher()
  let sent = 0
  api.onList = async (_request, response) => {
    sent = await flood(response, megabyte, 500 << 20)
  }
  api.onWatch = status(410)
  api.cutWatches()
  await until(() => expect(seen?.problems[0]).toContain('sent a list of more than 67108864 bytes'))
  await goesOn()
  expect(sent).toBeLessThan(200 << 20)
  expect(seen?.grownMegabytes).toBeLessThan(300)
})
