import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../chart/helm.ts'
import { onCluster } from './support/on-cluster.ts'
import { ordersImage, withOrdersImage } from './support/orders-image.ts'
import { OrdersRelease } from './support/orders-release.ts'
import { startPod } from './support/run-pod.ts'

const orders = 300

it('takes no more than 15 lines of values to run a gRPC service of one’s own', async () => {
  const lines = (await readFile(join(projectRoot, 'values/orders.yaml'), 'utf8')).split('\n')
  expect(lines.filter((line) => line.trim() && !line.startsWith('#')).length).toBeLessThanOrEqual(15)
})

withOrdersImage(() => {
  onCluster('foreign', (namespace) => {
    describe.each([
      { helm: 'helm', name: 'orders' },
      { helm: 'helm3', name: 'orders-by-helm3' },
    ] as const)('a service in Go that $helm installs', ({ helm, name }) => {
      const release = new OrdersRelease(namespace, name, helm)
      let notes: string
      beforeAll(async () => {
        notes = await release.install('loadBalancing.serviceConfigMap=true')
      })

      it('has three ready pods', () => {
        expect(release.servers().map(({ ready }) => ready)).toEqual([true, true, true])
      })

      it('passes its helm test, whose calls reach all three', async () => {
        const { passed, log } = await release.test()
        expect(passed, log).toBe(true)
        expect(log).toMatch(/^30 calls to dns:\/\/\/\S+-headless\S+:50051 in \S+ s, 0 failed$/m)
        // By leastRequest, which is random between pods that are idle.
        expect(tallyIn(log)).toHaveLength(3)
      })

      it('is measured by the Job that the notes tell of', async () => {
        const [, job = '', values = ''] =
          /^ {2}helm upgrade --install (\S+) CHART .*\n {4}--set (\S+)$/m.exec(notes) ?? []
        await namespace.helm(['upgrade', '--install', job, 'charts/echo', '--set', values])
        await namespace.kubectl('wait', '--for=condition=complete', '--timeout=60s', `job/${job}-echo`)
        const log = await namespace.kubectl('logs', `job/${job}-echo`)
        expect(log).toMatch(/^300 calls to dns:\S+ in \S+ s, 0 failed$/m)
        expect(tallyIn(log)).toEqual([100, 100, 100])
      })

      it('is called on all three by a client in Go that goes by the service config the chart has compiled', async () => {
        const { exitCode, log } = await release.buyAsTold(`${name}-told`, orders)
        expect(exitCode, log).toBe(0)
        expect(await release.judge(`${name}-told`)).toMatchObject({ verdict: 'even', requests: orders, peers: 3 })
      })

      it('is called on one alone by that client when it only knows the Service', async () => {
        const { exitCode, log } = await release.buyAt(`${name}:50051`, `${name}-plain`, orders)
        expect(exitCode, log).toBe(0)
        expect(await release.judge(`${name}-plain`)).toMatchObject({ verdict: 'pinned', requests: orders, peers: 3 })
      })

      it('fails its helm test when its calls do not spread as they should', async () => {
        await release.install('tests.expect=pinned')
        const { passed, exitCode, log } = await release.test()
        expect({ passed, exitCode }, log).toEqual({ passed: false, exitCode: 79 })
        expect(log).toMatch(/^verdict: even \(expected pinned\): /m)
      })

      it('ends its pods with exit code 0 when it is uninstalled, after a sleep that needs no shell', async () => {
        expect(await release.uninstall()).toEqual([0, 0, 0])
        const failed = ['get', 'events', '--field-selector', 'reason=FailedPreStopHook', '-o', 'name']
        expect(await namespace.kubectl(...failed)).toBe('')
      })
    })

    it('is called by a client in Go on all three pods with all that a service config can hold', async () => {
      const release = new OrdersRelease(namespace, 'orders-full')
      const more = ['outlierDetection.enabled=true', 'retries.enabled=true', 'timeout=5s']
      await release.install(...['serviceConfigMap=true', ...more].map((value) => `loadBalancing.${value}`))
      const { exitCode, log } = await release.buyAsTold('told-all', orders)
      expect(exitCode, log).toBe(0)
      expect(await release.judge('told-all')).toMatchObject({ verdict: 'even', requests: orders, peers: 3 })
    })

    it('fails the helm test of a service that runs and does not serve', async () => {
      const closed = new OrdersRelease(namespace, 'orders-closed')
      const probes = ['startup', 'readiness', 'liveness'].map((probe) => `probes.${probe}.type=tcp`)
      await closed.install('command={/orders,--listen=:50051,--closed}', ...probes)
      expect(closed.servers().map(({ ready }) => ready)).toEqual([true, true, true])
      const { passed, exitCode, log } = await closed.test()
      expect({ passed, exitCode }, log).toEqual({ passed: false, exitCode: 69 })
      expect(log).toMatch(
        /^call 1 failed: UNAVAILABLE: \S+ says that service shop\.orders\.v1\.Orders is NOT_SERVING$/m,
      )
    })

    it('fails the helm test of a service of which one pod of four does not serve', async () => {
      // A pod that the selectors of the release's Services take for one of its own. It is there before the name is.
      const labels = { name: 'orders', instance: 'orders-mixed', component: 'server' }
      const prefixed = Object.entries(labels).map(([key, value]) => [`app.kubernetes.io/${key}`, value])
      const ports = [{ name: 'grpc', containerPort: 50051 }]
      const closed = { image: ordersImage.name, command: ['/orders', '--closed'], ports }
      await startPod(namespace, 'closed', closed, { labels: Object.fromEntries(prefixed) })

      const mixed = new OrdersRelease(namespace, 'orders-mixed')
      await mixed.install('loadBalancing.policy=roundRobin')
      const { passed, exitCode, log } = await mixed.test()
      expect({ passed, exitCode }, log).toEqual({ passed: false, exitCode: 79 })
      expect(log).toMatch(/^30 calls to \S+ in \S+ s, [78] failed$/m)
    })
  })
})

/** Calls per peer in the log of a client, in falling order. */
const tallyIn = (log: string): number[] =>
  [...log.matchAll(/^ {2}\S+:50051 +(\d+) +\S+ % █*$/gm)].map(([, calls]) => Number(calls)).sort((a, b) => b - a)
