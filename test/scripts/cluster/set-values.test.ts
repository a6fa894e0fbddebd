import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { withSets } from '../../../scripts/cluster/set-values.ts'
import { tool } from '../../../scripts/lib/tools.ts'
import { runTool, toolsTimeoutMs } from '../../chart/helm.ts'

const values = { a: 1, m: { b: 2, inner: { c: 3 } }, l: ['x', 'y'], objects: [{ name: 'p', port: 1 }] }

const cases: Record<string, readonly [sets: readonly string[], result: object]> = {
  nothing: [[], values],
  'a value, and one beside another': [['a=2', 'm.d=e'], { ...values, a: 2, m: { ...values.m, d: 'e' } }],
  'a value in maps that are not there': [['x.y.z=1'], { ...values, x: { y: { z: 1 } } }],
  'a value in place of a map': [['m=1'], { ...values, m: 1 }],
  'several at once': [['a=2,m.b=3'], { ...values, a: 2, m: { ...values.m, b: 3 } }],
  'the last of the same name': [['a=2', 'a=3'], { ...values, a: 3 }],
  'a list as a whole': [['l={a,2,true}'], { ...values, l: ['a', 2, true] }],
  'a list of nothing': [['l={}'], { ...values, l: [''] }],
  'a list before another value': [['l={a,b},a=2'], { ...values, l: ['a', 'b'], a: 2 }],
  'a place in a list': [
    ['l[1]=z', 'objects[0].port=2'],
    { ...values, l: ['x', 'z'], objects: [{ name: 'p', port: 2 }] },
  ],
  'a place beyond a list': [['l[2]=z'], { ...values, l: ['x', 'y', 'z'] }],
  'characters that mean themselves': [
    ['a\\.b\\=c=d\\,e', 'm.x={f\\,g}'],
    { ...values, 'a.b=c': 'd,e', m: { ...values.m, x: ['f,g'] } },
  ],
  'values with an equals sign or none at all': [['a=b=c', 'm.b='], { ...values, a: 'b=c', m: { ...values.m, b: '' } }],
  'whole numbers, words and text': [
    ['m=null', 'k={0,7,-7,+7,007,0.5,1e3,TRUE,False,yes,5s}'],
    { a: 1, l: values.l, objects: values.objects, k: [0, 7, -7, 7, '007', '0.5', '1e3', true, false, 'yes', '5s'] },
  ],
  'a value that is taken away': [['m.inner.c=null'], { ...values, m: { b: 2, inner: {} } }],
  'names that objects have': [['m.constructor.x=1'], { ...values, m: { ...values.m, constructor: { x: 1 } } }],
}

let folder: string
beforeAll(async () => {
  await tool('helm')
  folder = await mkdtemp(join(tmpdir(), 'evenly-set-'))
  await mkdir(join(folder, 'templates'))
  await writeFile(join(folder, 'Chart.yaml'), 'apiVersion: v2\nname: a\nversion: 0.1.0\n')
  // null takes away what a chart has a default for.
  await writeFile(join(folder, 'values.yaml'), 'm: {inner: {c: 9}}\n')
  await writeFile(join(folder, 'templates/values.yaml'), 'values: {{ toJson .Values | quote }}\n')
}, toolsTimeoutMs)
afterAll(() => rm(folder, { recursive: true }))

/** The values that a chart renders. */
async function helmReads(sets: readonly string[]): Promise<unknown> {
  const args = ['template', 'a', folder, '-f', '-', ...sets.flatMap((set) => ['--set', set])]
  const { code, stdout, stderr } = await runTool('helm', args, JSON.stringify(values))
  if (code !== 0) throw new Error(stderr)
  return JSON.parse(parse(stdout).values)
}

describe('withSets', () => {
  it.each(Object.entries(cases))('takes %s as Helm does', async (_, [sets, result]) => {
    const before = structuredClone(values)
    expect(withSets(values, sets)).toEqual(result)
    expect(await helmReads(sets)).toEqual(result)
    expect(values).toEqual(before)
  })

  it.each([
    [['a'], values],
    [['a=2,a.b=1'], values],
    [['a=2', 'm,l=3'], { ...values, a: 2 }],
  ])('leaves out what Helm refuses of %j', async (sets, result) => {
    expect(withSets(values, sets)).toEqual(result)
    await expect(helmReads(sets)).rejects.toThrow(/failed parsing --set data/)
  })

  it('touches no prototype', () => {
    expect(Object.keys(withSets({}, ['__proto__.polluted=1']))).toEqual(['__proto__'])
    expect({}).not.toHaveProperty('polluted')
  })
})
