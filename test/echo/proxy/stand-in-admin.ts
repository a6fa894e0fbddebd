import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { EnvoyClusters } from '../../../services/echo/src/proxy/envoy-clusters.ts'

/** What stands in for Envoy's admin page: no Envoy, only its form, as `envoy-1.40-clusters.json` holds it, with a test's numbers. */
export interface StandInAdmin {
  readonly url: string
  close(): Promise<void>
}

/** An endpoint as a test tells of it; what is left out is 0, and healthy. */
export interface ToldEndpoint {
  readonly calls?: number
  readonly connections?: number
  readonly health?: Readonly<Record<string, string | boolean>>
}

/** Cluster to `address:port` to what is told of it. */
export type ToldClusters = Readonly<Record<string, Readonly<Record<string, ToldEndpoint>>>>

/** Starts on loopback. @param answer what the page tells the reader number `read`, from 1; or its HTTP status, or a text. */
export async function startStandInAdmin(
  answer: (read: number) => ToldClusters | number | string | 'nothing, ever',
): Promise<StandInAdmin> {
  let reads = 0
  const server = createServer((request, response) => {
    const told = request.url === '/clusters?format=json' ? answer(++reads) : 404
    if (told === 'nothing, ever') return
    if (typeof told === 'number') response.writeHead(told).end()
    else response.end(typeof told === 'string' ? told : JSON.stringify(clustersOf(told)))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = async () => {
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close }
}

/** In Envoy's form: numbers are texts, and a 0 has no value. */
export function clustersOf(told: ToldClusters): EnvoyClusters {
  return {
    cluster_statuses: Object.entries(told).map(([name, endpoints]) => ({
      name,
      host_statuses: Object.entries(endpoints).map(([endpoint, { calls, connections, health }]) => ({
        address: { socket_address: socketAddress(endpoint) },
        stats: [
          { name: 'cx_total', ...(connections && { value: String(connections) }) },
          { name: 'rq_total', ...(calls && { value: String(calls) }) },
        ],
        health_status: health ?? { eds_health_status: 'HEALTHY' },
      })),
    })),
  }
}

function socketAddress(endpoint: string): { address: string; port_value: number } {
  const { hostname, port } = new URL(`tcp://${endpoint}`)
  return { address: hostname.replace(/^\[|\]$/g, ''), port_value: Number(port) }
}
