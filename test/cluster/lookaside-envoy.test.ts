import { beforeAll, expect, it, vi } from 'vitest'
import { judge } from '../../scripts/lib/verdict.ts'
import type { Report } from '../../services/echo/src/report.ts'
import { envoyBootstrap } from '../lookaside/support/envoy-bootstrap.ts'
import { RunningClient, runJob } from './support/client.ts'
import { imageUnderTest } from './support/namespace.ts'
import { onCluster } from './support/on-cluster.ts'
import { startPod } from './support/run-pod.ts'
import { countsOver, judgeOver } from './support/spread.ts'

const image = process.env.EVENLY_ENVOY_IMAGE || 'docker.io/envoyproxy/envoy:distroless-v1.40.0'
const adminPort = 9901
const listeners = { turns: 10_000, least: 10_001, canary: 10_002 } as const

onCluster('lookaside-envoy', (namespace) => {
  beforeAll(async () => {
    await Promise.all([installOrders(), namespace.install('canary', { replicaCount: 1 })])
    await startEnvoy()
  })

  it('has an Envoy spread calls in turn over three pods', async () => {
    const report = await run('turns', 300)
    // Its worker threads take turns of their own: it has one.
    expect(judgeOver(orders(), report, 'round_robin')).toMatchObject({ verdict: 'even', peers: 3, requests: 300 })
  })

  it('has it choose the less busy of two', async () => {
    const report = await run('least', 300)
    expect(judgeOver(orders(), report, 'random')).toMatchObject({ verdict: 'even', peers: 3, requests: 300 })
  })

  it('has it split calls between two releases by their weights', async () => {
    const { counts } = await run('canary', 1000)
    const calls = (release: string) =>
      namespace.pods.serversOf(release).reduce((sum, { name }) => sum + (counts[name] ?? 0), 0)
    const verdict = judge([calls('orders'), calls('canary')], { policy: 'weighted', weights: [90, 10] })
    expect(verdict, verdict.reason).toMatchObject({ verdict: 'matches-weights', requests: 1000 })
  })

  it('has it find pods that join and leave those that go, without a lost call', async () => {
    const client = await RunningClient.start(namespace, 'live', {
      client: { target: target('turns'), rps: 50 },
      args: ['--timeout-seconds', '60'],
    })
    for (const replicas of [5, 2]) {
      await namespace.kubectl('scale', 'deployment/orders-echo', `--replicas=${replicas}`)
      await namespace.pods.until(`${replicas} ready pods of orders and no other`, 90, () => {
        const pods = namespace.pods.serversOf('orders')
        return pods.length === replicas && pods.every(({ ready, leaving }) => ready && !leaving)
      })
      const counts = countsOver(orders(), await client.next(150, 60))
      expect(Math.min(...counts), `calls of ${replicas} pods: ${counts.join(' / ')}`).toBeGreaterThan(0)
    }
    expect(await client.stop()).toMatchObject({ failed: 0, errors: {} })
  })

  it('has told it nothing that it refuses', async () => {
    const stats = JSON.parse(await admin('/stats?format=json&filter=update_rejected$')).stats as Stat[]
    expect(stats.length).toBeGreaterThanOrEqual(3)
    expect(stats.filter(({ value }) => value !== 0)).toEqual([])
  })

  async function installOrders(): Promise<void> {
    const service = (release: string) => `${release}-echo.${namespace.name}:grpc`
    const backends = [{ service: service('orders'), weight: 1 }]
    const envoyListener = (name: keyof typeof listeners) => `0.0.0.0:${listeners[name]}`
    const services = {
      'turns:8080': { backends, envoyListener: envoyListener('turns') },
      'least:8080': { backends, policy: { least_request: { choiceCount: 2 } }, envoyListener: envoyListener('least') },
      'canary:8080': {
        backends: [
          { service: service('orders'), weight: 90 },
          { service: service('canary'), weight: 10 },
        ],
        envoyListener: envoyListener('canary'),
      },
    }
    const values = JSON.stringify({ lookaside: { enabled: true, services } })
    const args = ['upgrade', '--install', 'orders', 'charts/echo', '-f', '-', ...imageUnderTest('lookaside')]
    await namespace.helm([...args, '--wait', '--timeout', '120s'], values)
  }

  /** Starts an Envoy that has its listeners, routes, clusters and endpoints from the control plane. */
  async function startEnvoy(): Promise<void> {
    const controlPlane = `orders-echo-lookaside.${namespace.name}.svc.cluster.local:18000`
    const bootstrap = envoyBootstrap({ controlPlane, admin: `0.0.0.0:${adminPort}`, zone: 'zone-a' })
    const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'envoy' } }
    const data = { 'envoy.json': JSON.stringify(bootstrap) }
    await namespace.cluster.kubectl(['-n', namespace.name, 'create', '-f', '-'], JSON.stringify({ ...configMap, data }))
    const args = ['-c', '/config/envoy.json', '--concurrency', '1', '--disable-hot-restart', '--log-level', 'warning']
    const program = {
      image,
      command: ['/usr/local/bin/envoy'],
      args,
      volumeMounts: [{ name: 'config', mountPath: '/config' }],
    }
    await startPod(namespace, 'envoy', program, { volumes: [{ name: 'config', configMap: { name: 'envoy' } }] })
    await namespace.pods.until('the Envoy to run', 60, () => namespace.pods.all().some(isRunningEnvoy))
    await vi.waitFor(
      async () => {
        const { stats } = JSON.parse(await admin('/stats?format=json&filter=total_listeners_active'))
        expect(stats).toEqual([
          { name: 'listener_manager.total_listeners_active', value: Object.keys(listeners).length },
        ])
      },
      { timeout: 60_000, interval: 250 },
    )
  }

  const admin = (path: string): Promise<string> =>
    namespace.cluster.get(`/api/v1/namespaces/${namespace.name}/pods/envoy:${adminPort}/proxy${path}`)

  const orders = () => namespace.pods.serversOf('orders').filter(({ leaving }) => !leaving)

  const target = (listener: keyof typeof listeners): string =>
    `${namespace.pods.all().find(isRunningEnvoy)?.ip}:${listeners[listener]}`

  /** So many calls through one of its listeners, none of which may fail. */
  async function run(listener: keyof typeof listeners, requests: number): Promise<Report> {
    const report = await runJob(namespace, `through-${listener}`, { client: { target: target(listener), requests } })
    expect(report).toMatchObject({ requests, failed: 0 })
    return report
  }
})

interface Stat {
  readonly name: string
  readonly value: number
}

const isRunningEnvoy = ({ name, ready, ip }: { name: string; ready: boolean; ip: string }): boolean =>
  name === 'envoy' && ready && ip !== ''
