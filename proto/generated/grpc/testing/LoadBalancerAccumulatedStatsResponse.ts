// Original file: grpc/testing/load_balancer_stats.proto


export interface _grpc_testing_LoadBalancerAccumulatedStatsResponse_MethodStats {
  'rpcsStarted'?: (number);
  /**
   * gRPC status code to calls that ended with it.
   */
  'result'?: ({[key: number]: number});
}

export interface _grpc_testing_LoadBalancerAccumulatedStatsResponse_MethodStats__Output {
  'rpcsStarted': (number);
  /**
   * gRPC status code to calls that ended with it.
   */
  'result': ({[key: number]: number});
}

export interface LoadBalancerAccumulatedStatsResponse {
  /**
   * By what was called: EMPTY_CALL or UNARY_CALL.
   * @deprecated
   */
  'numRpcsStartedByMethod'?: ({[key: string]: number});
  /**
   * @deprecated
   */
  'numRpcsSucceededByMethod'?: ({[key: string]: number});
  /**
   * @deprecated
   */
  'numRpcsFailedByMethod'?: ({[key: string]: number});
  'statsPerMethod'?: ({[key: string]: _grpc_testing_LoadBalancerAccumulatedStatsResponse_MethodStats});
}

export interface LoadBalancerAccumulatedStatsResponse__Output {
  /**
   * By what was called: EMPTY_CALL or UNARY_CALL.
   * @deprecated
   */
  'numRpcsStartedByMethod': ({[key: string]: number});
  /**
   * @deprecated
   */
  'numRpcsSucceededByMethod': ({[key: string]: number});
  /**
   * @deprecated
   */
  'numRpcsFailedByMethod': ({[key: string]: number});
  'statsPerMethod': ({[key: string]: _grpc_testing_LoadBalancerAccumulatedStatsResponse_MethodStats__Output});
}
