import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { beforeAll, describe, expect, it } from 'vitest'
import { parseAnnotatedValues } from '../../scripts/lib/annotated-values/parse.ts'
import type { Setting } from '../../scripts/lib/annotated-values/setting.ts'
import { tool } from '../../scripts/lib/tools.ts'
import { chart, runTool, toolsTimeoutMs } from './helm.ts'

const schema = JSON.parse(readFileSync(join(chart, 'values.schema.json'), 'utf8'))
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
  'entries that null takes away': { env: { A: null }, ports: { admin: null }, sidecars: { log: null } },
  'labels that null takes away': { podLabels: { a: null }, podAnnotations: { b: null } },
  'auto, and what it stands for': {
    headless: { enabled: false },
    istio: { sidecar: { nativeSidecar: true, excludeInboundPorts: ['metrics', 9464] } },
  },
  'numbers and percents': { podDisruptionBudget: { minAvailable: '50%', maxUnavailable: '' } },
  'a route with destinations': {
    istio: {
      minVersion: '1.31',
      virtualService: { routes: { canary: { destinations: { v2: { weight: 5 } }, timeout: '250ms' } } },
      peerAuthentication: { portLevel: { 9464: 'PERMISSIVE', metrics: 'DISABLE' } },
    },
  },
  'Services of a control plane, as clients and Kubernetes name them': {
    lookaside: {
      services: {
        'orders.shop:8080': { policy: { least_request: {} } },
        canary_2: { backends: [{ service: 'a.b:1' }], zoneWeights: { 'zone-a': 3 }, failover: ['c.d:http'] },
      },
      discover: { namespaces: ['*'] },
    },
    server: { utilization: 'measured' },
  },
  'a load as a number': { server: { utilization: 0.8 } },
  'objects by name': { extraObjects: { a: { kind: 'ConfigMap' } } },
  'objects in a list': { extraObjects: [{ kind: 'ConfigMap' }] },
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
  'another word than auto': [{ headless: { enabled: 'automatic' } }, '/headless/enabled'],
  'a percent above the whole': [
    { loadBalancing: { outlierDetection: { maxEjectionPercent: 101 } } },
    '/maxEjectionPercent',
  ],
  'a duration without its unit': [{ loadBalancing: { timeout: '5' } }, '/loadBalancing/timeout'],
  'a duration in numbers': [{ loadBalancing: { timeout: 5 } }, '/loadBalancing/timeout'],
  'an end that is not tried again': [{ loadBalancing: { retries: { retryOn: ['aborted'] } } }, '/retryOn/0'],
  'a version as a number': [{ istio: { minVersion: 1.31 } }, '/istio/minVersion'],
  'a misspelt key of a route': [
    { istio: { virtualService: { routes: { a: { destinations: { b: { wieght: 1 } } } } } } },
    '/istio/virtualService/routes/a/destinations/b',
  ],
  'a mode of no kind for a port': [
    { istio: { peerAuthentication: { portLevel: { grpc: 'strict' } } } },
    '/portLevel/grpc',
  ],
  'a load in words': [{ server: { utilization: 'much' } }, '/server/utilization'],
  'a choice of one': [{ loadBalancing: { choiceCount: 1 } }, '/loadBalancing/choiceCount'],
  'a misspelt key of a served Service': [
    { lookaside: { services: { 'a.b:1': { backend: [] } } } },
    '/lookaside/services/a.b:1',
  ],
  'a name that nobody can dial': [{ lookaside: { services: { 'a/b': {} } } }, '/lookaside/services'],
  'no pod of a control plane': [{ lookaside: { replicaCount: 0 } }, '/lookaside/replicaCount'],
  'a file in a folder': [{ config: { files: { 'a/b': '' } } }, '/config/files'],
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
})

describe('the descriptions', () => {
  const { settings } = parseAnnotatedValues(readFileSync(join(chart, 'values.yaml'), 'utf8'), 'values.yaml')

  it.each([
    ['""', ''],
    ['0', 0],
    ['`auto`', 'auto'],
  ])('explain %s only where it is allowed', (shown, value) => {
    const explained = plainSettings(settings).filter(({ description }) => ` ${description}`.includes(` ${shown}: `))
    expect(explained.length).toBeGreaterThan(0)
    const refused = explained.filter(({ schema }) => !ajv.validate(schema, value))
    expect(refused.map(({ path }) => path)).toEqual([])
  })
})

interface PlainSetting extends Pick<Setting, 'path' | 'description'> {
  readonly schema: object
}

/** All settings that have a type of their own, at every depth, those of entries of maps as well. */
function plainSettings(settings: readonly Setting[]): PlainSetting[] {
  return settings.flatMap(({ path, description, value }) => {
    if (value.kind === 'plain') return [{ path, description, schema: value.type.schema }]
    const holder = value.kind === 'map' ? value.entry : value
    return holder.kind === 'object' ? plainSettings(holder.keys) : []
  })
}
