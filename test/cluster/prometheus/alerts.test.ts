import { beforeAll, expect, it, vi } from 'vitest'
import { imageValues } from '../../../scripts/cluster/image.ts'
import type { Counts } from '../../../services/echo/src/tally.ts'
import type { Manifest } from '../../chart/helm.ts'
import { groups } from '../../rules/rule-file.ts'
import { onPrometheus } from '../support/on-prometheus.ts'
import type { Alert } from '../support/operator-prometheus.ts'
import { quickened } from '../support/quick-rules.ts'

/** Prometheus learns of a change when the Operator has written it and the kubelet has brought it to the pod. */
const patience = { timeout: 280_000, interval: 2000 }

onPrometheus('alerts', (namespace, prometheus) => {
  const release = 'orders-echo'
  let run: string
  let fast: string

  beforeAll(async () => {
    run = namespace.name
    fast = `${run}-quick`
    await install({ target: `${release}:8080` })
    const rule: Manifest = JSON.parse(await namespace.kubectl('get', 'prometheusrule', release, '-o', 'json'))
    await namespace.cluster.kubectl(['create', '-f', '-'], JSON.stringify(quickened(rule, { run: fast })))
    for (const name of [release, `${release}-client`]) {
      await namespace.kubectl('rollout', 'status', `deploy/${name}`, '--timeout=280s')
    }
  }, 600_000)

  it('is scraped by both monitors, each pod under the labels that the rules go by', async () => {
    const [servers, clients] = [await podsOf('server'), await podsOf('client')]
    expect([servers.length, clients.length]).toEqual([3, 1])
    const wanted = [
      ...servers.flatMap((pod) => ['podMonitor', 'serviceMonitor'].map((monitor) => targetOf(pod, 'server', monitor))),
      ...clients.map((pod) => targetOf(pod, 'client', 'podMonitor')),
    ]
    await vi.waitFor(async () => {
      const targets = await prometheus.targets(run)
      expect(targets).toHaveLength(wanted.length)
      for (const target of wanted) expect(targets).toContainEqual(expect.objectContaining(target))
    }, patience)
  })

  it('has every rule of the file in Prometheus, and none fails', async () => {
    const told = groups.map(({ name, rules }) => ({
      name,
      rules: rules.map((rule) => ({ name: 'record' in rule ? rule.record : rule.alert, health: 'ok' })),
    }))
    await vi.waitFor(async () => {
      const found = await prometheus.groupsOf(run, release)
      const known = found.map(({ name, rules }) => ({
        name,
        rules: rules.map(({ name, health }) => ({ name, health })),
      }))
      expect(new Set(known)).toEqual(new Set(told))
    }, patience)
  })

  it('tells who is idle, that the service is uneven and who is pinned to whom, behind a ClusterIP', async () => {
    const [client] = await podsOf('client')
    await vi.waitFor(async () => {
      const [busy, ...others] = await served()
      expect(others).toEqual([])
      const idle = (await podsOf('server')).filter((name) => name !== busy)
      const firing = (await quickAlerts()).filter(({ state }) => state === 'firing').map(({ labels }) => labels)
      expect(firing.map(({ alertname, pod, peer }) => [alertname, pod, peer].join(' ').trim()).sort()).toEqual([
        `GrpcLbClientPinned ${client} ${busy}`,
        ...idle.map((pod) => `GrpcLbEndpointWithoutTraffic ${pod}`),
        ...idle.map((pod) => `GrpcLbNewEndpointStarved ${pod}`),
        'GrpcLbSkewed',
      ])
    }, patience)
  })

  it('is silent again when the client spreads its calls', async () => {
    await install({ target: `dns:///${release}-headless:8080`, lbPolicy: 'round_robin' })
    await vi.waitFor(async () => expect(await quickAlerts()).toEqual([]), patience)
  })

  async function install(client: object): Promise<void> {
    const monitor = { enabled: true, interval: '5s', scrapeTimeout: '5s' }
    const prometheusRule = { enabled: true, alertLabels: { run } }
    const metrics = { podMonitor: monitor, serviceMonitor: monitor, prometheusRule }
    // The client has an image of its own.
    const { image } = imageValues(process.env.EVENLY_IMAGE)
    const caller = { enabled: true, rps: 20, ...(image && { image }), ...client }
    // A busy machine must not restart them: the client would be pinned anew.
    const probes = { startup: { enabled: false }, liveness: { enabled: false } }
    const values = { replicaCount: 3, client: caller, metrics, probes }
    await namespace.helm(['upgrade', '--install', 'orders', 'charts/echo', '-f', '-'], JSON.stringify(values))
  }

  /** But for those that a busy machine brings about. */
  async function quickAlerts(): Promise<Alert[]> {
    const all = await prometheus.alerts({ run: fast, namespace: run })
    return all.filter(({ labels }) => !['GrpcLbTargetDown', 'GrpcLbSlowPod'].includes(labels.alertname ?? ''))
  }

  /** Names in order. */
  async function podsOf(component: string): Promise<string[]> {
    const selector = `app.kubernetes.io/instance=orders,app.kubernetes.io/component=${component}`
    return (await namespace.kubectl('get', 'pods', '-l', selector, '-o', 'name'))
      .split(/\s*pod[/]|\s+$/)
      .filter(Boolean)
  }

  const targetOf = (pod: string, component: string, monitor: string) => ({
    scrapePool: `${monitor}/${run}/${release}/0`,
    health: 'up',
    labels: expect.objectContaining({
      ...{ namespace: run, pod, service: release, app_kubernetes_io_name: 'echo' },
      ...{ app_kubernetes_io_component: component, app_kubernetes_io_version: expect.any(String) },
    }),
  })

  /** Who serves the client's next calls, by its own tally. */
  async function served(): Promise<string[]> {
    const [client] = await podsOf('client')
    const path = `pods/${client}:9464/proxy/distribution?next=50&timeoutSeconds=30`
    const { counts }: Counts = JSON.parse(await namespace.cluster.get(`/api/v1/namespaces/${run}/${path}`))
    return Object.keys(counts)
  }
})
