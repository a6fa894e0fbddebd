import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { allRights, rolesFor } from '../../scripts/cluster/doctor/roles.ts'
import { type Ended, endCommands, evenly } from './support/evenly-command.ts'
import { Kubeconfigs } from './support/kubeconfig.ts'
import type { Namespace } from './support/namespace.ts'
import { onCluster } from './support/on-cluster.ts'
import { onIstio } from './support/on-istio.ts'

/** The Role of a namespace among what `--print-role` prints. */
const roleFor = (namespace: string): string =>
  rolesFor(allRights(namespace).filter((right) => right.namespace === namespace))

/** A diagnosis as `-o json` prints it, as far as tests look into it. */
// biome-ignore lint/suspicious/noExplicitAny: the shape is what the tests assert
type Diagnosis = any

/** Installing takes half a minute, and many times that on a machine that does much else. */
const setUpSeconds = 600

/** Calls per second of each client. */
const rate = 10

onCluster('doctor', (namespace) => {
  let kubeconfigs: Kubeconfigs
  beforeAll(async () => {
    kubeconfigs = await Kubeconfigs.create()
    await Promise.all([
      install(namespace, 'pinned', { replicaCount: 2, client: calling('pinned-echo:8080') }),
      install(namespace, 'spread', {
        replicaCount: 2,
        server: { maxConnectionAgeSeconds: 60, maxConnectionAgeGraceSeconds: 5 },
        client: calling('dns:///spread-echo-headless:8080', { lbPolicy: 'round_robin' }),
      }),
      install(namespace, 'grown', {
        replicaCount: 1,
        client: calling('dns:///grown-echo-headless:8080', { lbPolicy: 'round_robin' }),
      }),
      namespace.helm(['upgrade', '--install', 'broken', 'charts/echo', '--set', 'replicaCount=2,args={-s,--nonsense}']),
    ])
    await namespace.kubectl('scale', 'deployment/grown-echo', '--replicas=2')
    await rolledOut(namespace, 'grown-echo')
  }, setUpSeconds * 1000)
  afterAll(async () => {
    await endCommands()
    await kubeconfigs.close()
  })

  it('tells that a ClusterIP pins, who is pinned, and exits 79', async () => {
    await told(namespace, ['pinned-echo'])
    const { code, stdout, stderr } = await doctor(namespace, ['pinned-echo'])
    expect(code).toBe(79)
    const [first, ...more] = stdout.split('\n')
    expect(first).toMatch(
      /^\S+\/pinned-echo is pinned: 1 of 2 pods served 100.0 % of \d+ calls in 4 s, because Deployment \S+\/pinned-echo-client calls pinned-echo:8080 through one virtual IP .+ \[cluster-ip-pins\]\.$/,
    )
    expect(more.join('\n')).toMatch(/^ {2}endpoints +2 ready of 2/m)
    expect(more.join('\n')).toMatch(/^ {2}callers +Deployment \S+\/pinned-echo-client \(1 pod, in no mesh\)/m)
    expect(stderr).toMatch(/^\d errors?, /)
  })

  it('finds nothing wrong with round_robin over a headless Service whose servers end connections', async () => {
    const { code, diagnosis } = await told(namespace, ['spread-echo-headless'], {}, 'even')
    expect(diagnosis).toMatchObject({ state: 'even', isHeadless: true, summary: { errors: 0 }, role: null })
    expect(diagnosis.headline).toMatch(/is even: 2 pods served \d+ calls in 4 s/)
    expect(diagnosis.callers).toMatchObject([{ policy: 'round_robin', mesh: null }])
    expect(code).toBe(0)
  })

  it('tells that pods from a scale-up are starved by callers that keep their connections', async () => {
    const { code, diagnosis } = await told(namespace, ['grown-echo-headless'])
    expect(diagnosis.headline).toMatch(
      / is pinned: .+ because 1 of its 2 ready pods \(\S+\) were added after .+\[starved-pods\]\.$/,
    )
    expect(rulesOf(diagnosis)).toEqual(expect.arrayContaining(['uneven-calls', 'starved-pods']))
    expect(code).toBe(79)
  })

  it('tells why a Service has no ready endpoint', async () => {
    await crashing(namespace, 'broken')
    const { code, diagnosis } = await told(namespace, ['broken-echo'])
    expect(diagnosis.headline).toMatch(
      /^\S+\/broken-echo has no ready endpoint, so every call to it fails: none of its 2 pods is ready: broken-echo-\S+, broken-echo-\S+: crashes again and again; it printed: echo: unknown option '--nonsense' \(Error, exit code 64\)\.$/,
    )
    expect(diagnosis).toMatchObject({ state: 'no-endpoints', traffic: null })
    expect(code).toBe(79)
  })

  it('changes nothing: the API server grants no more than its role has', async () => {
    const { diagnosis } = await as('reader', roleFor(namespace.name), ['pinned-echo'])
    expect(diagnosis).toMatchObject({ state: 'pinned', headline: expect.stringContaining('[cluster-ip-pins]') })
    expect(diagnosis.unseen.filter((line: string) => line.includes(`in namespace ${namespace.name}`))).toEqual([])
  })

  it('does without most rights, names them and prints the Role to ask for', async () => {
    const { code, diagnosis } = await as('peeper', ['get,list pods,services'], ['pinned-echo'])
    expect(code).toBe(79)
    expect(diagnosis).toMatchObject({ state: 'unseen', callers: [{ target: 'pinned-echo:8080' }] })
    expect(rulesOf(diagnosis)).toContain('cluster-ip-pins')
    expect(diagnosis.unseen).toContainEqual(
      expect.stringMatching(/^may not list .*deployments.* in namespace \S+: findings that need them are missing$/),
    )
    expect(diagnosis.role).toContain('kind: Role\n')
    // What it prints is a Role that the API server takes.
    await namespace.cluster.kubectl(['apply', '--dry-run=server', '-f', '-'], diagnosis.role)
  })

  it.each([
    [
      'none',
      [],
      /^evenly: you may not get services in namespace \S+, without which .+ask whoever runs the cluster for this Role/,
    ],
    ['half', ['get services'], /^evenly: you may not list pods in namespace \S+, without which/],
  ])('%s: exits 69 where the Service or its pods may not be read', async (user, rights, sentence) => {
    const { code, stdout, stderr } = await as(user, rights, ['pinned-echo'])
    expect({ code, stdout }).toEqual({ code: 69, stdout: '' })
    expect(stderr).toMatch(sentence)
  })

  it.each([
    ['pined-echo', 69, /^evenly: there is no Service pined-echo in namespace \S+: did you mean pinned-echo\?$/],
    ['Pinned!', 64, /It must be the name of a Service/],
    ['pinned-echo --port 99', 64, /^evenly: Service \S+ has no port 99: it has 8080 grpc/],
  ])('%s: exits %i with one sentence', async (args, code, sentence) => {
    const ended = await doctor(namespace, args.split(' '))
    expect(ended).toMatchObject({ code, stdout: '' })
    expect(ended.stderr.trim()).toMatch(sentence)
  })

  it('exits 69 with one sentence where there is no cluster, or one that is silent', async () => {
    const nowhere = await doctor(namespace, ['x'], { KUBECONFIG: join(import.meta.dirname, 'nowhere') })
    expect(nowhere).toMatchObject({ code: 69, stdout: '' })
    expect(nowhere.stderr).toMatch(/^evenly: there is no cluster/)
    const env = { KUBECONFIG: await kubeconfigs.forAnswers('silent', {}) }
    const silent = await doctor(namespace, ['x', '--timeout', '3'], env)
    expect(silent).toMatchObject({ code: 69, stdout: '' })
    expect(silent.stderr).toMatch(/^evenly: the diagnosis did not end within 3 s; it was asking the cluster/)
  })

  /** Runs as a user who has these rights only: `VERBS RESOURCES` each. */
  async function as(user: string, rights: readonly string[] | string, args: readonly string[]) {
    await namespace.kubectl('create', 'serviceaccount', user)
    const account = `--serviceaccount=${namespace.name}:${user}`
    if (typeof rights === 'string') {
      await namespace.cluster.kubectl(['apply', '-f', '-'], rights)
      await namespace.kubectl('create', 'rolebinding', user, '--role=evenly-doctor', account)
    }
    for (const right of typeof rights === 'string' ? [] : rights) {
      const [verbs, resources] = right.split(' ')
      await namespace.kubectl('create', 'role', user, `--verb=${verbs}`, `--resource=${resources}`)
      await namespace.kubectl('create', 'rolebinding', user, `--role=${user}`, account)
    }
    const token = await namespace.kubectl('create', 'token', user)
    return told(namespace, args, { KUBECONFIG: await kubeconfigs.forToken(user, token.trim()) })
  }
})

onIstio('doctor-mesh', (namespace) => {
  beforeAll(async () => {
    const istio = { enabled: true }
    await Promise.all([
      installUncounted('mesh', { replicaCount: 2, istio, client: calling('mesh-echo:8080') }),
      install(namespace, 'passed', { replicaCount: 2, istio, client: calling('passed-echo:8080') }),
    ])
    // The chart refuses such a client; other charts do not.
    const headless = `dns:///passed-echo-headless.${namespace.name}:8080`
    const patch = [{ op: 'replace', path: '/spec/template/spec/containers/0/args/1', value: headless }]
    await namespace.kubectl(
      'expose',
      'deployment/passed-echo',
      '--name=passed-echo-headless',
      '--cluster-ip=None',
      '--port=8080',
    )
    await namespace.kubectl('patch', 'deployment/passed-echo-client', '--type=json', '-p', JSON.stringify(patch))
    await rolledOut(namespace, 'passed-echo-client')
  }, setUpSeconds * 1000)

  /** A release whose port of metrics goes by a name that tells nothing. */
  async function installUncounted(release: string, values: object): Promise<void> {
    const rendered = await namespace.helm(['template', release, 'charts/echo', '-f', '-'], JSON.stringify(values))
    const renamed = rendered.replaceAll(/(name|targetPort|port): "?metrics"?$/gm, '$1: admin')
    await namespace.cluster.kubectl(['-n', namespace.name, 'apply', '-f', '-'], renamed)
    await rolledOut(namespace, `${release}-echo`, `${release}-echo-client`)
  }

  it('finds nothing wrong with a mesh on both sides, as the caller’s Envoy counts where pods show no counters', async () => {
    const { code, diagnosis } = await told(namespace, ['mesh-echo'], {}, 'even')
    expect(diagnosis).toMatchObject({ state: 'even', summary: { errors: 0 } })
    expect(diagnosis.callers).toMatchObject([{ mesh: 'istio', balancedBy: 'its sidecar balances calls' }])
    const [proxy] = diagnosis.proxies
    expect(Object.values(proxy.endpoints)).toEqual([true, true])
    expect(diagnosis.traffic.countedBy).toMatch(/^the Envoy of mesh-echo-client-/)
    expect(code).toBe(0)
  })

  it('tells that a headless target gets past what the sidecar could do', async () => {
    const { code, diagnosis } = await told(namespace, ['passed-echo-headless'])
    expect(diagnosis.state).toBe('pinned')
    expect(diagnosis.headline).toMatch(/ is pinned: .+, because Deployment \S+\/passed-echo-client .+ \[\S+\]\.$/)
    expect(code).toBe(79)
  })
})

const calling = (target: string, more: object = {}): object => ({
  ...{ enabled: true, target, serviceConfig: 'none', rps: rate },
  ...more,
})

/** Installs a release of servers and a client, without probes that a busy machine fails, and waits as long as that may take. */
async function install(namespace: Namespace, release: string, values: object): Promise<void> {
  const all = { ...values, probes: { startup: { enabled: false }, liveness: { enabled: false } } }
  await namespace.helm(['upgrade', '--install', release, 'charts/echo', '-f', '-'], JSON.stringify(all))
  await rolledOut(namespace, `${release}-echo`, `${release}-echo-client`)
}

async function rolledOut(namespace: Namespace, ...deployments: readonly string[]): Promise<void> {
  for (const name of deployments) {
    await namespace.kubectl('rollout', 'status', `deployment/${name}`, `--timeout=${setUpSeconds}s`)
  }
}

const doctor = (
  namespace: Namespace,
  args: readonly string[],
  env: Record<string, string | undefined> = {},
): Promise<Ended> => evenly(['doctor', ...args, '-n', namespace.name, '--seconds', '4'], { env })

/**
 * On a busy machine nobody may call for some seconds, or a connection be late: then it is asked again, a few times.
 *
 * @param settled the state that there is once it is not, where that is known
 */
async function told(
  namespace: Namespace,
  args: readonly string[],
  env: Record<string, string | undefined> = {},
  settled?: string,
  times = 6,
): Promise<Ended & { diagnosis: Diagnosis }> {
  const ended = await doctor(namespace, [...args, '-o', 'json'], env)
  const diagnosis = ended.stdout === '' ? undefined : JSON.parse(ended.stdout)
  const isSettled = settled === undefined ? diagnosis?.state !== 'quiet' : diagnosis?.state === settled
  if (!isSettled && times > 1) return told(namespace, args, env, settled, times - 1)
  return { ...ended, diagnosis }
}

const rulesOf = ({ findings }: Diagnosis): string[] => findings.map(({ rule }: { rule: string }) => rule)

async function crashing({ pods }: Namespace, release: string): Promise<void> {
  await pods.until(`${release} to crash`, 120, () =>
    pods.of(release).every(({ reason }) => reason === 'CrashLoopBackOff'),
  )
}
