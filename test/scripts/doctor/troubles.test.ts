import { describe, expect, it } from 'vitest'
import type { Diagnosis } from '../../../scripts/cluster/doctor/diagnosis.ts'
import { headline, stateOf } from '../../../scripts/cluster/doctor/headline.ts'
import type { Content } from '../../../scripts/lib/manifests/manifest.ts'
import { counters, diagnosed, recorded } from './recorded-cluster.ts'

const grown = recorded('grown')
const broken = recorded('broken')
const mesh = recorded('mesh')

const rulesOf = ({ findings }: Diagnosis, severity?: string): string[] =>
  findings.filter((finding) => severity === undefined || finding.severity === severity).map(({ rule }) => rule)

describe('a Service that was scaled up', () => {
  // Its pods by name: the second is the one that was there first.
  const first = grown
    .filter(({ kind, metadata }) => kind === 'Pod' && !metadata.name.includes('client'))
    .toSorted((one, other) => (one.metadata.name < other.metadata.name ? -1 : 1))
    .reduce(
      (oldest, { metadata }, i, all) =>
        metadata.creationTimestamp < all[oldest].metadata.creationTimestamp ? i : oldest,
      0,
    )

  it('has starved pods where the one that was there first serves all', async () => {
    const calls = [0, 0, 0].with(first, 300)
    const { diagnosis } = await diagnosed(
      { objects: grown, pages: counters(grown, 'grown-echo', calls) },
      'grown-echo-headless',
    )
    expect(rulesOf(diagnosis, 'error')).toEqual(expect.arrayContaining(['uneven-calls', 'starved-pods']))
    expect(headline(diagnosis)).toMatch(
      /, because 2 of its 3 ready pods \(\S+, \S+\) were added after .+ \[starved-pods\]\.$/,
    )
  })

  it('has none where one of those that came later serves all', async () => {
    const calls = [0, 0, 0].with((first + 1) % 3, 300)
    const { diagnosis } = await diagnosed(
      { objects: grown, pages: counters(grown, 'grown-echo', calls) },
      'grown-echo-headless',
    )
    expect(rulesOf(diagnosis)).not.toContain('starved-pods')
    expect(stateOf(diagnosis)).toBe('pinned')
  })
})

describe('a Service without a ready endpoint', () => {
  it('says why, pods that crash alike together, with their last words', async () => {
    const pages = { '/log?': ["echo: unknown option '--nonsense'\n"] }
    const { diagnosis } = await diagnosed({ objects: broken, pages }, 'broken-echo')
    expect(headline(diagnosis)).toMatch(
      /^shop\/broken-echo has no ready endpoint, so every call to it fails: none of its 3 pods is ready: broken-echo-\S+, broken-echo-\S+, broken-echo-\S+: crashes again and again; it printed: echo: unknown option '--nonsense' \(Error, exit code 64\)\.$/,
    )
    expect(rulesOf(diagnosis, 'error')).toContain('no-endpoints')
  })

  it('says that the workload is scaled to 0, or that no pod has its labels', async () => {
    const isScaled = ({ kind }: Content) => kind === 'Deployment'
    const scaled = broken
      .filter(({ kind }) => kind !== 'Pod')
      .map((object) => (isScaled(object) ? { ...object, spec: { ...object.spec, replicas: 0 } } : object))
      .map((object) => (object.kind === 'EndpointSlice' ? { ...object, endpoints: null } : object))
    const idle = await diagnosed({ objects: scaled }, 'broken-echo')
    expect(headline(idle.diagnosis)).toContain(': it has no pod: Deployment broken-echo asks for 0.')
    const mislabelled = scaled.map((object) =>
      object.kind === 'Service' ? { ...object, spec: { ...object.spec, selector: { app: 'ordres' } } } : object,
    )
    const none = await diagnosed({ objects: mislabelled }, 'broken-echo', { port: 8080 })
    expect(headline(none.diagnosis)).toContain(': no pod has the labels of its selector (app=ordres).')
  })
})

describe('a Service in a mesh', () => {
  const pages = counters(mesh, 'mesh-echo', [100, 110, 105])

  it('is clean, and its membership is what its pods have', async () => {
    const { diagnosis } = await diagnosed({ objects: mesh, pages }, 'mesh-echo')
    expect(headline(diagnosis)).toMatch(/is even: .+; nothing is wrong that would show here\.$/)
    expect(diagnosis.live.callers.map(({ mesh }) => mesh)).toEqual(['istio'])
    expect(diagnosis.unseen).toContain(
      '1 Envoy beside callers could not be asked (--no-port-forward): what they know of the endpoints is missing',
    )
  })

  it('is not in a mesh that its namespace asks for, while its pods have no sidecar', async () => {
    const bare = mesh.map((object) => {
      if (object.kind !== 'Pod' || !object.metadata.name.includes('client')) return object
      const without = (list: Content[] = []) => list.filter(({ name }) => !name.startsWith('istio-'))
      const { containers, initContainers, ...spec } = object.spec
      return { ...object, spec: { ...spec, containers: without(containers), initContainers: without(initContainers) } }
    })
    const { diagnosis } = await diagnosed({ objects: bare, pages }, 'mesh-echo')
    expect(diagnosis.live.callers.map(({ mesh }) => mesh)).toEqual([undefined])
    expect(rulesOf(diagnosis, 'error')).not.toEqual([])
  })

  it('tells of pods that were left without a sidecar', async () => {
    const [one] = mesh.filter(({ kind, metadata }) => kind === 'Pod' && !metadata.name.includes('client'))
    const half = mesh.map((object) =>
      object === one
        ? { ...object, spec: { ...object.spec, containers: object.spec.containers.slice(0, 1), initContainers: [] } }
        : object,
    )
    const { diagnosis } = await diagnosed({ objects: half, pages }, 'mesh-echo')
    const found = diagnosis.findings.find(({ rule }) => rule === 'partly-meshed')
    expect(found?.message).toMatch(new RegExp(`^1 of 3 pods have no sidecar \\(${one?.metadata.name}\\); `))
  })
})
