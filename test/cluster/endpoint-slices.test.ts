import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import type { ApiFailure } from '../../services/echo/src/balancing/endpoint-slices/api-failure.ts'
import type { EndpointSlice } from '../../services/echo/src/balancing/endpoint-slices/endpoint-slice.ts'
import { KubernetesApi } from '../../services/echo/src/balancing/endpoint-slices/kubernetes-api.ts'
import { serviceEndpoints } from '../../services/echo/src/balancing/endpoint-slices/service-endpoints.ts'
import { watchEndpointSlices } from '../../services/echo/src/balancing/endpoint-slices/watch-endpoint-slices.ts'
import { watchEvents } from '../../services/echo/src/balancing/endpoint-slices/watch-events.ts'
import { onCluster } from './support/on-cluster.ts'

const service = 'server-echo-headless'
const until = <T>(check: () => T) => vi.waitFor(check, { timeout: 90_000, interval: 50 })

onCluster('endpoint-slices', (namespace) => {
  const watches: { close(): void }[] = []
  let proxy: ChildProcess
  let url = ''
  let folder = ''

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'evenly-endpoint-slices-'))
    await Promise.all([namespace.install('server', { replicaCount: 1 }), startProxy('0')])
  })
  afterEach(() => {
    for (const watch of watches.splice(0)) watch.close()
  })
  afterAll(async () => {
    proxy.kill()
    await rm(folder, { recursive: true, force: true })
  })

  it('are followed while a Deployment grows and shrinks: pods that terminate leave at once', async () => {
    const { states, problems } = watch(new KubernetesApi({ url }))
    await until(() => expect(ready(states)).toHaveLength(1))
    await scale(3)
    await until(() => expect(ready(states)).toHaveLength(3))
    const pods = namespace.pods.of('server').map(({ name }) => name)
    expect(
      ready(states)
        .map(({ pod }) => pod)
        .sort(),
    ).toEqual(pods.sort())
    expect(ready(states).map(({ port, nodeName }) => [port, nodeName !== ''])).toEqual(Array(3).fill([8080, true]))
    await scale(2)
    await until(() => expect(ready(states)).toHaveLength(2))
    const known = states.flatMap(({ slices }) => slices.flatMap(({ endpoints }) => endpoints ?? []))
    expect(known.some(({ conditions }) => conditions?.terminating && !conditions.ready)).toBe(true)
    expect(problems).toEqual([])
  })

  it('stay as they are while the API server is away, and go on from there', async () => {
    const { states, problems } = watch(new KubernetesApi({ url }))
    await until(() => expect(ready(states)).toHaveLength(2))
    const { port } = new URL(url)
    const ended = once(proxy, 'exit')
    proxy.kill()
    await ended
    await until(() => expect(problems).toEqual([expect.stringContaining('cannot be reached')]))
    await scale(1)
    await namespace.kubectl('rollout', 'status', 'deployment/server-echo', '--timeout=60s')
    expect(ready(states)).toHaveLength(2)
    await startProxy(port)
    await until(() => expect(ready(states)).toHaveLength(1))
    expect(problems).toEqual([expect.any(String), undefined])
  })

  it('are Gone for a version that is too old, which a new list answers', async () => {
    const api = new KubernetesApi({ url })
    const path = `/apis/discovery.k8s.io/v1/namespaces/${namespace.name}/endpointslices`
    const signal = AbortSignal.timeout(60_000)
    const events = watchEvents(api, { path, selectors: {}, resourceVersion: '1', timeoutSeconds: 30, signal })
    const failed = (async () => {
      for await (const some of events) for (const _event of some);
    })()
    await expect(failed).rejects.toMatchObject({ kind: 'gone' } satisfies Partial<ApiFailure>)
  })

  it('take a service account no more than a Role to list and watch them, whose lack is told', async () => {
    const api = await asServiceAccount('client')
    const { states, problems } = watch(api)
    await until(() => expect(problems).toHaveLength(1))
    expect(problems[0]).toContain(
      `does not let system:serviceaccount:${namespace.name}:client list endpointslices.discovery.k8s.io in namespace ${namespace.name} (403)`,
    )
    const rule = ['--verb=list,watch', '--resource=endpointslices.discovery.k8s.io']
    await namespace.kubectl('create', 'role', 'client', ...rule)
    const subject = `--serviceaccount=${namespace.name}:client`
    await namespace.kubectl('create', 'rolebinding', 'client', '--role=client', subject)
    await until(() => expect(ready(states)).toHaveLength(1))
    await until(() => expect(problems.at(-1)).toBeUndefined())
  })

  interface State {
    readonly slices: readonly EndpointSlice[]
  }

  function watch(api: KubernetesApi) {
    const states: State[] = []
    const problems: (string | undefined)[] = []
    const changed = (slices: readonly EndpointSlice[]) => states.push({ slices })
    const problem = (sentence: string | undefined) => problems.push(sentence)
    watches.push(watchEndpointSlices({ api, namespace: namespace.name, service, changed, problem }))
    return { states, problems }
  }

  const ready = (states: readonly State[]) => serviceEndpoints(states.at(-1)?.slices ?? [], 'grpc')

  const scale = (replicas: number) => namespace.kubectl('scale', 'deployment/server-echo', `--replicas=${replicas}`)

  async function startProxy(port: string): Promise<void> {
    proxy = await namespace.cluster.start(['proxy', `--port=${port}`])
    const [line] = await once(proxy.stdout as NodeJS.ReadableStream, 'data', { signal: AbortSignal.timeout(30_000) })
    url = `http://${/\d+\.\d+\.\d+\.\d+:\d+/.exec(String(line))?.[0]}`
  }

  /** The API as a pod of this service account reaches it: over TLS, with a token of its own. */
  async function asServiceAccount(name: string): Promise<KubernetesApi> {
    await namespace.kubectl('create', 'serviceaccount', name)
    const [tokenFile, caFile] = [join(folder, 'token'), join(folder, 'ca.crt')]
    await writeFile(tokenFile, await namespace.kubectl('create', 'token', name))
    const config = JSON.parse(await namespace.cluster.kubectl(['config', 'view', '--raw', '--minify', '-o', 'json']))
    const { server, 'certificate-authority-data': ca, 'certificate-authority': file } = config.clusters[0].cluster
    if (ca) await writeFile(caFile, Buffer.from(ca, 'base64'))
    return new KubernetesApi({ url: server, tokenFile, caFile: ca ? caFile : file })
  }
})
