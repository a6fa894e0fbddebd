import { beforeAll, expect, it } from 'vitest'
import type { Manifest } from '../chart/helm.ts'
import { onIstio } from './support/on-istio.ts'
import { withOrdersImage } from './support/orders-image.ts'
import { OrdersRelease } from './support/orders-release.ts'
import { runPod } from './support/run-pod.ts'

const orders = 300

withOrdersImage(() => {
  onIstio('foreign-mesh', (namespace) => {
    const release = new OrdersRelease(namespace)
    beforeAll(() => release.install('istio.enabled=true', 'istio.peerAuthentication.mode=STRICT'))

    it('has three ready pods with a sidecar each', async () => {
      expect(release.servers().map(({ ready }) => ready)).toEqual([true, true, true])
      expect(await containersOfAll('orders')).toEqual(Array(3).fill(expect.arrayContaining(['istio-proxy'])))
    })

    it('passes its helm test from within the mesh, in a pod whose sidecar lets it end', async () => {
      const { passed, log } = await release.test()
      expect(passed, log).toBe(true)
      expect(log).toMatch(/^30 calls to orders\.\S+:50051 in \S+ s, 0 failed$/m)
      const pod = await release.testPod()
      expect(containersOf(pod)).toContain('istio-proxy')
      expect(pod.status.phase).toBe('Succeeded')
    })

    it('refuses the same calls from a pod without a sidecar', async () => {
      const { spec } = await release.testPod()
      const { image, args } = spec.containers.find(({ name }: Manifest) => name === 'call')
      const program = { image, args: [...args, '--ready-timeout-seconds', '10'] }
      const labels = { 'sidecar.istio.io/inject': 'false' }
      const { exitCode, log } = await runPod(namespace, 'without-sidecar', program, { labels })
      expect(exitCode, log).toBe(69)
      expect(log).toContain('is not reachable (read ECONNRESET')
    })

    it('is called on all three pods by a client in Go that knows the Service only', async () => {
      const { exitCode, log } = await release.buyAt('orders:50051', 'meshed', orders)
      expect(exitCode, log).toBe(0)
      expect(await release.judge('meshed')).toMatchObject({ verdict: 'even', requests: orders, peers: 3 })
    })

    it('gets a sidecar in a namespace too that does not ask for any', async () => {
      await namespace.cluster.kubectl(['label', 'namespace', namespace.name, 'istio-injection-'])
      await new OrdersRelease(namespace, 'orders-unasked').install('istio.enabled=true', 'replicaCount=1')
      expect(await containersOfAll('orders-unasked')).toEqual([expect.arrayContaining(['istio-proxy'])])
    })

    async function containersOfAll(name: string): Promise<string[][]> {
      const labels = `app.kubernetes.io/component=server,app.kubernetes.io/instance=${name}`
      return JSON.parse(await namespace.kubectl('get', 'pods', '-l', labels, '-o', 'json')).items.map(containersOf)
    }
  })
})

const containersOf = ({ spec }: Manifest): string[] =>
  [...(spec.initContainers ?? []), ...spec.containers].map(({ name }) => name)
