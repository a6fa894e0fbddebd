import { Ajv } from 'ajv'
import { beforeAll, describe, expect, it } from 'vitest'
import { namedTypes } from '../../../scripts/lib/annotated-values/named-types.ts'
import { resolveType } from '../../../scripts/lib/annotated-values/resolve-type.ts'
import { tool } from '../../../scripts/lib/tools.ts'
import { toolsTimeoutMs } from '../../chart/helm.ts'
import { helmComplaints, scratchChart } from './scratch-chart.ts'

interface Samples {
  readonly good: readonly unknown[]
  readonly bad: readonly unknown[]
}

const long = (length: number): string => 'a'.repeat(length)

const samples: Record<string, Samples> = {
  string: { good: ['', 'any text'], bad: [1, true, null, {}, []] },
  integer: { good: [0, 3, 1e9], bad: [-1, 0.5, '3', '', null] },
  number: { good: [0, 0.5, 3], bad: [-0.1, '3', '', null] },
  boolean: { good: [true, false], bad: ['true', 'yes', 0, null] },
  scalar: { good: ['', 'a', -1, 0.5, true], bad: [null, {}, []] },
  auto: { good: ['auto'], bad: ['', 'Auto', true, null] },
  strings: { good: [[], ['a', '']], bad: ['a', [1], [null], {}] },
  arguments: { good: [[], ['a', 1, true]], bad: ['a', [null], [{}], [[]]] },
  raw: { good: [{}, { a: { b: null } }], bad: ['a', [], null] },
  raws: { good: [[], [{}, { a: 1 }]], bad: [{}, ['a'], [null]] },
  rawOrString: { good: [{}, { a: 1 }, '', 'a'], bad: [[], 1, null] },
  manifests: { good: [{}, { a: {}, b: 'c' }, [], [{}, 'a']], bad: ['a', { a: 1 }, [1], { a: [] }, null] },
  labels: {
    good: [{}, { a: 'b', 'x.y/z': '', c: true, d: 1, e: null, f: long(63) }],
    bad: [{ a: long(64) }, { a: '-b' }, { a: 'b c' }, { a: {} }, ['a'], 'a'],
  },
  annotations: { good: [{}, { a: 'any text', b: 1, c: false, d: null }], bad: [{ a: {} }, { a: ['b'] }, [], 'a'] },
  variable: {
    good: ['a', '', 1, true, { value: 'a' }, { value: 2 }, { valueFrom: {} }, { enabled: false }],
    bad: [null, [], { from: 'a' }, { value: {} }, { valueFrom: 'a' }, { enabled: 'no' }],
  },
  pullSecrets: { good: [[], ['a', 'a.b-c', { name: 'd' }]], bad: ['a', [''], ['A'], [{}], [{ name: 'a', b: 1 }], [1]] },
  port: { good: [1, 65535], bad: [0, 65536, -1, 1.5, '80', null] },
  duration: { good: ['0s', '250ms', '5s', '2m', '1h', '99999s'], bad: ['', '5', '5d', '1m30s', '1.5s', '-1s', 5] },
  percent: { good: ['0%', '25%', '100%'], bad: ['', '25', '2.5%', '-1%', '1000%', 25] },
  quantity: { good: ['100m', '1', '1.5', '64Mi', '2Gi', '1k', 2, 0.5], bad: ['', 'Mi', '1mi', '1 Gi', '-1', -1, true] },
  path: { good: ['/', '/a/b.c'], bad: ['', 'a', './a', '/a b', 1] },
  json: { good: ['{}', '[]', '{"a": 1}', ' {\n"a": [1]\n}\n'], bad: ['', 'auto', '"a"', '{', '1', {}] },
  name: { good: ['a', 'a-1', '1a'], bad: ['', 'A', '-a', 'a-', 'a.b', 'a_b', 1] },
  dnsName: { good: ['a', 'cluster.local', 'a-1.b'], bad: ['', 'A', '.a', 'a.', 'a_b', 1] },
  portName: { good: ['grpc', 'a-1', long(15)], bad: ['', '1a', 'A', 'a-', long(16), 80] },
  envName: { good: ['A', '_a', 'A_1', 'a.b-c'], bad: ['', '1A', 'A B', 'A=B', 1] },
  key: { good: ['a', '8080', 'A.b_c-d'], bad: ['', '.a', '-a', 'a/b', 'a b', 1] },
  fileName: { good: ['a', 'a.json', '.env', 'A_b-c', '_a'], bad: ['', '.', '..', '..a', 'a/b', 'a b', 1] },
  labelValue: { good: ['', 'a', '1.30', 'a_b', long(63)], bad: [long(64), 'a b', '-a', 1] },
  suffix: { good: ['-a', '-headless', `-${long(24)}`], bad: ['', '-', 'a', '-A', '-a-', `-${long(25)}`] },
  runName: { good: ['a', 'auto', 'revision', 0, 99999999], bad: ['', 'a-', 'A', long(9), 100000000, -1, 1.5] },
  mtlsMode: { good: ['UNSET', 'STRICT'], bad: ['', 'strict', true] },
  registry: { good: ['ghcr.io', 'localhost:5000', 'a.b/c_d'], bad: ['', '/a', 'a/', 'a b', 1] },
  repository: { good: ['echo', 'ghcr.io/a/echo', 'localhost:5000/echo'], bad: ['', '/a', 'A', 'a b', 1] },
  xdsName: { good: ['orders.shop:8080', 'canary_2', 'a'], bad: ['', 'a/b', '.a', 'a:grpc', 'a:123456', 1] },
  tag: { good: ['v1', '_', '1.2.3-rc.1', long(128)], bad: ['', 'a:b', '.a', '-a', long(129), 1.1] },
  digest: { good: [`sha256:${'0f'.repeat(32)}`], bad: ['', 'sha256:12', `sha256:${'0F'.repeat(32)}`, 1] },
  policy: {
    good: [
      {},
      { round_robin: {} },
      { least_request: { choiceCount: 2 } },
      { pick_first: { shuffleAddressList: true } },
    ],
    bad: [{ nonsense: {} }, { round_robin: {}, pick_first: {} }, { least_request: { choiceCount: 1 } }, 'round_robin'],
  },
  backends: {
    good: [[], [{ service: 'a.b:1', weight: 0 }]],
    bad: [['a.b:1'], [{ service: 'a.b:1', weight: -1 }], [{ service: 'a.b:1', share: 1 }]],
  },
  share: { good: [0, 1_000_000], bad: [-1, 1.5, 1_000_001, '1'] },
  socketAddress: {
    good: ['127.0.0.1:10000', '[::1]:65535'],
    bad: ['localhost:1', '127.0.0.1', '256.0.0.1:1', '1.2.3:4', '127.0.0.1:65536', '[1]:1'],
  },
}

it('has samples of every type', () => expect(Object.keys(samples).sort()).toEqual(Object.keys(namedTypes).sort()))

describe.each(Object.entries(samples))('%s', (name, { good, bad }) => {
  const accepts = new Ajv({ strict: true, allowUnionTypes: true }).compile(resolveType({ type: [name] }).schema)
  it('accepts what it is', () => expect(good.filter((value) => !accepts(value))).toEqual([]))
  it('refuses what it is not', () => expect(bad.filter((value) => accepts(value))).toEqual([]))
})

describe('each pattern', () => {
  const patterns = Object.entries(namedTypes).flatMap(([name, { schema }]) => {
    const found = JSON.stringify(schema).matchAll(/"pattern":("(?:[^"\\]|\\.)*")/g)
    return [...found].map(([, text = '']) => [name, JSON.parse(text) as string] as const)
  })

  // Unions put what stands between ^ and $ into a group.
  it.each(patterns)('of %s is one whole, from ^ to $', (_, pattern) => {
    expect(pattern).toMatch(/^\^.*\$$/)
    const withoutGroups = pattern
      .replace(/\[[^\]]*\]/g, '')
      .replace(/\([^()]*\)/g, '')
      .replace(/\([^()]*\)/g, '')
    expect(withoutGroups).not.toContain('|')
  })
})

describe.each(['helm', 'helm3'] as const)('%s', (helm) => {
  beforeAll(() => tool(helm), toolsTimeoutMs)

  it('says of every sample what ajv says', async () => {
    const named = Object.entries(samples).flatMap(([type, { good, bad }]) => [
      ...good.map((value, i) => ({ key: `good-${type}-${i}`, type, value })),
      ...bad.map((value, i) => ({ key: `bad-${type}-${i}`, type, value })),
    ])
    const schema = {
      $schema: 'http://json-schema.org/draft-07/schema#',
      properties: Object.fromEntries(named.map(({ key, type }) => [key, { $ref: `#/definitions/${type}` }])),
      definitions: Object.fromEntries(Object.entries(namedTypes).map(([name, type]) => [name, type.schema])),
    }
    const chart = scratchChart({ 'values.schema.json': JSON.stringify(schema) })
    const values = Object.fromEntries(named.map(({ key, value }) => [key, value]))
    const complaints = await helmComplaints(chart, values, helm)
    const refused = new Set(complaints.map(({ at }) => at.split('/')[1]))
    expect(refused).toEqual(new Set(named.map(({ key }) => key).filter((key) => key.startsWith('bad-'))))
  })
})
