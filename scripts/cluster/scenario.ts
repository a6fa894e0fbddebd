import { Ajv } from 'ajv'
import { parse, YAMLParseError } from 'yaml'
import { badInput } from '../lib/exit.ts'
import { policies } from '../lib/verdict.ts'
import { type AddOn, addOns } from './add-ons.ts'
import type { JudgeAs } from './outcome.ts'
import { type Outcome, outcomes } from './result.ts'

/** What a values file says of itself in the comment `Scenario:` at its head. */
export interface Expectation {
  readonly expected: Outcome
  /**
   * How the calls ought to spread: a policy, `keys` for each key on one pod, `zone` for the caller's own zone first, `slow-pod` for
   * the fewest on the pod that takes long.
   */
  readonly judgeAs: JudgeAs
  /** What the cluster must have besides Kubernetes. */
  readonly needs: readonly AddOn[]
  /** Labels of the namespace. */
  readonly namespaceLabels: Readonly<Record<string, string>>
  /** The Helm release that takes the file. */
  readonly release: string
  /** Whether the client has no sidecar and calls through the release's Gateway. */
  readonly fromOutside: boolean
  /** Calls of the judged window. */
  readonly requests: number
  /** Calls per second of each client; 0: one after another. */
  readonly rps: number
  /** What one of the servers takes for each call; 0: no longer than the others. */
  readonly slowPodMilliseconds: number
  /** Percent of the calls that fail on purpose. */
  readonly failingPercent: number
  /** Weights by release, one set after another, changed while the client calls. */
  readonly steps: readonly Readonly<Record<string, number>>[]
  /** Path of the value that is a release's weight, with RELEASE where the release's name stands. */
  readonly weightValue: string
  /** Pods to scale to in the end, under load. */
  readonly scaleTo: number
  /** Whether the pods that then join get calls. */
  readonly newPods: 'found' | 'never'
}

/** A balancing strategy made runnable: a values file, and what it is expected to show. */
export interface Scenario extends Expectation {
  readonly name: string
  /** What it is, and when to choose it, as the file tells. */
  readonly what: string
  readonly when: string
  /** Values files of the releases, the judged one first; from the top of the project. */
  readonly releases: readonly { readonly name: string; readonly file: string }[]
  /** The values of the judged release. */
  // biome-ignore lint/suspicious/noExplicitAny: values are what the chart's schema says, which Helm holds them to
  readonly values: any
}

/** @throws EvenlyError (65) of one sentence when the block is not one, or says what it cannot */
export function expectationIn(file: string, text: string): Expectation | undefined {
  const head = headOf(text)
  const start = head.findIndex((line) => line.startsWith('Scenario:'))
  if (start === -1) return undefined
  const block = yamlIn(file, `${'\n'.repeat(start)}${head.slice(start).join('\n')}`)
  if (validate(block)) return block.Scenario
  const { instancePath = '', message, params } = validate.errors?.[0] ?? {}
  const where = instancePath.replaceAll('/', '.').slice(1) || 'the comment Scenario'
  const extra = params?.additionalProperty ?? params?.allowedValues?.join(', ') ?? ''
  throw badInput(`${file}: ${where} ${message}${extra && `: ${extra}`}: mend the comment at the file's head`)
}

/** What the file is and when to use it: the two comment lines before the block. */
export function proseOf(text: string): { what: string; when: string } {
  const [what = '', when = ''] = headOf(text).filter((line) => !line.startsWith('yaml-language-server'))
  return { what, when }
}

/** The lines of the comment that the file begins with. */
function headOf(text: string): string[] {
  const lines = text.split('\n')
  const end = lines.findIndex((line) => !line.startsWith('#'))
  return lines.slice(0, end === -1 ? lines.length : end).map((line) => line.replace(/^# ?/, ''))
}

/** @throws EvenlyError (65) of one sentence when the text, whose lines are those of the file, is not YAML */
// biome-ignore lint/suspicious/noExplicitAny: as the file has it
export function yamlIn(file: string, text: string): any {
  try {
    return parse(text)
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error
    const line = error.linePos?.[0].line ?? 1
    throw badInput(`${file}:${line}: not YAML (${error.message.split(' at line ')[0]}): mend that line`)
  }
}

const text = (fallback = '') => ({ type: 'string', default: fallback }) as const
const numbers = { type: 'object', additionalProperties: { type: 'number', minimum: 0 }, required: [] } as const
const schema = {
  type: 'object',
  required: ['Scenario'],
  additionalProperties: false,
  properties: {
    Scenario: {
      type: 'object',
      required: ['expected', 'judgeAs'],
      additionalProperties: false,
      properties: {
        expected: { type: 'string', enum: outcomes },
        judgeAs: { type: 'string', enum: [...policies, 'keys', 'zone', 'slow-pod'] },
        needs: { type: 'array', items: { type: 'string', enum: addOns }, default: [] },
        namespaceLabels: { type: 'object', additionalProperties: { type: 'string' }, required: [], default: {} },
        release: text('echo'),
        fromOutside: { type: 'boolean', default: false },
        requests: { type: 'integer', minimum: 1, default: 300 },
        rps: { type: 'number', minimum: 0, default: 0 },
        slowPodMilliseconds: { type: 'integer', minimum: 0, default: 0 },
        failingPercent: { type: 'number', minimum: 0, maximum: 100, default: 0 },
        steps: { type: 'array', items: numbers, default: [] },
        weightValue: text(),
        scaleTo: { type: 'integer', minimum: 0, default: 0 },
        newPods: { type: 'string', enum: ['found', 'never'], default: 'found' },
      },
    },
  },
} as const

const validate = new Ajv({ useDefaults: true, strict: false }).compile<{ Scenario: Expectation }>(schema)
