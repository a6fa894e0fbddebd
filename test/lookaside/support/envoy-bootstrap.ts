/** What an Envoy must be told before it can ask anybody. */
export interface EnvoyPlace {
  /** `address:port` of its control plane. */
  readonly controlPlane: string
  /** `address:port` of its own admin server. */
  readonly admin: string
  readonly zone: string
}

/** Configuration of an Envoy that has its listeners, routes, clusters and endpoints over one ADS stream. */
export function envoyBootstrap({ controlPlane, admin, zone }: EnvoyPlace): object {
  const ads = { ads: {}, resource_api_version: 'V3' }
  return {
    node: { id: 'envoy', cluster: 'test', locality: { zone } },
    admin: { address: socketAddress(admin) },
    dynamic_resources: {
      ads_config: {
        api_type: 'GRPC',
        transport_api_version: 'V3',
        grpc_services: [{ envoy_grpc: { cluster_name: 'lookaside' } }],
      },
      lds_config: ads,
      cds_config: ads,
    },
    static_resources: { clusters: [controlPlaneAt(controlPlane)] },
  }
}

function controlPlaneAt(address: string): object {
  const endpoint = { endpoint: { address: socketAddress(address) } }
  return {
    name: 'lookaside',
    type: 'STRICT_DNS',
    connect_timeout: '5s',
    load_assignment: { cluster_name: 'lookaside', endpoints: [{ lb_endpoints: [endpoint] }] },
    typed_extension_protocol_options: {
      'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
        '@type': 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
        explicit_http_config: { http2_protocol_options: {} },
      },
    },
  }
}

function socketAddress(text: string): object {
  const [address, port] = text.split(':')
  return { socket_address: { address, port_value: Number(port) } }
}
