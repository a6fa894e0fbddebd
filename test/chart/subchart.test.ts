import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tool } from '../../scripts/lib/tools.ts'
import { kindsAndNames, type Manifest, objectsIn, runTool, toolsTimeoutMs } from './helm.ts'
import { makeParentChart, type ParentChart } from './parent-chart.ts'

describe.each(['helm', 'helm3'] as const)('as a part of another chart, under %s', (helm) => {
  let parent: ParentChart
  beforeAll(async () => {
    await tool(helm)
    parent = await makeParentChart()
  }, toolsTimeoutMs)
  afterAll(() => parent.remove())

  const parts = (name: string): string[] => [
    `Deployment ${name}`,
    `Pod ${name}-test`,
    `PodDisruptionBudget ${name}`,
    `Service ${name}`,
    `Service ${name}-headless`,
    `ServiceAccount ${name}`,
  ]

  it('is not there until its condition is true', async () => {
    expect(await rendered()).toEqual([])
  })

  it('is all there when it is, with the labels that are shared', async () => {
    const manifests = await rendered('echo.enabled=true')
    expect(kindsAndNames(manifests)).toEqual(parts('a-echo'))
    for (const { metadata } of manifests) expect(metadata.labels).toMatchObject({ team: 'shop' })
  })

  it('is there twice under two aliases, each with values and objects of its own', async () => {
    const manifests = await rendered('orders.enabled=true,payments.enabled=true,payments.replicaCount=5')
    expect(kindsAndNames(manifests)).toEqual([...parts('a-orders'), ...parts('a-payments')].sort())
    const replicas = manifests
      .filter(({ kind }) => kind === 'Deployment')
      .map(({ metadata, spec }) => [metadata.name, spec.replicas])
    expect(Object.fromEntries(replicas)).toEqual({ 'a-orders': 3, 'a-payments': 5 })
    const selectors = manifests
      .filter(({ kind }) => kind === 'Service')
      .map(({ spec }) => JSON.stringify(spec.selector))
    expect(new Set(selectors).size).toBe(2)
  })

  it('lints', async () => {
    const { code, stdout, stderr } = await runTool(helm, ['lint', parent.folder, '--set', 'echo.enabled=true'])
    expect(code, stdout + stderr).toBe(0)
  })

  async function rendered(set = ''): Promise<Manifest[]> {
    const { code, stdout, stderr } = await runTool(helm, ['template', 'a', parent.folder, '--set', set])
    if (code !== 0) throw new Error(stderr)
    return objectsIn(stdout)
  }
})
