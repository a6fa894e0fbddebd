import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { mergeValues } from '../../../scripts/lib/check/merge-values.ts'
import { parseValues } from '../../../scripts/lib/check/values-file.ts'
import { tool } from '../../../scripts/lib/tools.ts'
import { runTool, toolsTimeoutMs } from '../../chart/helm.ts'

let folder: string
beforeAll(async () => {
  await Promise.all([tool('helm'), tool('helm3')])
  folder = await mkdtemp(join(tmpdir(), 'evenly-as-helm-'))
  await mkdir(join(folder, 'templates'))
  await writeFile(join(folder, 'Chart.yaml'), 'apiVersion: v2\nname: a\nversion: 0.1.0\n')
  await writeFile(join(folder, 'templates/values.yaml'), 'values: {{ toJson .Values | quote }}\n')
}, toolsTimeoutMs)
afterAll(() => rm(folder, { recursive: true }))

/** The values that a chart with these defaults renders under Helm. */
async function helmReads(helm: 'helm' | 'helm3', defaults: string, files: readonly string[]): Promise<unknown> {
  await writeFile(join(folder, 'values.yaml'), defaults)
  const args = await Promise.all(
    files.map(async (text, i) => {
      const path = join(folder, `values-${i}`)
      await writeFile(path, text)
      return ['-f', path]
    }),
  )
  const { code, stdout, stderr } = await runTool(helm, ['template', 'a', folder, ...args.flat()])
  if (code !== 0) throw new Error(stderr)
  return JSON.parse(parse(stdout).values)
}

const merges: Record<string, readonly [defaults: string, ...files: string[]]> = {
  'maps key by key': ['m: {a: 1, b: {c: 2, d: 3}}', 'm: {b: {c: 9}, e: 5}', 'm: {b: {f: 7}}'],
  'lists as a whole': ['l: [1, 2, 3]', 'l: [4]'],
  'the last file above all': ['a: 1', 'a: 2', 'a: 3'],
  'null, which takes a default away': ['a: 1\nm: {b: 2, c: {d: 3}}', 'a: null\nm: {b: ~, c: {d: }}'],
  'null for a map, and a map after all': ['m: {a: 1, b: 2}', 'm: null', 'm: {a: 3}'],
  'null for what is no default': ['m: {}', 'a: null\nm: {b: null, c: {d: null}}'],
  'null for a whole map': ['m: {a: {b: 1}}', 'm: {a: null}'],
  'something else for a map': ['m: {a: 1}\nn: 1', 'm: 5\nn: {a: 1}'],
  nothing: ['a: 1', ''],
  'a key of every kind': ['m: {a: 1}', 'm: {constructor: 1, 8080: 2, 1.5: 3, yes: 4}'],
}

const scalars = [
  ...['yes', 'On', 'n', 'Y', 'tRue', 'off', '~', 'Null', '""', '010', '-012', '0o10', '089', '0x1F', '0b11', '1_000'],
  ...['1:30', '1:30:00', '2020-01-01', '2020-01-01T00:00:00Z', '1e3', '1E+3', '1.e3', '.5', '.', '+5', '1.0', '1+1'],
  ...['25%', '"@daily"', "'yes'", '!!str 5', '!yes 5', 'a:b', '...a', '12345678901234567890', '0.1e-5', '|-\n  a\n  b'],
  ...['{x: 1, y: 2}', '&a [*a0]', '{<<: {p: 1}, q: 2}', '0777', '1__0', '=', '<<', 'NaN', 'Infinity'],
].map((text, i) => `k${i}: ${text}\n`)

/** What stands later in a map wins, merge keys included, and of the maps that one of them names the first. */
const merged = [
  ...[
    'b: {x: 2, <<: *a}',
    'b: {<<: *a, x: 2}',
    'b: {<<: [{x: 3, z: 4}, *a]}',
    'b: {<<: [*a, {x: 3, z: 4}]}',
    'b: {<<: *a, <<: {z: 2}}',
  ],
  ...[
    "b: {'<<': *a}",
    'b: {<<: {<<: *a, z: 1}}',
    'b: {<<: [*a, {<<: {w: 9}}]}',
    'b: {x: {p: 1}, <<: *m}',
    'b: {<<: *m, x: {p: 1}}',
  ],
  ...[
    'b: [*a, *m, {<<: *a}]',
    'b: *a',
    'b: &a {x: 7}\nc: *a',
    'b: !!omap [x: 1]',
    'b: !!set {x, z}',
    'b: !!binary aGk=',
    'b: 1e400',
    'b: -0',
  ],
].map((text) => `a: &a {x: 1, k: 2}\nm: &m {x: {q: 1}}\n${text}\n`)

describe.each(['helm', 'helm3'] as const)('values are what %s makes of them', (helm) => {
  it.each(Object.entries(merges))('%s', async (_, [defaults, ...files]) => {
    const [own, ...given] = [defaults, ...files].map((text) => parseValues(text, 'values.yaml').values)
    expect(mergeValues(own ?? {}, given)).toEqual(await helmReads(helm, defaults, files))
  })

  it.each(merged)('anchors and merge keys: %j', async (text) => {
    expect(parseValues(text, 'values.yaml').values).toEqual(await helmReads(helm, '', [text]))
  })

  it('every scalar', async () => {
    const text = `a0: &a0 x\n${scalars.join('')}`
    expect(parseValues(text, 'values.yaml').values).toEqual(await helmReads(helm, '', [text]))
  })
})
