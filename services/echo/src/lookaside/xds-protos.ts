import type { ServiceDefinition } from '@grpc/grpc-js'
import { loadSync, type MessageTypeDefinition } from '@grpc/proto-loader'
import { protoFolders } from './proto-folders.ts'

/** Every message and service that the control plane speaks. */
const definitions = loadSync(
  [
    'envoy/service/discovery/v3/ads.proto',
    'envoy/config/cluster/v3/cluster.proto',
    'envoy/config/endpoint/v3/endpoint.proto',
    'envoy/config/listener/v3/listener.proto',
    'envoy/config/route/v3/route.proto',
    'envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager.proto',
    'envoy/extensions/filters/http/router/v3/router.proto',
    'envoy/extensions/upstreams/http/v3/http_protocol_options.proto',
    'envoy/extensions/load_balancing_policies/wrr_locality/v3/wrr_locality.proto',
    'envoy/extensions/load_balancing_policies/least_request/v3/least_request.proto',
    'envoy/extensions/load_balancing_policies/client_side_weighted_round_robin/v3/client_side_weighted_round_robin.proto',
    'envoy/extensions/load_balancing_policies/round_robin/v3/round_robin.proto',
    'envoy/extensions/load_balancing_policies/pick_first/v3/pick_first.proto',
    'xds/type/v3/typed_struct.proto',
  ],
  { keepCase: true, longs: Number, enums: String, defaults: true, oneofs: true, includeDirs: protoFolders() },
)

/** The aggregated discovery service: all types of resources on one stream. */
export const adsService = service('envoy.service.discovery.v3.AggregatedDiscoveryService')

export const adsServiceName = 'envoy.service.discovery.v3.AggregatedDiscoveryService'

/** A message as it goes over the wire. Anything within it is written as `{'@type': URL, ...}`. */
export function encode(type: string, message: object): Buffer {
  return messageType(type).serialize(message)
}

/** The message in these bytes, with defaults where they say nothing. */
export function decode(type: string, bytes: Buffer): object {
  return messageType(type).deserialize(bytes)
}

function messageType(type: string): MessageTypeDefinition<object, object> {
  const definition = definitions[type]
  if (definition === undefined || !('serialize' in definition)) throw new Error(`no proto defines a message ${type}`)
  return definition as MessageTypeDefinition<object, object>
}

function service(name: string): ServiceDefinition {
  const definition = definitions[name]
  if (definition === undefined || 'format' in definition) throw new Error(`no proto defines a service ${name}`)
  return definition as unknown as ServiceDefinition
}
