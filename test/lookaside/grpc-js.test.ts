import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { judge } from '../../scripts/lib/verdict.ts'
import type { Report } from '../../services/echo/src/report.ts'
import type { Counts } from '../../services/echo/src/tally.ts'
import { endCommands, type Running, runEcho } from '../support/echo-command.ts'
import { FakeKubernetes } from '../support/fake-kubernetes-api.ts'
import { Backends } from './support/backends.ts'
import { bootstrapFor } from './support/bootstrap.ts'
import { ControlPlane } from './support/control-plane.ts'

const four = ['pod-1', 'pod-2', 'pod-3', 'pod-4']
const behind = (service: string) => [{ service: `${service}.shop:grpc`, weight: 1 }]

describe('a client of grpc-js-xds, as echo -h xds:/// is one, on the control plane', () => {
  let kubernetes: FakeKubernetes
  let backends: Backends
  let plane: ControlPlane
  const clients: Running[] = []

  beforeAll(async () => {
    kubernetes = await FakeKubernetes.start()
    backends = await Backends.start(kubernetes, four)
    const scattered = four.map((pod) => ({ pod, zone: `zone-of-${pod}` }))
    for (const service of ['orders', 'live']) backends.list(service, scattered)
    const services = {
      'orders.shop:8080': { backends: behind('orders') },
      'live.shop:8080': { backends: behind('live') },
    }
    plane = await ControlPlane.start(kubernetes, { config: { services } })
  })
  afterEach(() => {
    for (const client of clients.splice(0)) client.kill('SIGKILL')
  })
  afterAll(async () => {
    await plane?.stop()
    await endCommands()
    await backends?.stop()
    await kubernetes?.close()
  })

  it('spreads its calls in turn over the pods of all zones', async () => {
    const { counts, failed } = await reportOf(call('orders', '--requests', '400'))
    expect(failed).toBe(0)
    // The first calls fall on the pods that are connected first.
    const verdict = judge(countsOf(counts), { policy: 'round_robin', clients: 20 })
    expect(verdict, verdict.reason).toMatchObject({ verdict: 'even', peers: 4, requests: 400 })
  })

  it('finds pods that join, leaves those that go, and fails no call meanwhile', async () => {
    backends.list('live', ['pod-1', 'pod-2'])
    const client = call('live', '--requests', '1000000', '--rps', '200')
    const [, admin = ''] = await client.printed(/admin on (\S+?),?\s/)
    for (const listed of [['pod-2', 'pod-3'], four, ['pod-1', 'pod-2']]) {
      backends.list('live', listed)
      await vi.waitFor(async () => {
        const tally = (await (await fetch(`${admin}/distribution?next=60&timeoutSeconds=30`)).json()) as Counts
        expect(Object.keys(tally.counts).sort()).toEqual(listed)
      }, patience)
    }
    client.kill('SIGTERM')
    expect(await reportOf(client)).toMatchObject({ failed: 0, errors: {} })
  })

  function call(service: string, ...args: string[]): Running {
    const bootstrap = { GRPC_XDS_BOOTSTRAP_CONFIG: JSON.stringify(bootstrapFor(plane.address)) }
    const how = ['-h', `xds:///${service}.shop:8080`, '--admin-listen', '127.0.0.1:0', '-o', 'json', '--quiet']
    const client = runEcho([...how, ...args], bootstrap)
    clients.push(client)
    return client
  }
})

/** Generous: it is no figure. */
const patience = { timeout: 30_000, interval: 50 }

const countsOf = (counts: Report['counts']): number[] => four.map((pod) => counts[pod] ?? 0)

async function reportOf(client: Running): Promise<Report> {
  const { code, stdout, stderr } = await client.ended
  expect(code, stderr).toBe(0)
  return JSON.parse(stdout)
}
