import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

// resolver-api.ts SERVICE_PORT SLICES ENDPOINTS_PER_SLICE LISTEN_PORT: an API server as far as the EndpointSlices of a Service go. Sent a
// number it makes so many changes a second, each of one endpoint; sent `count` it tells how many it has made.
const [servicePort = 0, slices = 0, endpointsPerSlice = 0, listenPort = 0] = process.argv.slice(2).map(Number)
const watches = new Set<ServerResponse>()
const all = Array.from({ length: slices }, (_, index) => newSlice(index))
let version = 1
let changes = 0
let owed = 0
let perSecond = 0

function newSlice(index: number) {
  const labels = { 'kubernetes.io/service-name': 'orders', 'endpointslice.kubernetes.io/managed-by': 'bench' }
  return {
    kind: 'EndpointSlice',
    apiVersion: 'discovery.k8s.io/v1',
    metadata: { name: `orders-${index}`, namespace: 'shop', resourceVersion: '1', labels },
    addressType: 'IPv4',
    endpoints: Array.from({ length: endpointsPerSlice }, (_, place) => newEndpoint(index, place)),
    ports: [{ name: 'grpc', protocol: 'TCP', port: servicePort }],
  }
}

function newEndpoint(slice: number, place: number) {
  const name = `orders-7f9c6d5b8-${slice}-${place}`
  return {
    addresses: [`127.${100 + slice}.0.${place + 1}`],
    conditions: { ready: true, serving: true, terminating: false },
    nodeName: `node-${place % 10}`,
    zone: `zone-${place % 3}`,
    targetRef: { kind: 'Pod', namespace: 'shop', name, uid: `2f0c7b8e-6a57-4c2d-9d51-${slice}-${place}` },
  }
}

/** A pod becomes unready, or ready again. */
function change(): void {
  const slice = all[changes % slices] as ReturnType<typeof newSlice>
  const endpoint = slice.endpoints[Math.floor(Math.random() * endpointsPerSlice)] as ReturnType<typeof newEndpoint>
  endpoint.conditions.ready = !endpoint.conditions.ready
  endpoint.conditions.serving = endpoint.conditions.ready
  slice.metadata.resourceVersion = String(++version)
  changes++
  const line = `${JSON.stringify({ type: 'MODIFIED', object: slice })}\n`
  for (const watch of watches) watch.write(line)
}

setInterval(() => {
  for (owed += perSecond / 100; owed >= 1; owed--) change()
}, 10)

const server = createServer((request, response) => {
  const query = new URL(request.url ?? '', 'http://api').searchParams
  response.setHeader('content-type', 'application/json')
  if (query.get('watch') !== 'true') {
    response.end(JSON.stringify({ metadata: { resourceVersion: String(version) }, items: all }))
    return
  }
  response.flushHeaders()
  watches.add(response)
  response.once('close', () => watches.delete(response))
})

server.listen(listenPort, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))

process.on('message', (message) => {
  if (typeof message === 'number') perSecond = message
  process.send?.(changes)
})
process.on('disconnect', () => process.exit(0))
