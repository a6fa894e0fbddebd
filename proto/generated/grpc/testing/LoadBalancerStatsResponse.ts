// Original file: grpc/testing/load_balancer_stats.proto


export interface _grpc_testing_LoadBalancerStatsResponse_MetadataByPeer {
  /**
   * One for each call.
   */
  'rpcMetadata'?: (_grpc_testing_LoadBalancerStatsResponse_RpcMetadata)[];
}

export interface _grpc_testing_LoadBalancerStatsResponse_MetadataByPeer__Output {
  /**
   * One for each call.
   */
  'rpcMetadata': (_grpc_testing_LoadBalancerStatsResponse_RpcMetadata__Output)[];
}

export interface _grpc_testing_LoadBalancerStatsResponse_MetadataEntry {
  'key'?: (string);
  'value'?: (string);
  'type'?: (_grpc_testing_LoadBalancerStatsResponse_MetadataType);
}

export interface _grpc_testing_LoadBalancerStatsResponse_MetadataEntry__Output {
  'key': (string);
  'value': (string);
  'type': (_grpc_testing_LoadBalancerStatsResponse_MetadataType__Output);
}

// Original file: grpc/testing/load_balancer_stats.proto

export const _grpc_testing_LoadBalancerStatsResponse_MetadataType = {
  UNKNOWN: 'UNKNOWN',
  INITIAL: 'INITIAL',
  TRAILING: 'TRAILING',
} as const;

export type _grpc_testing_LoadBalancerStatsResponse_MetadataType =
  | 'UNKNOWN'
  | 0
  | 'INITIAL'
  | 1
  | 'TRAILING'
  | 2

export type _grpc_testing_LoadBalancerStatsResponse_MetadataType__Output = typeof _grpc_testing_LoadBalancerStatsResponse_MetadataType[keyof typeof _grpc_testing_LoadBalancerStatsResponse_MetadataType]

export interface _grpc_testing_LoadBalancerStatsResponse_RpcMetadata {
  'metadata'?: (_grpc_testing_LoadBalancerStatsResponse_MetadataEntry)[];
}

export interface _grpc_testing_LoadBalancerStatsResponse_RpcMetadata__Output {
  'metadata': (_grpc_testing_LoadBalancerStatsResponse_MetadataEntry__Output)[];
}

export interface _grpc_testing_LoadBalancerStatsResponse_RpcsByPeer {
  'rpcsByPeer'?: ({[key: string]: number});
}

export interface _grpc_testing_LoadBalancerStatsResponse_RpcsByPeer__Output {
  'rpcsByPeer': ({[key: string]: number});
}

export interface LoadBalancerStatsResponse {
  /**
   * Calls that ended well, by the peer that names itself in the header `hostname`.
   */
  'rpcsByPeer'?: ({[key: string]: number});
  /**
   * Calls that did not.
   */
  'numFailures'?: (number);
  /**
   * The same by what was called: EmptyCall or UnaryCall.
   */
  'rpcsByMethod'?: ({[key: string]: _grpc_testing_LoadBalancerStatsResponse_RpcsByPeer});
  'metadatasByPeer'?: ({[key: string]: _grpc_testing_LoadBalancerStatsResponse_MetadataByPeer});
}

export interface LoadBalancerStatsResponse__Output {
  /**
   * Calls that ended well, by the peer that names itself in the header `hostname`.
   */
  'rpcsByPeer': ({[key: string]: number});
  /**
   * Calls that did not.
   */
  'numFailures': (number);
  /**
   * The same by what was called: EmptyCall or UnaryCall.
   */
  'rpcsByMethod': ({[key: string]: _grpc_testing_LoadBalancerStatsResponse_RpcsByPeer__Output});
  'metadatasByPeer': ({[key: string]: _grpc_testing_LoadBalancerStatsResponse_MetadataByPeer__Output});
}
