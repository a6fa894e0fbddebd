import { ServerCredentials } from '@grpc/grpc-js'
import { hostAndPort } from '../../../scripts/lib/address.ts'
import { AdsServer } from '../../../services/echo/src/lookaside/ads/ads-server.ts'
import { cluster } from '../../../services/echo/src/lookaside/resources/cluster.ts'
import { apiListener } from '../../../services/echo/src/lookaside/resources/listener.ts'
import { loadAssignment } from '../../../services/echo/src/lookaside/resources/load-assignment.ts'
import { type Resource, resource } from '../../../services/echo/src/lookaside/resources/resource.ts'

/** A control plane unlike ours, in that it routes by regular expression: only methods that match reach the servers. */
export async function startRegularExpressionRoutes(name: string, regex: string, servers: readonly string[]) {
  const ignore = () => {}
  const observer = { pushed: ignore, refused: ignore, unknownType: ignore, unserved: ignore, delivered: ignore }
  const server = new AdsServer({ keepaliveTimeSeconds: 0, keepaliveTimeoutSeconds: 0 }, observer)
  const routes = [{ match: { safe_regex: { regex } }, route: { cluster: name } }]
  const endpoints = servers.map((address) => {
    const { host, port } = hostAndPort(address)
    return { addresses: [host], port, zone: '', nodeName: '', pod: address }
  })
  const one = (told: Resource) => new Map([[told.name, told]])
  const view = {
    cds: one(cluster(name, { name: 'round_robin', settings: {} })),
    eds: one(loadAssignment(name, [endpoints], { localities: 'none', zoneWeights: {} }, '')),
    lds: one(apiListener(name)),
    rds: one(resource('rds', name, { name, virtual_hosts: [{ name, domains: ['*'], routes }] })),
  }
  const address = await server.listen({ listen: '127.0.0.1:0', credentials: ServerCredentials.createInsecure() })
  server.publish({ view: () => view, endpoints: new Map() }, undefined)
  return { address, close: () => server.close(0) }
}
