import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeParentChart, type ParentChart } from '../chart/parent-chart.ts'
import { imageUnderTest } from './support/namespace.ts'
import { onCluster } from './support/on-cluster.ts'

onCluster('subchart', (namespace) => {
  let parent: ParentChart
  beforeAll(async () => {
    parent = await makeParentChart()
  })
  afterAll(() => parent.remove())

  it('runs as a part of another chart, under its own name and under an alias', async () => {
    const parts = ['echo', 'orders']
    const sets = parts.flatMap((part) => [
      '--set',
      `${part}.enabled=true,${part}.replicaCount=1`,
      ...imageUnderTest(part),
    ])
    await namespace.helm(['install', 'a', parent.folder, ...sets, '--wait', '--timeout', '120s'])
    const names = await namespace.kubectl('get', 'deployments', '-o', 'jsonpath={.items[*].metadata.name}')
    expect(names.split(' ')).toEqual(parts.map((part) => `a-${part}`))
    expect(namespace.pods.of('a').map(({ ready }) => ready)).toEqual([true, true])
  })
})
