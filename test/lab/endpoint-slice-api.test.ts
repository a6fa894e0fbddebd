import { once } from 'node:events'
import { get } from 'node:http'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type EndpointSliceApi, startEndpointSliceApi } from '../../scripts/lab/endpoint-slice-api.ts'
import type { EndpointSlice } from '../../services/echo/src/balancing/endpoint-slices/endpoint-slice.ts'
import { KubernetesApi } from '../../services/echo/src/balancing/endpoint-slices/kubernetes-api.ts'
import { serviceEndpoints } from '../../services/echo/src/balancing/endpoint-slices/service-endpoints.ts'
import { watchEndpointSlices } from '../../services/echo/src/balancing/endpoint-slices/watch-endpoint-slices.ts'

const path = '/apis/discovery.k8s.io/v1/namespaces/lab/endpointslices'
const pods = (...addresses: string[]) => addresses.map((address, index) => ({ name: `pod-${index + 1}`, address }))

let api: EndpointSliceApi
beforeEach(async () => {
  api = await startEndpointSliceApi()
})
afterEach(() => api.close())

describe("the lab's API of EndpointSlices", () => {
  it('lists those of the Service that a selector names', async () => {
    api.setPods('orders', pods('127.0.0.1:80', '127.0.0.2:80'))
    api.setPods('carts', pods('127.0.0.3:80'))
    const selected = await list(`${path}?labelSelector=kubernetes.io/service-name%3Dorders`)
    expect(selected.items.map(({ metadata }) => metadata.name)).toEqual(['orders-80'])
    expect(selected.items[0]?.endpoints?.map(({ addresses }) => addresses)).toEqual([['127.0.0.1'], ['127.0.0.2']])
    expect((await list(path)).items).toHaveLength(2)
    expect((await list(path.replace('/namespaces/lab', ''))).items).toHaveLength(2)
    expect((await list(path.replace('lab', 'shop'))).items).toEqual([])
  })

  it('tells who watches what changed since the version it names, then everything at once', async () => {
    api.setPods('orders', pods('127.0.0.1:80'))
    const { metadata } = await list(path)
    api.setPods('orders', pods('127.0.0.1:80', '127.0.0.2:80'))
    const events = await watch(`${path}?watch=true&resourceVersion=${metadata.resourceVersion}`)
    expect(await events()).toMatchObject({ type: 'MODIFIED', object: { metadata: { name: 'orders-80' } } })
    api.setPods('orders', pods('127.0.0.1:80', '127.0.0.2:80'))
    api.setPods('carts', pods('127.0.0.3:80'))
    expect(await events()).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'carts-80' } } })
    api.setPods('carts', [])
    expect(await events()).toMatchObject({ type: 'DELETED', object: { metadata: { name: 'carts-80' } } })
  })

  it('tells who watches one Service nothing of another', async () => {
    const events = await watch(`${path}?watch=true&labelSelector=kubernetes.io/service-name%3Dorders`)
    api.setPods('carts', pods('127.0.0.3:80'))
    api.setPods('orders', pods('127.0.0.1:80'))
    expect(await events()).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'orders-80' } } })
  })

  it('sends who watches from a version it has forgotten back to the list', async () => {
    const { metadata } = await list(path)
    for (let port = 1; port <= 1200; port++) api.setPods('orders', pods(`127.0.0.1:${port}`))
    const events = await watch(`${path}?watch=true&resourceVersion=${metadata.resourceVersion}`)
    expect(await events()).toMatchObject({ type: 'ERROR', object: { code: 410 } })
  })

  it('says 404 to what it has not', async () => {
    const response = await fetch(`${api.url}/api/v1/pods`)
    expect([response.status, await response.json()]).toMatchObject([404, { kind: 'Status', code: 404 }])
  })

  it('is what the real resolver of endpoints understands, of pods that differ by address or by port', async () => {
    let known: readonly EndpointSlice[] = []
    const api_ = new KubernetesApi({ url: api.url })
    const told = (slices: readonly EndpointSlice[]) => {
      known = slices
    }
    const of = { api: api_, namespace: 'lab', service: 'orders', changed: told, problem: () => {} }
    const watching = watchEndpointSlices(of)
    const addresses = () =>
      serviceEndpoints(known, 'grpc').map(({ addresses: [host], port, pod }) => `${pod} ${host}:${port}`)
    api.setPods('orders', pods('127.0.0.1:80', '127.0.0.2:80'))
    await expect.poll(addresses).toEqual(['pod-1 127.0.0.1:80', 'pod-2 127.0.0.2:80'])
    api.setPods('orders', pods('127.0.0.1:80', '127.0.0.1:81'))
    await expect.poll(addresses).toEqual(['pod-1 127.0.0.1:80', 'pod-2 127.0.0.1:81'])
    watching.close()
  })
})

interface List {
  readonly metadata: { readonly resourceVersion: string }
  readonly items: readonly EndpointSlice[]
}

const list = async (of: string): Promise<List> => (await (await fetch(api.url + of)).json()) as List

/** Opens a watch; each call resolves to the next event. */
async function watch(of: string): Promise<() => Promise<unknown>> {
  const request = get(api.url + of)
  const [response] = await once(request, 'response')
  const lines = createInterface({ input: response })[Symbol.asyncIterator]()
  return async () => JSON.parse((await lines.next()).value ?? '')
}
