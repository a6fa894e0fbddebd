import { hostAndPort } from '../../../../../scripts/lib/address.ts'
import { typeUrl } from '../resource-types.ts'
import { sameStream } from './config-source.ts'
import { type Resource, resource } from './resource.ts'

const managerType = 'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager'
const routerType = 'envoy.extensions.filters.http.router.v3.Router'

/** What a gRPC client of `xds:///NAME` begins with: it has no socket, and leads to the route of the same name. */
export function apiListener(name: string): Resource {
  return resource('lds', name, { name, api_listener: { api_listener: connectionManager(name) } })
}

/** Whether it is a listener that Envoys open. They refuse those for gRPC clients, which ask for theirs by name. */
export const isSocketListener = (name: string): boolean => name.startsWith(envoyPrefix)

const envoyPrefix = 'envoy/'

/**
 * A socket that Envoys open, from which they route as gRPC clients do by themselves.
 * @param address such as 127.0.0.1:10000
 */
export function socketListener(service: string, address: string): Resource {
  const { host, port } = hostAndPort(address)
  const name = `${envoyPrefix}${service}`
  return resource('lds', name, {
    name,
    address: { socket_address: { address: host, port_value: port } },
    filter_chains: [
      {
        filters: [{ name: 'envoy.filters.network.http_connection_manager', typed_config: connectionManager(service) }],
      },
    ],
  })
}

function connectionManager(route: string): object {
  return {
    '@type': typeUrl(managerType),
    stat_prefix: route,
    rds: { config_source: sameStream, route_config_name: route },
    http_filters: [{ name: 'envoy.filters.http.router', typed_config: { '@type': typeUrl(routerType) } }],
    // Envoy would end a stream that is silent for five minutes.
    stream_idle_timeout: { seconds: 0 },
  }
}
