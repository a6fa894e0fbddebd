import { describe, expect, it } from 'vitest'
import { podsByWorkload, runningWorkloads } from '../../../scripts/cluster/doctor/running-workloads.ts'
import type { Content } from '../../../scripts/lib/manifests/manifest.ts'

const owned = (by: Content, isController = true) => ({
  ownerReferences: [
    {
      apiVersion: by.apiVersion,
      kind: by.kind,
      name: by.metadata.name,
      uid: by.metadata.uid,
      controller: isController,
    },
  ],
})
const object = (kind: string, name: string, rest: object = {}, metadata: object = {}): Content => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name, namespace: 'shop', uid: `${kind} ${name}`, ...metadata },
  ...rest,
})
const template = { metadata: { labels: { app: 'orders' } }, spec: { containers: [{ name: 'orders' }] } }
const deployment = object('Deployment', 'orders', { spec: { replicas: 2, template } })
const set = object('ReplicaSet', 'orders-1', { spec: { replicas: 2, template } }, owned(deployment))
const old = object('ReplicaSet', 'orders-0', { spec: { replicas: 0, template } })
const pod = (name: string, by: Content | undefined, containers: readonly string[], more: object = {}): Content =>
  object(
    'Pod',
    name,
    { spec: { containers: containers.map((name) => ({ name })) }, status: { phase: 'Running' } },
    { ...(by && owned(by)), labels: { app: 'orders' }, creationTimestamp: '2026-01-01T00:00:00Z', ...more },
  )
const shop = (labels: object): Content => object('Namespace', 'shop', {}, { labels })

const titles = (workloads: readonly Content[]) => workloads.map(({ kind, metadata }) => `${kind} ${metadata.name}`)
const labelsOf = ([first]: readonly Content[]) => first.spec.template.metadata.labels

describe('runningWorkloads', () => {
  it('counts pods and their ReplicaSet as their Deployment, and leaves out what a rollout has left', () => {
    expect(titles(runningWorkloads([deployment, set, old], [pod('a', set, ['orders'])]))).toEqual(['Deployment orders'])
  })

  it('leaves out Jobs that are done and pods that have ended', () => {
    const done = object('Job', 'done', {
      spec: { template },
      status: { conditions: [{ type: 'Complete', status: 'True' }] },
    })
    const failing = object('Job', 'failing', {
      spec: { template },
      status: { conditions: [{ type: 'Failed', status: 'False' }] },
    })
    const ended = { ...pod('ended', undefined, ['x']), status: { phase: 'Succeeded' } }
    expect(titles(runningWorkloads([done, failing], [ended]))).toEqual(['Job failing'])
  })

  it('keeps a pod that nothing controls, also when something only owns it', () => {
    const alone = pod('alone', undefined, ['x'])
    const owner = object('Node', 'node')
    const mirror = { ...alone, metadata: { ...alone.metadata, name: 'mirror', uid: 'm', ...owned(owner, false) } }
    expect(titles(runningWorkloads([], [alone, mirror]))).toEqual(['Pod alone', 'Pod mirror'])
  })

  it('makes a workload of pods whose controller may not be seen', () => {
    const [made] = runningWorkloads([], [pod('a', set, ['orders']), pod('b', set, ['orders'])])
    expect(made).toMatchObject({ kind: 'ReplicaSet', metadata: { name: 'orders-1' }, spec: { replicas: 2 } })
  })

  it('shows containers that were put into the newest pod, behind those of the template', () => {
    const pods = [
      pod('a', set, ['orders']),
      pod('b', set, ['istio-proxy', 'orders'], { creationTimestamp: '2026-01-02T00:00:00Z' }),
    ]
    const [running] = runningWorkloads([deployment, set], pods)
    expect(running.spec.template.spec.containers.map(({ name }: Content) => name)).toEqual(['orders', 'istio-proxy'])
    expect(deployment.spec.template.spec.containers).toHaveLength(1)
  })

  it('says of meshes what is so, whatever the namespace asks for', () => {
    const enabled = [shop({ 'istio-injection': 'enabled' })]
    const bare = labelsOf(runningWorkloads([deployment, set], [pod('a', set, ['orders'])], enabled))
    expect(bare).toMatchObject({ app: 'orders', 'sidecar.istio.io/inject': 'false', 'istio.io/dataplane-mode': 'none' })
    const meshed = labelsOf(runningWorkloads([deployment, set], [pod('a', set, ['orders', 'istio-proxy'])], enabled))
    expect(meshed).not.toHaveProperty('sidecar.istio.io/inject')
    const ambient = pod('a', set, ['orders'], { annotations: { 'ambient.istio.io/redirection': 'enabled' } })
    expect(labelsOf(runningWorkloads([deployment, set], [ambient]))).toMatchObject({
      'istio.io/dataplane-mode': 'ambient',
    })
  })

  it('leaves what a pod asks for where its namespace blocks it, which a rule tells', () => {
    const asking = {
      ...deployment,
      spec: { replicas: 2, template: { ...template, metadata: { labels: { 'sidecar.istio.io/inject': 'true' } } } },
    }
    const blocked = labelsOf(
      runningWorkloads([asking, set], [pod('a', set, ['orders'])], [shop({ 'istio-injection': 'disabled' })]),
    )
    expect(blocked).toMatchObject({ 'sidecar.istio.io/inject': 'true' })
  })

  it('leaves a workload as it is written of which no pod is known', () => {
    expect(runningWorkloads([deployment], [])).toEqual([deployment])
  })
})

describe('podsByWorkload', () => {
  it('finds pods under the names that their workloads have there', () => {
    const pods = [pod('a', set, ['orders']), pod('alone', undefined, ['x'])]
    const names = (workloads: Content[]) => [...podsByWorkload(workloads, pods).keys()]
    expect(names([deployment, set])).toEqual(['Deployment shop/orders', 'Pod shop/alone'])
    expect(names([])).toEqual(['ReplicaSet shop/orders-1', 'Pod shop/alone'])
  })
})
