import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { applyPatches } from '../../scripts/lib/manifests/apply-patches.ts'
import { objectsIn, runTool, toolsTimeoutMs } from '../chart/helm.ts'
import { deployment, patchCases, pods, rule } from './support/patch-cases.ts'

describe('applyPatches', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'evenly-patches-'))
    await runTool('kubectl', ['version', '--client'])
  }, toolsTimeoutMs)
  afterAll(() => rm(folder, { recursive: true }))

  it.each(patchCases)('$it, as kubectl does', async ({ object, patch }) => {
    // Something has to be left of it, or kubectl has nothing to print.
    const other = '{apiVersion: v1, kind: ConfigMap, metadata: {name: other, namespace: shop}}'
    const ours = applyPatches([...objectsIn(object), ...objectsIn(other)], objectsIn(patch))
    expect(comparable(ours)).toEqual(comparable(await kustomized(folder, [object, other], patch)))
  })

  it('adds what fits no object, which kubectl apply does as well', () => {
    const [first, second] = [deployment('{}'), deployment('{}', 'others')].flatMap(objectsIn)
    expect(applyPatches([first], [second])).toEqual([first, second])
  })

  it('tells namespaces, kinds and groups apart, not versions', () => {
    const [before] = objectsIn(rule('{host: a}'))
    const patches = [
      { ...before, metadata: { ...before.metadata, namespace: 'elsewhere' } },
      { ...before, kind: 'VirtualService' },
      { ...before, apiVersion: 'networking.example/v1' },
    ]
    expect(applyPatches([before], patches)).toEqual([before, ...patches])
    const newer = { ...before, apiVersion: 'networking.istio.io/v1beta1', spec: { host: 'b' } }
    expect(applyPatches([before], [newer])).toHaveLength(1)
  })

  it('leaves what it is given as it is', () => {
    const [before] = objectsIn(pods('{containers: [{name: echo, args: [-s]}]}'))
    const copy = structuredClone(before)
    applyPatches([before], objectsIn(pods('{containers: [{name: echo, args: [-h]}]}')))
    expect(before).toEqual(copy)
  })
})

async function kustomized(folder: string, objects: readonly string[], patch: string): Promise<object[]> {
  const own = await mkdtemp(join(folder, 'case-'))
  await writeFile(join(own, 'objects.yaml'), objects.join('\n---\n'))
  await writeFile(join(own, 'patch.yaml'), patch)
  await writeFile(join(own, 'kustomization.yaml'), 'resources: [objects.yaml]\npatches: [{path: patch.yaml}]\n')
  const { code, stdout, stderr } = await runTool('kubectl', ['kustomize', own])
  if (code !== 0) throw new Error(stderr)
  return objectsIn(stdout)
}

/** Kustomize prints objects in an order of its own, and adds to lists at their head; neither means anything in these. */
const comparable = (objects: readonly object[]) => objects.map((object) => JSON.stringify(sorted(object))).toSorted()

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(sorted)
    return items.every((item) => typeof item === 'object')
      ? items.toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1))
      : items
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  )
}
