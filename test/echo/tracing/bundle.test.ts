import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { bundledEcho, loadedFiles } from '../../support/bundled-echo.ts'
import { endCommands } from '../../support/echo-command.ts'
import { startOtlpReceiver } from '../../support/otlp-receiver.ts'
import { runTracedClient, startTracedServer, tracingTo } from '../../support/traced-echo.ts'

const root = join(import.meta.dirname, '../../..')
let folder: string

beforeAll(async () => {
  // As in the image: with no packages anywhere above it.
  folder = await mkdtemp(join(tmpdir(), 'evenly-bundle-'))
  await promisify(execFile)(process.execPath, ['scripts/build.ts', folder], { cwd: root })
}, 120_000)
afterAll(() => rm(folder, { recursive: true, force: true }))
afterEach(endCommands)

const bundled = bundledEcho(() => folder)

it('the bundle sends its traces like the source', async () => {
  const receiver = await startOtlpReceiver()
  const server = await startTracedServer('pod-a', tracingTo(receiver), bundled)
  const client = runTracedClient([server], ['--requests', '2'], tracingTo(receiver), bundled)
  expect((await client.ended).code).toBe(0)
  const spans = await receiver.until(({ length }) => length === 6)
  expect(spans.filter(({ kind }) => kind === 'SERVER').map(({ resource }) => resource['k8s.pod.name'])).toEqual([
    'pod-a',
    'pod-a',
  ])
  expect(loadedFiles(client.output())).toContainEqual(expect.stringMatching(/^sdk-\w+\.mjs$/))
  await receiver.close()
})

it('the bundle leaves the file with the SDK unread without an endpoint', async () => {
  const server = await startTracedServer('pod-a', {}, bundled)
  const client = runTracedClient([server], ['--requests', '2'], {}, bundled)
  expect((await client.ended).code).toBe(0)
  const read = new Set([...loadedFiles(client.output()), ...loadedFiles(server.process.output())])
  expect(read).toContain('echo.mjs')
  const unread = (await readdir(folder)).filter((file) => file.endsWith('.mjs') && !read.has(file))
  expect(unread).toContainEqual(expect.stringMatching(/^sdk-\w+\.mjs$/))
})
