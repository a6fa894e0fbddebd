import type { Content } from '../../../scripts/lib/manifests/manifest.ts'
import type { Observation } from './measure.ts'
import type { Stage } from './stage.ts'

/**
 * One more pod of `orders` says that it is ready and refuses every connection; it stands on the client's node, for outlier detection has
 * near pods called first. `fails`: calls to it fail throughout; `succeeds`: only those by which it is found out do.
 */
export async function measure(stage: Stage): Promise<Observation> {
  lengthenEjections(stage)
  const [server] = await stage.applyServers()
  if (server === undefined) throw new Error('there is no server')
  const { nodeName } = JSON.parse(await stage.kubectl('get', 'pod', server.name, '-o', 'json')).spec
  stage.client.spec.template.spec.nodeName = nodeName
  await stage.apply([brokenPod(stage, nodeName), withoutRetries(stage)])
  await stage.until('the broken pod', 60, () => stage.pods().find(({ name, ready }) => name === broken && ready))
  await stage.cluster.pause(3000)
  const { requests, failed, errors } = await stage.runClient('--requests=200', '--rps=30', '--timeout-seconds=30')
  const figures = `${failed} of ${requests} calls failed ${JSON.stringify(errors)}`
  if (failed > 40) return { measured: 'fails', figures }
  if (failed > 0 && failed <= 15) return { measured: 'succeeds', figures }
  throw new Error(`the broken pod is neither ejected nor called on: ${figures}`)
}

/** So that none ends before the calls do, on a slow machine either. */
export function lengthenEjections({ objects }: Stage): void {
  for (const { kind, spec } of objects) {
    if (kind === 'DestinationRule') spec.trafficPolicy.outlierDetection.baseEjectionTime = '300s'
  }
}

const broken = 'broken-0'

function brokenPod({ objects }: Stage, nodeName: string): Content {
  const { metadata, spec } = objects.find(({ kind }) => kind === 'Deployment')?.spec.template ?? {}
  const [{ readinessProbe: _, ...container }] = spec.containers
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: broken, namespace: namespaceOf(objects), labels: metadata.labels },
    spec: { ...spec, nodeName, containers: [{ ...container, args: ['-s', '--listen=0.0.0.0:8081'] }] },
  }
}

/** Istio would hide the failures. */
const withoutRetries = ({ objects }: Stage): Content => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: 'orders', namespace: namespaceOf(objects) },
  spec: { hosts: ['orders'], http: [{ route: [{ destination: { host: 'orders' } }], retries: { attempts: 0 } }] },
})

const namespaceOf = (objects: readonly Content[]): string => objects[0]?.metadata.namespace
