import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { tool } from '../../scripts/lib/tools.ts'
import { chart, runTool, toolsTimeoutMs } from './helm.ts'

interface Schema {
  readonly properties?: Record<string, Schema>
  readonly $ref?: string
  readonly definitions?: Record<string, Schema>
}

const text = readFileSync(join(chart, 'values.yaml'), 'utf8')
const schema: Schema = JSON.parse(readFileSync(join(chart, 'values.schema.json'), 'utf8'))
const ajv = new Ajv({ strict: true, allowUnionTypes: true })
const accepts = ajv.compile(schema)

beforeAll(() => tool('helm'), toolsTimeoutMs)

/** What Helm's own validator says; '' when it accepts. The schema speaks before any template does. */
async function helmSays(values: unknown): Promise<string> {
  const { stderr } = await runTool('helm', ['template', 'a', chart, '-f', '-'], JSON.stringify(values))
  return stderr.includes("don't meet the specifications of the schema") ? stderr : ''
}

const good: Record<string, unknown> = {
  nothing: {},
  'a shared global': { global: { anything: { goes: 1 }, labels: { a: 'b' } }, enabled: true },
  'part of a port': { ports: { grpc: { servicePort: 80 } } },
  'a port of its own': { ports: { 'admin-2': { containerPort: 9000, expose: [] } } },
  'every form of variable': {
    env: { A: 'x', B: 1, C: true, D: { value: 2 }, E: { valueFrom: { fieldRef: {} } }, _f: { enabled: false } },
  },
  'numbers as arguments': { args: ['-h', 'x:1', '--requests', 300, true] },
  'pull secrets both ways': { imagePullSecrets: ['a', { name: 'b' }] },
  'unset and zero': { client: { intervalSeconds: '', job: { ttlSecondsAfterFinished: 0, run: 7 } } },
  'a fraction of a second': { client: { intervalSeconds: 0.5, rps: 0.1 }, server: { maxConnectionAgeSeconds: 2.5 } },
  'fields that Kubernetes may get next year': {
    podSecurityContext: { new: 1 },
    affinity: { x: {} },
    probes: { liveness: { raw: { y: 1 } } },
  },
  'labels that look like other types': { podLabels: { a: true, b: 1, c: '' } },
}

const bad: Record<string, [values: unknown, where: string]> = {
  'a misspelt key': [{ replicaCout: 3 }, "additional properties 'replicaCout' not allowed"],
  'a misspelt key further down': [{ client: { job: { backofLimit: 1 } } }, '/client/job'],
  'a misspelt key of a port': [{ ports: { grpc: { port: 80 } } }, '/ports/grpc'],
  'a misspelt key of a probe': [{ probes: { readiness: { perod: 1 } } }, '/probes/readiness'],
  'a tag as a number': [{ image: { tag: 1.1 } }, '/image/tag'],
  'a tag with its image': [{ image: { tag: 'echo:v1' } }, '/image/tag'],
  'half a digest': [{ image: { digest: 'sha256:12' } }, '/image/digest'],
  'text for a number': [{ replicaCount: '3' }, '/replicaCount'],
  'half a pod': [{ replicaCount: 2.5 }, '/replicaCount'],
  'less than nothing': [{ shutdown: { drainSeconds: -1 } }, '/shutdown/drainSeconds'],
  'a mode of no kind': [{ mode: 'both' }, '/mode'],
  'a verdict of no kind': [{ client: { expect: 'fair' } }, '/client/expect'],
  'an interval in words': [{ client: { intervalSeconds: '5s' } }, '/client/intervalSeconds'],
  'a run that no name can hold': [{ client: { job: { run: 'Run_1' } } }, '/client/job/run'],
  'a port number too high': [{ ports: { grpc: { containerPort: 65536 } } }, '/ports/grpc/containerPort'],
  'a port name too long': [{ ports: { 'a-name-of-16-char': { containerPort: 1 } } }, '/ports'],
  'a variable with a space': [{ env: { 'A B': 'x' } }, '/env'],
  'a variable with two meanings': [{ env: { A: { from: 'x' } } }, '/env/A'],
  'a name with capitals': [{ fullnameOverride: 'Orders' }, '/fullnameOverride'],
  'a label too long': [{ podLabels: { a: 'x'.repeat(64) } }, '/podLabels/a'],
  'a suffix without its dash': [{ headless: { nameSuffix: 'pods' } }, '/headless/nameSuffix'],
  'one argument for a list': [{ args: '-h' }, '/args'],
  'a switch in words': [{ service: { enabled: 'yes' } }, '/service/enabled'],
}

describe('the schema', () => {
  it.each(Object.entries(good))('accepts %s, as Helm does', async (_, values) => {
    expect(accepts(values), ajv.errorsText(accepts.errors)).toBe(true)
    expect(await helmSays(values)).toBe('')
  })

  it.each(Object.entries(bad))('refuses %s, as Helm does, and says where', async (_, [values, where]) => {
    expect(accepts(values)).toBe(false)
    expect(await helmSays(values)).toContain(where)
  })

  it('says it in one readable line', async () => {
    const lines = (await helmSays({ replicaCout: 3 })).split('\n').filter((line) => line.startsWith('- at'))
    expect(lines).toEqual(["- at '': additional properties 'replicaCout' not allowed"])
  })

  it('knows no key that values.yaml does not show', () => {
    const unshown = missing(schema, parse(text), '')
    expect(unshown).toEqual(['.enabled'])
  })
})

it('explains every value in values.yaml', () => {
  const lines = text.split('\n')
  const raw = ['strategy', 'podSecurityContext', 'securityContext']
  let rawIndent = Number.POSITIVE_INFINITY
  const unexplained = lines.filter((line, index) => {
    const [, indent, key, value] = /^( *)(\w+):(.*)$/.exec(line) ?? []
    if (indent === undefined || key === undefined) return false
    if (indent.length > rawIndent) return false
    rawIndent = raw.includes(key) ? indent.length : Number.POSITIVE_INFINITY
    const isSection = value === '' && !raw.includes(key)
    return !isSection && !/^ *# -- .*[.:]$/.test(lines[index - 1] ?? '')
  })
  expect(unexplained).toEqual([])
})

/** Paths of properties that the schema names and the values do not have. */
function missing(node: Schema, values: unknown, path: string): string[] {
  const resolved = node.$ref === undefined ? node : schema.definitions?.[node.$ref.replace('#/definitions/', '')]
  const known = values as Record<string, unknown>
  return Object.entries(resolved?.properties ?? {}).flatMap(([key, child]) =>
    key in known ? missing(child, known[key], `${path}.${key}`) : [`${path}.${key}`],
  )
}
