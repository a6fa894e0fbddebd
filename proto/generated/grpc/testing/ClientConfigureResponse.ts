// Original file: grpc/testing/load_balancer_stats.proto


export interface ClientConfigureResponse {
}

export interface ClientConfigureResponse__Output {
}
