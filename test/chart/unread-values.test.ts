import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { Ajv } from 'ajv'
import { beforeAll, expect, it } from 'vitest'
import { parse } from 'yaml'
import { sampleName } from '../../scripts/lib/annotated-values/setting.ts'
import { mergeValues } from '../../scripts/lib/check/merge-values.ts'
import { tool } from '../../scripts/lib/tools.ts'
import type { Values } from '../../scripts/lib/values.ts'
import { chart, type Outcome, projectRoot, runTool, toolsTimeoutMs } from './helm.ts'
import { keysIn, type Leaf, leaves, valueAt, valuesWith } from './value-leaves.ts'
import { valuesFiles } from './values-files.ts'

/** Values that a leaf is changed in, and what the chart makes of them. */
interface Base {
  readonly file: string
  readonly own: Values
  readonly values: Values
  readonly rendered: Promise<Outcome>
}

/** Leaves of which no render can tell that they are read, because a rule refuses every change that would show it. */
const refusedOnly: readonly string[] = [
  // One of the three keys of a hash is there, and exactly one has to be.
  'loadBalancing.consistentHash.sourceIp',
  // Nothing is rendered of it; what the older Istio does not know is refused.
  'istio.minVersion',
  // Who signed a certificate is told in one of two ways, and not in both.
  'gatewayApi.backendTlsPolicy.wellKnownCACertificates',
  // Shares of zones are there with `weighted`, and with nothing else.
  'lookaside.services.*.localities',
  // Nothing but an http URL is taken, and none of the texts that are tried is one.
  'tracing.endpoint',
]

/** Leaves that the notes alone show, which are not rendered with the rest: charts/echo/tests/notes tries them. */
const notesOnly: readonly string[] = ['kiali.url']

beforeAll(() => tool('helm'), toolsTimeoutMs)

it('has no value that nothing reads: each changes what is rendered from some values file, or is refused', async () => {
  const bases = readBases()
  for (const { file, rendered } of bases) expect((await rendered).code, file).toBe(0)
  const effects = await twoAtATime(leaves, (leaf) => effectOf(leaf, bases))
  const pathsWith = (effect: Effect) => leaves.filter((_, i) => effects[i] === effect).map(({ keys }) => keys.join('.'))
  expect({ unread: pathsWith('none'), refused: pathsWith('refused') }).toEqual({
    unread: notesOnly,
    refused: refusedOnly,
  })
}, 300_000)

type Effect = 'changed' | 'refused' | 'none'

function readBases(): Base[] {
  const defaults: Values = parse(readFileSync(join(chart, 'values.yaml'), 'utf8'))
  return ['', ...valuesFiles].map((file) => {
    const own: Values = file === '' ? {} : parse(readFileSync(join(projectRoot, file), 'utf8'))
    return { file, own, values: mergeValues(defaults, [own]), rendered: template(own) }
  })
}

/** Tries changes in the bases that say most about what is around the leaf first. */
async function effectOf(leaf: Leaf, bases: readonly Base[]): Promise<Effect> {
  let effect: Effect = 'none'
  for (const { own, values, rendered } of bases.toSorted((a, b) => nearness(leaf, b) - nearness(leaf, a))) {
    // Not where an entry would have to be added first, which is a change in itself.
    const keys = keysIn(values, leaf.keys)
    if (keys === undefined) continue
    for (const value of changesTo(leaf, valueAt(values, keys)).slice(0, 5)) {
      const { code, stdout } = await template(mergeValues({}, [own, valuesWith(keys, value)]))
      if (code === 0 && stdout !== (await rendered).stdout) return 'changed'
      if (code !== 0) effect = 'refused'
      if (code !== 0 && refusedOnly.includes(leaf.keys.join('.'))) return effect
    }
  }
  return effect
}

/** How many of the leaf's keys, from the top, the base has something to say about. */
function nearness(leaf: Leaf, { own }: Base): number {
  const keys = keysIn(own, leaf.keys) ?? leaf.keys
  const firstUnsaid = keys.findIndex((_, i) => valueAt(own, keys.slice(0, i + 1)) === undefined)
  return firstUnsaid === -1 ? keys.length : firstUnsaid
}

/** Of ports and of subsets: what is called by any other name would not be found. */
const namesInUse = ['metrics', 'grpc', 'v1']

const ajv = new Ajv({ allowUnionTypes: true })

/** Other values that the leaf may hold. */
function changesTo({ schema, default: given }: Leaf, now: unknown = given): unknown[] {
  const { enum: words = [], items }: { enum?: unknown[]; items?: { enum?: unknown[] } } = schema
  const numbers = [Number(now) + 1, 1000, Number(now) - 1, 7].filter((number) => !Number.isNaN(number))
  const hash = `sha256:${'7'.repeat(64)}`
  const texts = [...namesInUse, sampleName, '127.0.0.1:7', '/example', '7s', '60%', '-example', '{}', hash]
  const twice = Array.isArray(now) && now.length > 0 ? [[...now, ...now]] : []
  const lists = [...twice, ...(items?.enum ?? []).map((word) => [word]), [sampleName], [{ name: sampleName }], []]
  const [name = sampleName] = Object.keys(Object(now))
  const objects = [
    { [name]: sampleName },
    { [sampleName]: { [sampleName]: sampleName } },
    { [sampleName]: 'STRICT' },
    { round_robin: {} },
    { [name]: 7 },
  ]
  return [...words, true, false, ...numbers, ...texts, ...lists, ...objects].filter(
    (value) => ajv.validate(schema, value) && !isDeepStrictEqual(value, now),
  )
}

const template = (values: unknown): Promise<Outcome> => {
  const args = ['template', 'x', chart, '-n', 'shop', '--skip-schema-validation', '-f', '-']
  return runTool('helm', args, JSON.stringify(values))
}

async function twoAtATime<T, R>(items: readonly T[], act: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  const queue = items.entries()
  const work = async () => {
    for (const [i, item] of queue) results[i] = await act(item)
  }
  await Promise.all([work(), work()])
  return results
}
