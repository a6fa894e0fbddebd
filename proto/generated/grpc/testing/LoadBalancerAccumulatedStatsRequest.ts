// Original file: grpc/testing/load_balancer_stats.proto


export interface LoadBalancerAccumulatedStatsRequest {
}

export interface LoadBalancerAccumulatedStatsRequest__Output {
}
