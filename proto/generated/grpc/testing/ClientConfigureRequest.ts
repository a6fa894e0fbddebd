// Original file: grpc/testing/load_balancer_stats.proto


export interface _grpc_testing_ClientConfigureRequest_Metadata {
  'type'?: (_grpc_testing_ClientConfigureRequest_RpcType);
  'key'?: (string);
  'value'?: (string);
}

export interface _grpc_testing_ClientConfigureRequest_Metadata__Output {
  'type': (_grpc_testing_ClientConfigureRequest_RpcType__Output);
  'key': (string);
  'value': (string);
}

// Original file: grpc/testing/load_balancer_stats.proto

export const _grpc_testing_ClientConfigureRequest_RpcType = {
  EMPTY_CALL: 'EMPTY_CALL',
  UNARY_CALL: 'UNARY_CALL',
} as const;

export type _grpc_testing_ClientConfigureRequest_RpcType =
  | 'EMPTY_CALL'
  | 0
  | 'UNARY_CALL'
  | 1

export type _grpc_testing_ClientConfigureRequest_RpcType__Output = typeof _grpc_testing_ClientConfigureRequest_RpcType[keyof typeof _grpc_testing_ClientConfigureRequest_RpcType]

export interface ClientConfigureRequest {
  /**
   * What to call: each type in every round.
   */
  'types'?: (_grpc_testing_ClientConfigureRequest_RpcType)[];
  /**
   * Sent with the calls of its type.
   */
  'metadata'?: (_grpc_testing_ClientConfigureRequest_Metadata)[];
  /**
   * Deadline of a call; 0: as the client was started with.
   */
  'timeoutSec'?: (number);
}

export interface ClientConfigureRequest__Output {
  /**
   * What to call: each type in every round.
   */
  'types': (_grpc_testing_ClientConfigureRequest_RpcType__Output)[];
  /**
   * Sent with the calls of its type.
   */
  'metadata': (_grpc_testing_ClientConfigureRequest_Metadata__Output)[];
  /**
   * Deadline of a call; 0: as the client was started with.
   */
  'timeoutSec': (number);
}
