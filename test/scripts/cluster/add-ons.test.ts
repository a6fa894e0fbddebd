import { describe, expect, it, vi } from 'vitest'
import { type AddOn, equipmentOf } from '../../../scripts/cluster/add-ons.ts'
import { Cluster } from '../../../scripts/cluster/cluster.ts'
import { whyNotRunnable } from '../../../scripts/cluster/runnable.ts'
import type { Scenario } from '../../../scripts/cluster/scenario.ts'
import { unavailable } from '../../../scripts/lib/exit.ts'

const version = { major: '1', minor: '34', gitVersion: 'v1.34.3', platform: 'linux/amd64' }
const plain = ['apiregistration.k8s.io', 'apps', 'events.k8s.io', 'batch', 'networking.k8s.io', 'discovery.k8s.io']

/** A cluster of these API groups and GatewayClasses: name to controller. */
function clusterOf(groups: readonly string[], classes: Readonly<Record<string, string>> = {}) {
  const apis = { kind: 'APIGroupList', apiVersion: 'v1', groups: [...plain, ...groups].map((name) => ({ name })) }
  const items = Object.entries(classes).map(([name, controllerName]) => ({
    metadata: { name },
    spec: { controllerName },
  }))
  const get = vi.fn(async (path: string) => JSON.stringify(path === '/version' ? version : apis))
  const kubectl = vi.fn(async (_args: readonly string[]) => JSON.stringify({ kind: 'List', items }))
  return { get, kubectl, cluster: Object.assign(new Cluster(), { get, kubectl }) }
}

const ours = {
  istio: 'istio.io/gateway-controller',
  'istio-remote': 'istio.io/unmanaged-gateway',
  'envoy-gateway': 'gateway.envoyproxy.io/gatewayclass-controller',
}

describe('equipmentOf', () => {
  it('finds nothing on a plain cluster, and does not ask it for what it does not know', async () => {
    const { cluster, kubectl } = clusterOf([])
    expect(await equipmentOf(cluster)).toEqual({ kubernetes: 'v1.34.3', addOns: new Set(), gatewayClasses: [] })
    expect(kubectl).not.toHaveBeenCalled()
  })

  it('finds all that the test cluster has', async () => {
    const groups = [
      'networking.istio.io',
      'gateway.networking.k8s.io',
      'gateway.envoyproxy.io',
      'monitoring.coreos.com',
    ]
    const { cluster, get, kubectl } = clusterOf(groups, ours)
    const { addOns, gatewayClasses } = await equipmentOf(cluster)
    expect([...addOns]).toEqual(['istio', 'gateway-api', 'envoy-gateway'])
    expect(gatewayClasses).toEqual(Object.entries(ours).map(([name, controller]) => ({ name, controller })))
    expect(get.mock.calls.map(([path]) => path).sort()).toEqual(['/apis', '/version'])
    expect(kubectl.mock.calls).toEqual([[['get', 'gatewayclasses', '-o', 'json']]])
  })

  it.each<[string, string[], Record<string, string>, AddOn[]]>([
    ['Linkerd by its group', ['linkerd.io', 'policy.linkerd.io'], {}, ['linkerd']],
    [
      'ambient by its class',
      ['networking.istio.io', 'gateway.networking.k8s.io'],
      { ...ours, waypoint: 'istio.io/mesh-controller' },
      ['istio', 'gateway-api', 'istio-ambient'],
    ],
    [
      'no group by a part of its name',
      ['policy.linkerd.io', 'gateway.networking.k8s.io.example', 'security.istio.io'],
      {},
      [],
    ],
  ])('knows %s', async (_, groups, classes, addOns) => {
    expect([...(await equipmentOf(clusterOf(groups, classes).cluster)).addOns]).toEqual(addOns)
  })

  const gone = unavailable('there is no cluster to run on: set KUBECONFIG, then try again')

  it('fails as the cluster does', async () => {
    const get = () => Promise.reject(gone)
    await expect(equipmentOf({ get } as unknown as Cluster)).rejects.toBe(gone)
  })

  it('knows no classes where they are not for everybody to read, unless all was ended', async () => {
    const { cluster, kubectl } = clusterOf(['gateway.networking.k8s.io'], ours)
    kubectl.mockRejectedValue(unavailable('me may not list gatewayclasses: ask'))
    expect(await equipmentOf(cluster)).toMatchObject({ addOns: new Set(['gateway-api']), gatewayClasses: [] })
    Object.assign(cluster, { signal: AbortSignal.abort(gone) })
    await expect(equipmentOf(cluster)).rejects.toBe(gone)
  })
})

describe('whyNotRunnable', () => {
  const having = (...addOns: AddOn[]) => ({ kubernetes: 'v1.34.3', addOns: new Set(addOns), gatewayClasses: [] })
  const scenario = (needs: AddOn[]) => ({ needs }) as unknown as Scenario

  it('is nothing when a cluster has all that is needed', () => {
    expect(whyNotRunnable(scenario([]), having())).toBe('')
    expect(whyNotRunnable(scenario(['istio', 'gateway-api']), having('gateway-api', 'linkerd', 'istio'))).toBe('')
  })

  it('names all that is missing, and that alone', () => {
    const all: AddOn[] = ['istio', 'gateway-api', 'envoy-gateway', 'linkerd', 'istio-ambient']
    expect(whyNotRunnable(scenario(['istio', 'gateway-api']), having('istio'))).toBe('the cluster has no Gateway API')
    expect(whyNotRunnable(scenario(all), having())).toBe(
      'the cluster has no Istio and no Gateway API and no Envoy Gateway and no Linkerd and no Istio in ambient mode',
    )
  })
})
