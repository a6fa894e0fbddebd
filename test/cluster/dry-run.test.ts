import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { stringify } from 'yaml'
import { type Manifest, objectsIn, renderText, runTool } from '../chart/helm.ts'
import { valuesFiles } from '../chart/values-files.ts'
import { grafanaDashboards } from '../support/grafana-dashboards.ts'
import { linkerdPolicies } from '../support/linkerd-policies.ts'
import { whereThereIs } from '../support/where-there-is.ts'
import { provideCrds } from './support/crds.ts'
import { istioctlSays, whyNoIstioctl } from './support/istioctl.ts'
import { onCluster } from './support/on-cluster.ts'

onCluster('dry-run', (namespace) => {
  const { cluster } = namespace
  const brought: (() => Promise<unknown>)[] = []
  let served: string[]
  beforeAll(async () => {
    for (const definitions of [linkerdPolicies(), [grafanaDashboards()]]) {
      brought.push(await provideCrds(cluster, definitions))
    }
    served = (await cluster.kubectl(['api-resources', '--no-headers']))
      .split('\n')
      .map((line) => kindOf(line.split(/\s+/)))
    await cluster.kubectl(['label', 'namespace', namespace.name, 'pod-security.kubernetes.io/warn=restricted'])
    // A namespace has no account for pods at first.
    await vi.waitFor(() => namespace.kubectl('get', 'serviceaccount', 'default'), { timeout: 30_000 })
  })
  afterAll(() => Promise.all(brought.map((remove) => remove())))

  it.for(['(defaults)', ...valuesFiles])(
    'the API server takes what is rendered from %s, and warns of nothing',
    async (file, { skip }) => {
      const manifests = await rendered(file)
      const strange = kindsIn(manifests).filter((kind) => !served.includes(kind))
      skip(strange.length > 0 && !process.env.CI, `the cluster has no ${strange.join(' and no ')}`)
      const said = await serverSays(manifests)
      // There are containers of others in this one, which are less careful.
      if (file === 'test/chart/values/kubernetes.yaml')
        expect(said).toMatch(/^Warning: would violate PodSecurity .*\n$/)
      else expect(said).toBe('')
    },
  )

  it('the API server would say what is wrong', async () => {
    const said = await serverSays((await rendered('(defaults)')).replace('containerPort: 8080', 'containerPort: 80800'))
    expect(said).toMatch(/containerPort: Invalid value: 80800/)
  })

  /**
   * What the API server says against manifests that it is asked to take for the time being, warnings included, but for the one
   * that every EnvoyFilter gets.
   */
  async function serverSays(manifests: string): Promise<string> {
    const args = ['apply', '--dry-run=server', '-n', namespace.name, '-f', '-']
    return (await runTool('kubectl', args, manifests)).stderr.replace(/^.*EnvoyFilter exposes internal.*\n/m, '')
  }

  async function rendered(file: string): Promise<string> {
    const values = file === '(defaults)' ? [] : ['-f', file]
    const manifests = await renderText('x', [...values, '--set', `namespaceOverride=${namespace.name}`])
    // A control plane has its rights where the Services are that it tells of, and there are no such namespaces here.
    return manifests.replace(/^ {2}namespace: .*$/gm, `  namespace: ${namespace.name}`)
  }
})

whereThereIs('istioctl analyze', await whyNoIstioctl(), () => {
  // What values files name and others bring.
  const others = stringify({
    apiVersion: 'networking.istio.io/v1',
    kind: 'Gateway',
    metadata: { name: 'public', namespace: 'shop' },
    spec: {
      selector: { istio: 'ingressgateway' },
      servers: [{ port: { number: 80, name: 'grpc', protocol: 'GRPC' }, hosts: ['orders.example.com'] }],
    },
  })

  it.each(valuesFiles)('has nothing to say of what is rendered from %s', async (file) => {
    const manifests = await renderText('x', ['-f', file])
    const said = hasIstio(manifests) ? await istioctlSays(`${manifests}\n---\n${others}`) : []
    // What it says of every EnvoyFilter.
    expect(said.filter((line) => !/^Warning \[IST0133\] \(EnvoyFilter /.test(line))).toEqual([])
  })

  it('would say what is wrong', async () => {
    const said = await istioctlSays(await renderText('x', ['-f', 'test/chart/values/istio-policies.yaml']))
    expect(said.join('\n')).toContain('Referenced gateway not found: "public"')
  })
})

const hasIstio = (manifests: string): boolean => kindsIn(manifests).some((kind) => /^[a-z]+\.istio\.io\//.test(kind))

const kindsIn = (manifests: string): string[] => [
  ...new Set(objectsIn(manifests).map(({ apiVersion, kind }: Manifest) => `${apiVersion} ${kind}`)),
]

/** Of a line of `kubectl api-resources`, whose second column, short names, may be missing. */
const kindOf = (columns: string[]): string => `${columns.at(-3)} ${columns.at(-1)}`
