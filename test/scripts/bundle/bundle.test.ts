import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { type EndpointSliceApi, startEndpointSliceApi } from '../../../scripts/lab/endpoint-slice-api.ts'
import { bundledEcho, loadedFiles } from '../../support/bundled-echo.ts'
import { endCommands, type Running } from '../../support/echo-command.ts'
import { startRegularExpressionRoutes } from './regular-expression-routes.ts'

const root = join(import.meta.dirname, '../../..')
// Seven processes on two cores.
vi.setConfig({ testTimeout: 240_000 })

let folder: string
let api: EndpointSliceApi

beforeAll(async () => {
  // As in the image: with no packages anywhere above it.
  folder = await mkdtemp(join(tmpdir(), 'evenly-bundle-'))
  await promisify(execFile)(process.execPath, ['scripts/build.ts', folder], { cwd: root })
}, 120_000)
beforeEach(async () => {
  api = await startEndpointSliceApi()
})
afterEach(async () => {
  await endCommands()
  await api.close()
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const bundled = bundledEcho(() => folder)
const loaded = (running: Running) => loadedFiles(running.output())
const anyPort = ['--admin-listen', '127.0.0.1:0']

interface Servers {
  readonly running: readonly Running[]
  readonly addresses: readonly string[]
}

async function startServers(more: readonly string[] = []): Promise<Servers> {
  const running = ['pod-a', 'pod-b', 'pod-c'].map((name) => {
    return bundled(['-s', '--listen', '127.0.0.1:0', ...anyPort, ...more], { POD_NAME: name })
  })
  const serving = running.map((server) => server.printed(/(\S+) serves gRPC on (\S+),/))
  const pods = (await Promise.all(serving)).map(([, name = '', address = '']) => ({ name, address }))
  api.setPods('orders', pods)
  return { running, addresses: pods.map(({ address }) => address) }
}

const client = (target: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  bundled(
    ['-h', target, '--requests', '60', '--max-failed', '0', '--ready-timeout-seconds', '30', ...anyPort, ...args],
    env,
  )

/** Whether it called all pods, and none in vain; how evenly is what the policies' own tests ask. */
async function expectSpread(calls: Running): Promise<void> {
  const { code, stdout, stderr } = await calls.ended
  expect([code, stderr.replaceAll(/LOADED .*\n/g, '')]).toEqual([0, ''])
  for (const pod of ['pod-a', 'pod-b', 'pod-c']) expect(stdout).toMatch(new RegExp(`^  ${pod} +[1-9]`, 'm'))
}

async function startLookaside(config: object): Promise<{ lookaside: Running; address: string }> {
  const file = join(folder, 'lookaside.json')
  await writeFile(file, JSON.stringify(config))
  const args = ['--lookaside', '--lookaside-config', file, '--kubernetes-api', api.url, '--xds-listen', '127.0.0.1:0']
  const lookaside = bundled([...args, ...anyPort])
  const [, address = ''] = await lookaside.printed(/listening on (\S+) /)
  return { lookaside, address }
}

function bootstrap(address: string): NodeJS.ProcessEnv {
  const xds_servers = [{ server_uri: address, channel_creds: [{ type: 'insecure' }], server_features: ['xds_v3'] }]
  return { GRPC_XDS_BOOTSTRAP_CONFIG: JSON.stringify({ xds_servers, node: { id: 'client', locality: { zone: '' } } }) }
}

/** Those of the files that have the messages of xDS in them. */
async function speaking(files: ReadonlySet<string>): Promise<string[]> {
  const texts = await Promise.all(
    [...files].map(async (file) => ({ file, text: await readFile(join(folder, file), 'utf8') })),
  )
  return texts.filter(({ text }) => text.includes('DiscoveryRequest')).map(({ file }) => file)
}

it('the bundle tells its own clients of a Service over xDS', async () => {
  const servers = await startServers()
  const { lookaside, address } = await startLookaside({
    services: { 'orders.lab:8080': { policy: { least_request: {} }, backends: [{ service: 'orders.lab:grpc' }] } },
  })
  const calls = client('xds:///orders.lab:8080', [], bootstrap(address))
  await expectSpread(calls)
  lookaside.kill('SIGTERM')
  expect(await lookaside.ended).toMatchObject({ code: 0 })
  // What only xDS needs is read by those who speak it.
  const xds = new Set([...loaded(calls), ...loaded(lookaside)])
  const plain = new Set(servers.running.flatMap(loaded))
  expect([...xds]).toContainEqual(expect.stringMatching(/^register-xds-\w+\.mjs$/))
  expect([...xds]).toContainEqual(expect.stringMatching(/^run-lookaside-\w+\.mjs$/))
  expect([...plain]).toContain('echo.mjs')
  expect((await speaking(xds)).length).toBeGreaterThan(0)
  expect(await speaking(plain)).toEqual([])
})

it('the bundle follows a foreign control plane that routes by regular expression', async () => {
  const { addresses } = await startServers()
  const right = await startRegularExpressionRoutes('orders:1', '/evenly[.]echo[.]v\\d+[.].*', addresses)
  const wrong = await startRegularExpressionRoutes('orders:2', '/another[.].*', addresses)
  const calls = client('xds:///orders:1', [], bootstrap(right.address))
  const lost = client('xds:///orders:2', ['--ready-timeout-seconds', '5'], bootstrap(wrong.address))
  await expectSpread(calls)
  expect((await lost.ended).code).not.toBe(0)
  await Promise.all([right.close(), wrong.close()])
})

it('the bundle watches the EndpointSlices of a Service itself', async () => {
  await startServers()
  const calls = client('k8s:///orders.lab:grpc', ['--kubernetes-api', api.url, '--lb-policy', 'round_robin'])
  await expectSpread(calls)
})

it('the bundle reports load, and balances by it', async () => {
  await startServers(['--utilization', '0.5'])
  const calls = client('k8s:///orders.lab:grpc', [
    ...['--kubernetes-api', api.url],
    ...['--lb-policy', 'evenly_weighted_round_robin'],
  ])
  await expectSpread(calls)
})

it('the bundle is no copy of the protos of xDS', async () => {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.mjs'))
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(folder, file))).size))
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(6_000_000)
  expect(await readdir(folder)).not.toContain('deps')
})
