import { beforeAll, describe, expect, it } from 'vitest'
import type { Manifest } from '../chart/helm.ts'
import { onCluster } from './support/on-cluster.ts'

const released = 'test/chart/released/echo-0.1.0.tgz'

onCluster('upgrade', (namespace) => {
  describe('with an autoscaler, under Helm 4, which applies on the server', () => {
    const values = { resources: { requests: { cpu: '10m' } }, shutdown: { preStopSleepSeconds: 0 } }
    const scaled = { ...values, autoscaling: { enabled: true, minReplicas: 2, maxReplicas: 6 } }
    let deployment: Manifest

    beforeAll(async () => {
      await namespace.install('scaled', { ...values, replicaCount: 2 })
      await namespace.install('scaled', scaled)
      // As the autoscaler does: a manager other than Helm, at the subresource for scales.
      await namespace.kubectl('scale', 'deployment/scaled-echo', '--replicas=4')
      await namespace.install('scaled', { ...scaled, podAnnotations: { changed: 'yes' } })
      deployment = await get('deployment/scaled-echo')
    })

    it('has applied the Deployment as Helm', () => {
      const { annotations } = deployment.spec.template.metadata
      expect(annotations).toMatchObject({ changed: 'yes' })
      expect(managersOf(deployment, 'f:template')).toEqual(['helm'])
    })

    it('leaves the replicas to whom has scaled it', () => {
      expect(deployment.spec.replicas).toBe(4)
      expect(managersOf(deployment, 'f:replicas')).not.toContain('helm')
    })
  })

  describe('from the last version of the chart', () => {
    const releases = {
      server: { replicaCount: 2, service: { annotations: { a: 'b' } } },
      client: { args: ['-h', 'server-echo:8080', '--interval-seconds', '1'] },
    }
    const kept = [
      'deployment/server-echo',
      'deployment/client-echo',
      'service/server-echo',
      'service/server-echo-headless',
    ]
    let before: Manifest[]
    let after: Manifest[]

    beforeAll(async () => {
      await installAll(released)
      before = await Promise.all(kept.map(get))
      await installAll('charts/echo')
      after = await Promise.all(kept.map(get))
    })

    it('goes to this one', () => {
      const chartOf = ({ metadata }: Manifest) => metadata.labels['helm.sh/chart']
      expect(before.map(chartOf)).toEqual(kept.map(() => 'echo-0.1.0'))
      expect(new Set(after.map(chartOf)).size).toBe(1)
      expect(chartOf(after[0])).not.toBe('echo-0.1.0')
    })

    it('keeps the objects, the selectors of Deployments and the addresses of Services', () => {
      const identity = ({ kind, metadata: { name, uid }, spec: { selector, clusterIP } }: Manifest) => {
        return { kind, name, uid, selector, clusterIP }
      }
      expect(after.map(identity)).toEqual(before.map(identity))
    })

    async function installAll(chart: string): Promise<void> {
      for (const [release, values] of Object.entries(releases)) {
        const args = ['upgrade', '--install', release, chart, '-f', '-', '--wait', '--timeout', '120s']
        await namespace.helm(args, JSON.stringify(values))
      }
    }
  })

  async function get(object: string): Promise<Manifest> {
    return JSON.parse(await namespace.kubectl('get', object, '-o', 'json', '--show-managed-fields'))
  }
})

/** Who says a field of an object's spec. */
function managersOf({ metadata }: Manifest, field: string): string[] {
  return metadata.managedFields
    .filter(({ fieldsV1 }: Manifest) => fieldsV1['f:spec']?.[field] !== undefined)
    .map(({ manager }: Manifest) => manager)
}
