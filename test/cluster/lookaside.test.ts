import { beforeAll, expect, it } from 'vitest'
import type { Pod } from '../../scripts/cluster/pod.ts'
import { RunningClient } from './support/client.ts'
import { imageUnderTest } from './support/namespace.ts'
import { onCluster } from './support/on-cluster.ts'
import { countsOver, judgeOver } from './support/spread.ts'

/** Calls per second of the client. */
const rps = 50

onCluster('lookaside', (namespace) => {
  let client: RunningClient

  beforeAll(async () => {
    const values = ['--set', 'loadBalancing.policy=roundRobin,lookaside.enabled=true', ...imageUnderTest('lookaside')]
    await namespace.helm(['upgrade', '--install', 'orders', 'charts/echo', ...values, '--wait', '--timeout', '120s'])
    client = await RunningClient.start(namespace, 'caller', {
      client: {
        resolver: 'lookaside',
        target: `xds:///orders-echo.${namespace.name}:8080`,
        xdsServer: `orders-echo-lookaside.${namespace.name}.svc.cluster.local:18000`,
        rps,
      },
      // However busy the machine is: what is lost counts here, not what is late.
      args: ['--timeout-seconds', '60'],
    })
  })

  it('has a client without a word on balancing of its own spread its calls over three pods in turn', async () => {
    const tally = await client.next(300, 60)
    expect(judgeOver(servers(), tally, 'round_robin')).toMatchObject({ verdict: 'even', peers: 3, requests: 300 })
  })

  it('loses no call when one of its two pods goes after the other, and tells of pods that join after that', async () => {
    for (const { name } of controlPlanes()) {
      await namespace.kubectl('delete', 'pod', name, '--wait=false')
      await namespace.pods.until(`another pod in the place of ${name}`, 90, () => {
        const pods = controlPlanes()
        return pods.length === 2 && pods.every((pod) => pod.ready && !pod.leaving && pod.name !== name)
      })
    }
    await scale(5)
    const tally = await client.next(500, 60)
    expect(judgeOver(servers(), tally, 'random')).toMatchObject({ verdict: 'even', peers: 5 })
  })

  it('tells of pods that leave before they are gone', async () => {
    await scale(2)
    const tally = await client.next(200, 60)
    expect(Math.min(...countsOver(servers(), tally))).toBeGreaterThan(0)
    expect(await client.stop()).toMatchObject({ failed: 0, errors: {} })
  })

  it('may list and watch the EndpointSlices of its namespace, and nothing else', async () => {
    const account = `system:serviceaccount:${namespace.name}:orders-echo-lookaside`
    const may = async (verb: string, resource: string, ...where: string[]) => {
      const question = ['auth', 'can-i', verb, resource, `--as=${account}`, ...where]
      // It answers no with exit code 1.
      return (await namespace.kubectl(...question).catch((error: Error) => error.message)).trim() === 'yes'
    }
    const slices = 'endpointslices.discovery.k8s.io'
    expect(await Promise.all(['list', 'watch'].map((verb) => may(verb, slices)))).toEqual([true, true])
    const more = ['get', 'create', 'update', 'patch', 'delete'].map((verb) => may(verb, slices))
    const others = ['pods', 'services', 'secrets', 'configmaps', 'nodes'].map((resource) => may('list', resource))
    const elsewhere = ['default', 'kube-system'].map((other) => may('list', slices, '-n', other))
    const all = await Promise.all([...more, ...others, ...elsewhere, may('list', slices, '--all-namespaces')])
    expect(all.filter((allowed) => allowed)).toEqual([])
  })

  const servers = () => namespace.pods.serversOf('orders').filter(({ leaving }) => !leaving)

  const controlPlanes = (): Pod[] => namespace.pods.of('orders').filter(({ component }) => component === 'lookaside')

  /** Scales the servers; resolves once they are as many, all ready, and the others gone. */
  async function scale(replicas: number): Promise<void> {
    await namespace.kubectl('scale', 'deployment/orders-echo', `--replicas=${replicas}`)
    await namespace.pods.until(`${replicas} ready pods of orders and no other`, 90, () => {
      const pods = namespace.pods.serversOf('orders')
      return pods.length === replicas && pods.every(({ ready, leaving }) => ready && !leaving)
    })
  }
})
