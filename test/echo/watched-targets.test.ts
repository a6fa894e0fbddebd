import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type EchoProcess, startEcho } from '../../scripts/lab/echo-process.ts'
import { type EndpointSliceApi, startEndpointSliceApi } from '../../scripts/lab/endpoint-slice-api.ts'
import { parseExposition } from '../support/exposition.ts'

const patient = { timeout: 60_000, interval: 50 }
const admin = ['--admin-listen', '127.0.0.1:0']

let api: EndpointSliceApi
let folder: string
let running: EchoProcess[]
beforeEach(async () => {
  running = []
  api = await startEndpointSliceApi()
  folder = await mkdtemp(join(tmpdir(), 'evenly-watched-'))
})
afterEach(async () => {
  await Promise.all(running.map((one) => one.stop()))
  await Promise.all([api.close(), rm(folder, { recursive: true })])
})

describe('a client of a k8s:/// target', { timeout: 120_000 }, () => {
  it('calls the pods that EndpointSlices name, and ends by itself', async () => {
    api.setPods('orders', await startPods(2))
    const pace = ['--requests', '60', '--rps', '100', '--lb-policy', 'round_robin', '--expect', 'even', '--peers', '2']
    const client = await echo('-h', 'k8s:///orders.lab:grpc', '--kubernetes-api', api.url, ...pace)
    expect(await client.exited, client.output()).toBe(0)
    expect(client.output()).toContain('calls k8s:///orders.lab:grpc with round_robin')
  })

  it('counts all addresses as endpoints, though pick_first connects to one', async () => {
    api.setPods('orders', await startPods(2))
    const client = await echo('-h', 'k8s:///orders.lab:grpc', '--kubernetes-api', api.url, '--rps', '20')
    await vi.waitFor(async () => expect(await metric(client, 'grpc_lb_client_ready_subchannels')).toBe(1), patient)
    await vi.waitFor(async () => expect(await metric(client, 'grpc_lb_client_endpoints')).toBe(2), patient)
  })

  it('says that there is no API, and finds its pods when there is one', async () => {
    const { url } = api
    await api.close()
    const client = await echo('-h', 'k8s:///orders.lab:grpc', '--kubernetes-api', url, '--rps', '20')
    await vi.waitFor(() => expect(client.output()).toMatch(/^The Kubernetes API .* cannot be reached: /m), patient)
    api = await startEndpointSliceApi(Number(new URL(url).port))
    api.setPods('orders', await startPods(1))
    await vi.waitFor(() => expect(client.output()).toContain('call 1 served by pod-1'), patient)
    expect(client.output()).toContain('the API server answers again')
  })
})

describe('a client of an xds:/// target', { timeout: 120_000 }, () => {
  it('calls the pods that a control plane names, and ends by itself', async () => {
    api.setPods('orders', await startPods(2))
    const plane = await startPlane()
    const pace = ['--requests', '60', '--rps', '100', '--expect', 'even', '--peers', '2', '-o', 'json']
    const client = await xdsClient(plane, ...pace)
    expect(await client.exited, client.output()).toBe(0)
    expect(client.output()).toContain('calls xds:///orders with xds')
    expect(client.output()).toContain('"policy": "xds"')
  })

  it('knows as many endpoints as it was told, and goes on with them without the control plane, which it says', async () => {
    api.setPods('orders', await startPods(2))
    const plane = await startPlane()
    const client = await xdsClient(plane, '--rps', '20')
    await vi.waitFor(async () => expect(await metric(client, 'grpc_lb_client_endpoints')).toBe(2), patient)
    const info = (await samples(client)).find(({ name }) => name === 'grpc_lb_client_info')
    expect(info?.labels).toEqual({ grpc_target: 'xds:///orders', policy: 'xds' })
    plane.kill('SIGKILL')
    const lost = `the control plane ${plane.xds} is not reachable`
    await vi.waitFor(() => expect(client.output()).toContain(lost), patient)
    const served = client.output().match(/served by/g)?.length ?? 0
    await vi.waitFor(
      () => expect(client.output().match(/served by/g)?.length ?? 0).toBeGreaterThan(served + 20),
      patient,
    )
    const again = await startPlane(plane.xds)
    await vi.waitFor(() => expect(client.output()).toContain(`${again.xds} is reachable again`), patient)
    expect(client.output()).not.toContain('failed')
  })

  it('gives up in time when there is no control plane', async () => {
    const args = ['--requests', '1', '--ready-timeout-seconds', '3']
    const client = await echo('-h', 'xds:///orders', ...args, { GRPC_XDS_BOOTSTRAP_CONFIG: bootstrapOf('127.0.0.1:1') })
    expect(await client.exited).toBe(69)
    expect(client.output()).toContain('xds:///orders was not reachable for 3 s')
  })
})

async function startPods(count: number): Promise<{ name: string; address: string }[]> {
  const names = Array.from({ length: count }, (_, index) => `pod-${index + 1}`)
  return Promise.all(
    names.map(async (name) => {
      const pod = await echo('-s', '--listen', '127.0.0.1:0', { POD_NAME: name })
      const address = await vi.waitFor(() => /serves gRPC on (127\.0\.0\.1:\d+)/.exec(pod.output())?.[1] as string)
      return { name, address }
    }),
  )
}

async function startPlane(listen = '127.0.0.1:0'): Promise<EchoProcess> {
  const file = join(folder, 'lookaside.json')
  await writeFile(file, JSON.stringify({ services: { orders: { backends: [{ service: 'orders.lab:grpc' }] } } }))
  return echo('--lookaside', '--xds-listen', listen, '--lookaside-config', file, '--kubernetes-api', api.url)
}

const xdsClient = ({ xds }: EchoProcess, ...args: string[]): Promise<EchoProcess> =>
  echo('-h', 'xds:///orders', ...args, { GRPC_XDS_BOOTSTRAP_CONFIG: bootstrapOf(xds as string) })

const bootstrapOf = (serverUri: string): string =>
  JSON.stringify({
    xds_servers: [{ server_uri: serverUri, channel_creds: [{ type: 'insecure' }], server_features: ['xds_v3'] }],
    node: { id: 'me', locality: { zone: '' } },
  })

async function echo(...args: (string | NodeJS.ProcessEnv)[]): Promise<EchoProcess> {
  const words = args.filter((arg): arg is string => typeof arg === 'string')
  const [env = {}] = args.filter((arg): arg is NodeJS.ProcessEnv => typeof arg !== 'string')
  const process = await startEcho([...words, ...admin], env)
  running.push(process)
  return process
}

const samples = async (client: EchoProcess) => parseExposition(await (await fetch(`${client.admin}/metrics`)).text())

const metric = async (client: EchoProcess, wanted: string): Promise<number | undefined> =>
  (await samples(client)).find(({ name }) => name === wanted)?.value
