import { afterAll, beforeAll, expect, it } from 'vitest'
import { Cluster } from '../../scripts/cluster/cluster.ts'
import { Namespace } from '../../scripts/cluster/namespace.ts'
import type { Content, Manifest, StringMap } from '../../scripts/lib/manifests/manifest.ts'
import { meshOf } from '../../scripts/lib/manifests/mesh.ts'
import { readManifests } from '../../scripts/lib/manifests/read-manifests.ts'
import { type Workload, workloadOf } from '../../scripts/lib/manifests/workload.ts'
import { onIstio } from './support/on-istio.ts'

const inject = 'sidecar.istio.io/inject'

const namespaceLabels: readonly StringMap[] = [
  {},
  ...['enabled', 'disabled', 'true', 'off', ''].map((value) => ({ 'istio-injection': value })),
  { 'istio.io/rev': 'default' },
  { 'istio-injection': 'disabled', 'istio.io/rev': 'default' },
]

interface PodCase {
  readonly labels?: StringMap
  readonly annotations?: StringMap
  readonly hostNetwork?: boolean
}

const podCases: readonly PodCase[] = [
  {},
  ...['true', 'false', 'yes', 'off'].map((value) => ({ labels: { [inject]: value } })),
  ...['true', 'false', 'off'].map((value) => ({ annotations: { [inject]: value } })),
  { labels: { [inject]: 'true' }, annotations: { [inject]: 'false' } },
  { labels: { [inject]: 'false' }, annotations: { [inject]: 'true' } },
  { labels: { 'istio.io/rev': 'default' } },
  { labels: { 'istio.io/rev': 'default', [inject]: 'false' } },
  { hostNetwork: true },
  { labels: { [inject]: 'true' }, hostNetwork: true },
]

onIstio('istio-injection', () => {
  const cluster = new Cluster()
  const namespaces = namespaceLabels.map(() => new Namespace(cluster, 'injection'))
  beforeAll(() => Promise.all(namespaceLabels.map((labels, i) => namespaces[i]?.create(labels))))
  afterAll(() => Promise.all(namespaces.map((namespace) => namespace.delete())))

  it.each(namespaceLabels.map((labels, i) => [JSON.stringify(labels), i] as const))(
    'the webhook decides on pods in a namespace with the labels %s as check does',
    async (_, i) => {
      const { name } = namespaces[i] as Namespace
      const pods = podCases.map((each, k) => podOf(`pod-${k}`, name, each))
      const injected = await injectedOf(cluster, pods)
      const labels = { ...namespaceLabels[i] }
      const [namespace] = manifestsOf({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } })
      const ours = pods.map((pod) => meshOf(workloadIn(pod), namespace, undefined) === 'istio')
      const table = (decisions: readonly boolean[]) =>
        podCases.map((pod, k) => `${JSON.stringify(pod)}: ${decisions[k]}`)
      expect(table(ours)).toEqual(table(injected))
    },
  )

  it('does not decide on all of them alike', async () => {
    // Else a webhook that is not asked at all would pass for one that says no.
    const pod = podOf('pod', (namespaces[1] as Namespace).name, {})
    expect(await injectedOf(cluster, [pod])).toEqual([true])
  })
})

const podOf = (name: string, namespace: string, { labels, annotations, hostNetwork }: PodCase): Content => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels, annotations },
  spec: { hostNetwork, containers: [{ name: 'echo', image: 'ghcr.io/evenly-grpc/evenly-echo:0.2.0' }] },
})

/** Of each pod whether it gets a sidecar: the API server asks the webhooks, and throws away what they answer. */
async function injectedOf(cluster: Cluster, pods: readonly Content[]): Promise<boolean[]> {
  const list = { apiVersion: 'v1', kind: 'List', items: pods }
  const names = 'jsonpath={.spec.initContainers[*].name} {.spec.containers[*].name}{"\\n"}'
  const created = await cluster.kubectl(['create', '--dry-run=server', '-o', names, '-f', '-'], JSON.stringify(list))
  return created
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' ').includes('istio-proxy'))
}

const manifestsOf = (object: Content): Manifest[] => readManifests([{ file: 'a.json', text: JSON.stringify(object) }])

function workloadIn(pod: Content): Workload {
  const [workload] = manifestsOf(pod).flatMap((manifest) => workloadOf(manifest, []) ?? [])
  if (workload === undefined) throw new Error('it is no workload')
  return workload
}
