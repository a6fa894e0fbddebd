import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { applySet } from '../../../scripts/lib/check/set-values.ts'
import { EvenlyError } from '../../../scripts/lib/exit.ts'
import { tool } from '../../../scripts/lib/tools.ts'
import type { Values } from '../../../scripts/lib/values.ts'
import { runTool, toolsTimeoutMs } from '../../chart/helm.ts'
import { seededRandom } from '../seeded-tally.ts'

/** What a file says before, under a name for each expression (P). */
const before = {
  n: 1,
  t: 'x',
  f: null,
  m: { b: 2, inner: { c: 3 } },
  l: ['x', 'y'],
  o: [{ name: 'p', port: 1 }],
  ll: [[1], [2]],
}

/** P stands for the map that is an expression's own. */
const taken = [
  ...[
    'P.a=1',
    'P.a=-1',
    'P.a=+7',
    'P.a=0',
    'P.a=-0',
    'P.a=00',
    'P.a=007',
    'P.a=0x1F',
    'P.a=1.5',
    'P.a=1e3',
    'P.a=1_000',
  ],
  ...[
    'P.a=9007199254740993',
    'P.a=9223372036854775807',
    'P.a=9223372036854775808',
    'P.a=-9223372036854775808',
    'P.a=--1',
  ],
  ...[
    'P.a=true',
    'P.a=TRUE',
    'P.a=False',
    'P.a=fal\u017fe',
    'P.a=yes',
    'P.a=null',
    'P.a=Null',
    'P.a=~',
    'P.a= null',
    'P.a= 1',
  ],
  ...[
    'P.a=',
    'P.a=,P.b=',
    'P.a==',
    'P.a=b=c',
    'P.a=b\\,c',
    'P.a=b\\\\c',
    'P.a=\\{x\\}',
    'P.a=[1]',
    'P.a=x[0]',
    'P.a=x.y',
    'P.a="q"',
  ],
  ...["P.a='q'", 'P.a=b:c', 'P.a=é😀', 'P.a=a b', 'P.a=\\1', 'P.a=\\null', 'P.a=x\\'],
  ...[
    'P.a={}',
    'P.a={x}',
    'P.a={x,1,true,null}',
    'P.a={x,}',
    'P.a={,}',
    'P.a={a\\,b,c}',
    'P.a={x},P.b=1',
    'P.a={x}P.b=1',
  ],
  'P.a={x=1}',
  ...[
    'P.n=2',
    'P.n=',
    'P.m.b=9',
    'P.m.x=9',
    'P.m.inner.c=null',
    'P.m=null',
    'P.m=5',
    'P.m.inner={a}',
    'P.f=1',
    'P.t=null',
  ],
  ...[
    'P.a.b.c.d=1',
    'P.a\\.b=1',
    'P.a\\=b=1',
    'P.a b=1',
    'P.a\\[0\\]=1',
    'P.m.=1',
    'P.constructor.x=1',
    'P.toString=1',
  ],
  ...[
    'P.l[0]=z',
    'P.l[1]=z',
    'P.l[2]=z',
    'P.l[4]=z',
    'P.l=z',
    'P.l={z}',
    'P.a[0]=1',
    'P.a[2]=1',
    'P.a[0].b=1',
    'P.a[1].b=1',
  ],
  ...[
    'P.o[0].port=2',
    'P.o[0].x=2',
    'P.o[1].name=q',
    'P.o[0]=7',
    'P.l[0].x=1',
    'P.ll[0][0]=9',
    'P.ll[1][2]=9',
    'P.ll[3][1]=9',
  ],
  ...[
    'P.a[0][1]=1',
    'P.a[0][0].b=1',
    'P.a[0]={x,y}',
    'P.a[01]=1',
    'P.a[+1]=1',
    'P.a[0].b.c=1,P.a[0].b.d=2',
    'P.l[0]=',
    'P.o[0].port=',
  ],
  ...[
    'P.a[0].b=',
    'P.a[0]',
    'P.l[0]',
    'P.l[5]',
    'P.o[0].',
    'P.a[0].',
    'P.a.',
    'P.m.',
    'P.m.inner.',
    'P.a=1,',
    'P.a[0][1].b=',
    '',
  ],
  ...[
    'P.a=1,P.a=2',
    'P.a.b=1,P.a.c=2',
    'P.a=1\nP.b=2',
    'P.a=x\ty',
    'P.a[0]=1,P.a[1]=2',
    'P.l[0]=null',
    'P.m.b=null,P.m.b=1',
  ],
]

const refused = [
  ...[
    'a',
    'a.b',
    'a,b=1',
    ',a=1',
    'a=1,b',
    'a=1,,b=2',
    'n.b=1',
    't.b=1',
    'f.b=1',
    'l.b=1',
    'n[0]=1',
    'f[0]=1',
    'm[0]=1',
    'l[0][0]=1',
  ],
  ...[
    'a={x',
    'a={x,',
    'a={x},b',
    'a={{x}}',
    'a[x]=1',
    'a[]=1',
    'a[-1]=1',
    'a[0]x=1',
    'a[65537]=1',
    'a[99999999999999999999]=1',
    'a[0',
    'a[ 0]=1',
  ],
  ...['a..b=1', 'a[0]].b=1', `${'a.'.repeat(31)}b=1`, 'a[1][70000]=1', 'a[0].b', 'a[1_0]=1'],
]

let folder: string
beforeAll(async () => {
  await Promise.all([tool('helm'), tool('helm3')])
  folder = await mkdtemp(join(tmpdir(), 'evenly-set-'))
  await mkdir(join(folder, 'templates'))
  await writeFile(join(folder, 'Chart.yaml'), 'apiVersion: v2\nname: a\nversion: 0.1.0\n')
  await writeFile(join(folder, 'templates/values.yaml'), 'values: {{ toJson .Values | quote }}\n')
}, toolsTimeoutMs)
afterAll(() => rm(folder, { recursive: true }))

async function helmReads(helm: 'helm' | 'helm3', values: Values, sets: readonly string[]): Promise<unknown> {
  const args = ['template', 'a', folder, '-f', '-', ...sets.flatMap((set) => ['--set', set])]
  const { code, stdout, stderr } = await runTool(helm, args, JSON.stringify(values))
  if (code !== 0) throw new Error(stderr)
  return JSON.parse(parse(stdout).values)
}

const numbered = (sets: readonly string[]): string[] => sets.map((set, i) => set.replaceAll('P.', `p${i}.`))

/** All expressions, each on values of its own, in one run. */
async function expectSame(helm: 'helm' | 'helm3', expressions: readonly string[]): Promise<void> {
  const values = Object.fromEntries(expressions.map((_, i) => [`p${i}`, before]))
  const sets = numbered(expressions)
  const helms = (await helmReads(helm, values, sets)) as Values
  const ours = sets.reduce<Values>((all, set, i) => applySet(all, set, i + 1).values, values)
  const differing = sets.filter((_, i) => !isDeepStrictEqual(ours[`p${i}`], helms[`p${i}`]))
  expect(
    differing.map((set) => [set, ours[set.slice(0, set.indexOf('.'))], helms[set.slice(0, set.indexOf('.'))]]),
  ).toEqual([])
  expect(ours).toEqual(helms)
}

describe.each(['helm', 'helm3'] as const)('applySet reads as %s does', (helm) => {
  it('what is picked by hand', async () => {
    expect(taken.length).toBeGreaterThan(100)
    await expectSame(helm, taken)
  })

  it('300 at random', () => expectSame(helm, atRandom(300)))

  it('and refuses what Helm refuses', async () => {
    for (const set of refused) {
      expect(() => applySet(before, set), set).toThrow(EvenlyError)
      // Helm 4 takes an index without an end for nothing at all.
      if (helm === 'helm' && set === 'a[0') continue
      await expect(helmReads(helm, before, [set]), set).rejects.toThrow(/failed parsing --set data/)
    }
  }, 180_000)
})

it('tells what each pair sets, and where its key stands', () => {
  expect(applySet({}, 'a.b=1,c[1].d={x},e\\.f=').set).toEqual([
    { path: ['a', 'b'], value: 1, offset: 0 },
    { path: ['c', 1, 'd'], value: ['x'], offset: 6 },
    { path: ['e.f'], value: '', offset: 17 },
  ])
})

it('says in one sentence what it cannot read, as a matter of usage', () => {
  const said = (set: string): unknown => {
    try {
      applySet(before, set, 2)
    } catch (error) {
      return [(error as EvenlyError).exitCode, (error as EvenlyError).message]
    }
    return 'nothing'
  }
  expect(said('a')).toEqual([64, '--set 2 (a): a has no value: write a=VALUE'])
  expect(said('n.b=1')).toEqual([64, '--set 2 (n.b=1): n is no map in the values before: set it as a whole'])
  expect(said('a={x')).toEqual([64, '--set 2 (a={x): a list has no end: write } after it'])
  expect(said('a[x]=1')).toEqual([64, '--set 2 (a[x]=1): x is no index: write a number between [ and ]'])
  for (const set of refused)
    expect(String(said(set)), set).toMatch(/^64,--set 2 \([^\n]*\): [^\n]+: write |set it as a whole$|set a map/)
})

it('leaves the values that it is given alone, and the prototype of all objects', () => {
  const shared = { x: 1 }
  const values = { a: shared, b: shared }
  expect(applySet(values, 'a.x=2').values).toEqual({ a: { x: 2 }, b: { x: 1 } })
  expect(values).toEqual({ a: { x: 1 }, b: { x: 1 } })
  expect(Object.keys(applySet({}, '__proto__.polluted=1').values)).toEqual(['__proto__'])
  expect({}).not.toHaveProperty('polluted')
})

/** Pairs of keys and values from pieces that matter, such that Helm takes them. */
function atRandom(count: number): string[] {
  const random = seededRandom(20261122)
  const pick = (list: readonly string[]): string => list[Math.floor(random() * list.length)] as string
  const steps = ['a', 'b', 'n', 'm', 'l', 'o', 'inner', 'x y', 'é', 'k\\.k', '\\,', 'c\\=']
  const indices = ['[0]', '[1]', '[3]', '[0][1]', '[2].z', '[0].port']
  const ends = [
    '1',
    '0',
    '-5',
    '012',
    '1.5',
    'true',
    'Null',
    '',
    ' ',
    'x',
    '\\,',
    '\\',
    'a=b',
    '{}',
    '{a,b}',
    '{1,null,}',
    'é',
    '"',
    '[',
    ']',
    '.',
  ]
  const pair = (): string => {
    const path = Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(steps)).join('.')
    return `P.${path}${random() < 0.3 ? pick(indices) : ''}=${pick(ends)}`
  }
  const found: string[] = []
  while (found.length < count) {
    const text = Array.from({ length: 1 + Math.floor(random() * 3) }, pair).join(',')
    if (isTaken(text)) found.push(text)
  }
  return found
}

function isTaken(text: string): boolean {
  try {
    applySet({ p: before }, text.replaceAll('P.', 'p.'))
    return true
  } catch {
    return false
  }
}
