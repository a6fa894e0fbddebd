import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  type EndpointSlice,
  serviceNameLabel,
} from '../../services/echo/src/balancing/endpoint-slices/endpoint-slice.ts'
import { hostAndPort } from '../lib/address.ts'
import { VersionedObjects } from './versioned-objects.ts'

/** As much of the Kubernetes API as tells who the pods of a Service are: a stand-in for the lab alone. */
export interface EndpointSliceApi {
  /** Such as `http://127.0.0.1:41313`. */
  readonly url: string
  /** Makes these the ready pods of a Service; who watches it is told at once. */
  setPods(service: string, pods: readonly { readonly name: string; readonly address: string }[]): void
  close(): Promise<void>
}

/** The one namespace there is. */
export const labNamespace = 'lab'

const bookmarkMilliseconds = 30_000

/**
 * Starts on loopback: lists and watches EndpointSlices over HTTP, as the API server does.
 * @param port 0 for one of the system's choice.
 */
export async function startEndpointSliceApi(port = 0): Promise<EndpointSliceApi> {
  const slices = new VersionedObjects<EndpointSlice>()
  const server = createServer((request, response) => answer(slices, request, response))
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    setPods(service, pods) {
      slices.replace(
        (slice) => slice.metadata.labels?.[serviceNameLabel] === service,
        slicesOf(
          service,
          pods.map(({ name, address }) => ({ name, ...hostAndPort(address) })),
        ),
      )
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

interface Place {
  readonly name: string
  readonly host: string
  readonly port: number
}

/** A slice has one port for all its endpoints: pods that differ by port are told in one slice each. */
function slicesOf(service: string, places: readonly Place[]): EndpointSlice[] {
  const ports = [...new Set(places.map(({ port }) => port))]
  return ports.map((port) => ({
    metadata: { name: `${service}-${port}`, namespace: labNamespace, labels: { [serviceNameLabel]: service } },
    addressType: 'IPv4',
    ports: [{ name: 'grpc', port }],
    endpoints: places.filter((place) => place.port === port).map(endpointOf),
  }))
}

const endpointOf = ({ name, host }: Place) => ({
  addresses: [host],
  conditions: { ready: true, serving: true, terminating: false },
  targetRef: { kind: 'Pod', name },
})

function answer(
  slices: VersionedObjects<EndpointSlice>,
  { url = '' }: IncomingMessage,
  response: ServerResponse,
): void {
  const { pathname, searchParams } = new URL(url, 'http://lab')
  const [, namespace = labNamespace] =
    /^\/apis\/discovery\.k8s\.io\/v1(?:\/namespaces\/([^/]+))?\/endpointslices$/.exec(pathname) ?? [undefined, '']
  response.setHeader('content-type', 'application/json')
  if (namespace === '') {
    response.writeHead(404)
    response.end(statusOf(404, `the lab's API has no ${pathname}`))
    return
  }
  const wanted = ({ metadata }: EndpointSlice) =>
    metadata.namespace === namespace && matches(metadata.labels ?? {}, searchParams.get('labelSelector'))
  if (searchParams.get('watch') === 'true') watch(slices, wanted, searchParams, response)
  else {
    const { items, resourceVersion } = slices.list(wanted)
    response.end(JSON.stringify({ kind: 'EndpointSliceList', metadata: { resourceVersion }, items }))
  }
}

function watch(
  slices: VersionedObjects<EndpointSlice>,
  wanted: (slice: EndpointSlice) => boolean,
  searchParams: URLSearchParams,
  response: ServerResponse,
): void {
  const tell = (type: string, object: object) => response.write(`${JSON.stringify({ type, object })}\n`)
  response.flushHeaders()
  const from = Number(searchParams.get('resourceVersion') ?? 0)
  const stop = slices.watch(from, ({ type, object }) => wanted(object) && tell(type, object))
  if (stop === undefined) {
    tell('ERROR', JSON.parse(statusOf(410, 'too old resource version')))
    response.end()
    return
  }
  const bookmark = () =>
    tell('BOOKMARK', { kind: 'EndpointSlice', metadata: { resourceVersion: slices.list(wanted).resourceVersion } })
  const timer = setInterval(bookmark, bookmarkMilliseconds).unref()
  response.on('close', () => {
    clearInterval(timer)
    stop()
  })
}

/** Of a selector only what asks for equality is known here. */
function matches(labels: Readonly<Record<string, string>>, selector: string | null): boolean {
  const terms = selector?.split(',').filter(Boolean) ?? []
  return terms.every((term) => {
    const [label = '', value] = term.split(/==?/)
    return labels[label] === value
  })
}

const statusOf = (code: number, message: string): string => JSON.stringify({ kind: 'Status', code, message })
