import type { Policy } from '../config/lookaside-config.ts'
import { typeUrl } from '../resource-types.ts'
import { sameStream } from './config-source.ts'
import { policyFields } from './load-balancing-policy.ts'
import { type Resource, resource } from './resource.ts'

const optionsType = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions'
const mostInUint32 = 4_294_967_295

/** A set of endpoints, which are asked for by the cluster's own name, and how calls spread over them. */
export function cluster(name: string, policy: Policy): Resource {
  return resource('cds', name, {
    name,
    type: 'EDS',
    eds_cluster_config: { eds_config: sameStream, service_name: name },
    connect_timeout: { seconds: 5 },
    ...policyFields(policy),
    // gRPC clients and Envoy would fail what is above 1024 calls at a time.
    circuit_breakers: {
      thresholds: [
        {
          max_connections: { value: mostInUint32 },
          max_pending_requests: { value: mostInUint32 },
          max_requests: { value: mostInUint32 },
          max_retries: { value: mostInUint32 },
        },
      ],
    },
    // Envoy speaks HTTP/1.1 unless it is told; gRPC clients pass over it.
    typed_extension_protocol_options: {
      'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
        '@type': typeUrl(optionsType),
        explicit_http_config: { http2_protocol_options: {} },
      },
    },
  })
}
