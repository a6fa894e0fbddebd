import { describe, expect, it, vi } from 'vitest'
import { Cluster } from '../../../scripts/cluster/cluster.ts'
import { untilPublished } from '../../../scripts/cluster/endpoints.ts'
import type { Namespace } from '../../../scripts/cluster/namespace.ts'
import type { Pod } from '../../../scripts/cluster/pod.ts'
import { interrupted, unavailable } from '../../../scripts/lib/exit.ts'

const pods = [
  { name: 'a', ip: '10.0.0.1', release: 'echo' },
  { name: 'b', ip: '10.0.0.2', release: 'echo' },
] as Pod[]

const endpoint = (address: string, ready: boolean | undefined = true) => ({
  addresses: [address],
  conditions: { ready, serving: true, terminating: false },
})

/** As the endpoint slice controller makes it: it takes over the labels of the Service. */
const slice = (service: string, endpoints: object[] | null, labels: Record<string, string> = {}) => ({
  metadata: { labels: { 'kubernetes.io/service-name': service, 'app.kubernetes.io/instance': 'echo', ...labels } },
  addressType: 'IPv4',
  endpoints,
})
const both = [endpoint('10.0.0.1'), endpoint('10.0.0.2')]
const one = [endpoint('10.0.0.1')]

/** A namespace whose slices are one list after another, the last one for ever. */
function namespaceOf(...lists: readonly (readonly object[])[]) {
  const stop = new AbortController()
  const left = [...lists]
  const get = vi.fn(async (_path: string) => JSON.stringify({ items: left.length > 1 ? left.shift() : left[0] }))
  const cluster = Object.assign(new Cluster({ signal: stop.signal }), { get })
  const namespace = { name: 'evenly-x', cluster } as unknown as Namespace
  return { namespace, get, stop }
}

describe('untilPublished', () => {
  it('asks for the slices of the namespace, once when all pods are in them', async () => {
    const { namespace, get } = namespaceOf([slice('echo', both), slice('echo-headless', both)])
    await untilPublished(namespace, pods, 1)
    expect(get.mock.calls).toEqual([['/apis/discovery.k8s.io/v1/namespaces/evenly-x/endpointslices']])
  })

  it('takes the slices of a Service together', async () => {
    const { namespace } = namespaceOf([slice('echo', one), slice('echo', [endpoint('10.0.0.2')])])
    await untilPublished(namespace, pods, 0)
  })

  it('takes a pod for ready of which nothing is said', async () => {
    const { namespace } = namespaceOf([
      slice('echo', [endpoint('10.0.0.1'), { ...endpoint('10.0.0.2'), conditions: {} }]),
    ])
    await untilPublished(namespace, pods, 0)
  })

  it('waits for pods, for readiness, and for each Service', async () => {
    const { namespace, get } = namespaceOf(
      [],
      [slice('echo', null), slice('echo-headless', both)],
      [slice('echo', one), slice('echo-headless', both)],
      [slice('echo', [...one, endpoint('10.0.0.2', false)]), slice('echo-headless', both)],
      [slice('echo', both), slice('echo-headless', one)],
      [slice('echo', both), slice('echo-headless', both)],
    )
    await untilPublished(namespace, pods, 60)
    expect(get).toHaveBeenCalledTimes(6)
  })

  it('leaves Services of other releases, of Gateways and of control planes alone', async () => {
    const gateway = { 'gateway.networking.k8s.io/gateway-name': 'echo' }
    const { namespace } = namespaceOf([
      slice('echo', both),
      slice('other', [], { 'app.kubernetes.io/instance': 'other' }),
      slice('echo-istio', [endpoint('10.0.0.9')], gateway),
      slice('echo-lookaside', [endpoint('10.0.0.8')], { 'app.kubernetes.io/component': 'lookaside' }),
    ])
    await untilPublished(namespace, pods, 0)
  })

  it.each([
    ['the pod', [slice('echo', one)], 'pod b as an endpoint of Service echo was not published within 0 s'],
    ['the Service', [], 'any Service of release echo was not published within 0 s'],
  ])('names %s that is missing when the time is over', async (_, slices, sentence) => {
    const { namespace } = namespaceOf(slices)
    await expect(untilPublished(namespace, pods, 0)).rejects.toThrow(unavailable(sentence))
  })

  it('rejects at once with what the signal was aborted with', async () => {
    const { namespace, stop, get } = namespaceOf([slice('echo', one)])
    const reason = interrupted('ended by SIGINT')
    const waiting = untilPublished(namespace, pods, 60).catch((error) => error)
    await vi.waitFor(() => expect(get).toHaveBeenCalled())
    stop.abort(reason)
    expect(await waiting).toBe(reason)
    expect(get.mock.calls.length).toBeLessThan(4)
  })
})
