import { describe, expect, it } from 'vitest'
import type { Cluster } from '../../../scripts/cluster/cluster.ts'
import type { LivePod } from '../../../scripts/cluster/doctor/live-pod.ts'
import type { PodPages } from '../../../scripts/cluster/doctor/pod-pages.ts'
import { type ProxyView, proxiesToAsk, viewOf } from '../../../scripts/cluster/doctor/proxy-view.ts'
import { proxySeesFewer } from '../../../scripts/cluster/doctor/rules/proxy-sees-fewer.ts'
import { trafficOf } from '../../../scripts/cluster/doctor/traffic.ts'
import { watchTraffic } from '../../../scripts/cluster/doctor/watch-traffic.ts'
import { diagnosed, recorded } from './recorded-cluster.ts'

const { live } = (await diagnosed({ objects: recorded('mesh') }, 'mesh-echo', { seconds: 0 })).diagnosis
const [first, second, third] = live.endpoints.map(({ address }) => address) as [string, string, string]

/** What Envoy's page says of so many calls to each endpoint; an endpoint of -1 is ejected, of undefined not known. */
const page = (calls: readonly (number | undefined)[], cluster = `outbound|8080||${live.service.host}`): string =>
  JSON.stringify({
    cluster_statuses: [
      {
        name: cluster,
        host_statuses: [first, second, third].flatMap((address, i) => {
          const count = calls[i]
          if (count === undefined) return []
          return [
            {
              address: { socket_address: { address, port_value: 8080 } },
              stats: [{ name: 'rq_total', value: String(Math.max(0, count)) }],
              health_status: { eds_health_status: 'HEALTHY', ...(count < 0 && { failed_outlier_check: true }) },
            },
          ]
        }),
      },
    ],
  })

const pagesOf = (...texts: readonly (string | undefined)[]): PodPages => {
  let i = 0
  return {
    get: async () => undefined,
    getForwarded: async (_: LivePod, port: number) =>
      port === 15000 ? texts[Math.min(i++, texts.length - 1)] : undefined,
  } as unknown as PodPages
}

const seen = async (text: string): Promise<ProxyView | undefined> =>
  viewOf(proxiesToAsk(live.callers)[0] as never, pagesOf(text))

describe("a caller's Envoy", () => {
  it('is asked where there is a sidecar', () => {
    expect(proxiesToAsk(live.callers).map(({ pod, port }) => [pod.name.replace(/-[^-]+-[^-]+$/, ''), port])).toEqual([
      ['mesh-echo-client', 15000],
    ])
  })

  it('tells which endpoints it knows, and what it sent there', async () => {
    expect(await seen(page([5, 6, -1]))).toMatchObject({
      endpoints: { [first]: true, [second]: true, [third]: false },
      calls: { [first]: 5, [second]: 6, [third]: 0 },
    })
    expect(await seen(page([5, 6, 7], 'outbound|8080||other.shop.svc.cluster.local'))).toBeUndefined()
    expect(await seen(page([5, 6, 7], `outbound|8080|v1|${live.service.host}`))).toMatchObject({
      calls: { [first]: 5 },
    })
  })

  it('has an endpoint that it would call in one of its subsets', async () => {
    const of = (text: string) => JSON.parse(text).cluster_statuses
    const both = [...of(page([1, 2, 3])), ...of(page([4, 5, -1], `outbound|8080|v1|${live.service.host}`))]
    expect(await seen(JSON.stringify({ cluster_statuses: both }))).toMatchObject({
      endpoints: { [third]: true },
      calls: { [first]: 5, [third]: 3 },
    })
  })

  it.each([
    ['knows all', [1, 1, 1], undefined],
    [
      'has ejected one',
      [1, -1, 1],
      /sends no calls to 1 of 3 ready endpoints \(mesh-echo-\S+\): 1 of them it knows and holds for unhealthy; see istioctl/,
    ],
    [
      'does not know two',
      [undefined, undefined, 1],
      /sends no calls to 2 of 3 ready endpoints \(.+\): it does not know them; /,
    ],
  ])('that %s', async (_, calls, message) => {
    const view = (await seen(page(calls))) as ProxyView
    const found = [...proxySeesFewer.check({ ...live, proxies: [view] })].map(({ reason, fix }) => `${reason}; ${fix}`)
    expect(found).toEqual(message === undefined ? [] : [expect.stringMatching(message)])
  })

  it('counts for pods that do not, and what it counted before is none of it', async () => {
    const cluster = { pause: async () => {} } as unknown as Cluster
    const pages = pagesOf(page([1000, 2000, 3000]), page([1000, 2064, 3000]))
    const { traffic, proxies, proxiesNotAsked } = await watchTraffic(cluster, pages, live.pods, live.callers, 5)
    expect(Object.values(traffic?.counts ?? {}).toSorted((a, b) => a - b)).toEqual([0, 0, 64])
    expect(traffic).toMatchObject({ requests: 64, isPartial: false, verdict: { verdict: 'pinned' } })
    expect(traffic?.countedBy).toMatch(/^the Envoy of mesh-echo-client-/)
    expect([proxies.length, proxiesNotAsked]).toEqual([1, 0])
  })

  it('that cannot be asked leaves nothing to tell', async () => {
    const cluster = { pause: async () => {} } as unknown as Cluster
    const watched = await watchTraffic(cluster, pagesOf(undefined), live.pods, live.callers, 5)
    expect(watched).toEqual({ traffic: undefined, proxies: [], proxiesNotAsked: 1 })
  })
})

describe('traffic', () => {
  it('is judged over every ready pod, those that served nothing too', () => {
    expect(trafficOf({ a: 100, b: 0, c: 0 }, 5, 'x', false).verdict.verdict).toBe('pinned')
    expect(trafficOf({ a: 34, b: 30, c: 36 }, 5, 'x', false).verdict.verdict).toBe('even')
  })
})
