import { type Client, credentials, loadPackageDefinition, type ServiceError } from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import type { ClientConfigureRequest } from '../../../proto/generated/grpc/testing/ClientConfigureRequest.ts'
import type { LoadBalancerAccumulatedStatsResponse__Output as Accumulated } from '../../../proto/generated/grpc/testing/LoadBalancerAccumulatedStatsResponse.ts'
import type { LoadBalancerStatsRequest } from '../../../proto/generated/grpc/testing/LoadBalancerStatsRequest.ts'
import type { LoadBalancerStatsResponse__Output as Stats } from '../../../proto/generated/grpc/testing/LoadBalancerStatsResponse.ts'
import type { ProtoGrpcType } from '../../../proto/generated/load_balancer_stats.ts'
import { protoOptions } from '../../../services/echo/src/wire.ts'

/** What a driver of gRPC's interop tests asks of a client that runs with --stats-listen. */
export interface StatsClient {
  next(request: LoadBalancerStatsRequest): Promise<Stats>
  accumulated(): Promise<Accumulated>
  configure(request: ClientConfigureRequest): Promise<unknown>
  close(): void
}

export function statsClient(address: string): StatsClient {
  const loaded = loadPackageDefinition(loadSync('grpc/testing/load_balancer_stats.proto', protoOptions))
  const { testing } = (loaded as unknown as ProtoGrpcType).grpc
  const stats = new testing.LoadBalancerStatsService(address, credentials.createInsecure())
  const control = new testing.XdsUpdateClientConfigureService(address, credentials.createInsecure())
  const clients: Client[] = [stats, control]
  return {
    next: (request) => answered((callback) => stats.getClientStats(request, callback)),
    accumulated: () => answered((callback) => stats.getClientAccumulatedStats({}, callback)),
    configure: (request) => answered((callback) => control.configure(request, callback)),
    close: () => clients.forEach((client) => void client.close()),
  }
}

type Callback<Reply> = (error: ServiceError | null | undefined, reply?: Reply) => void

function answered<Reply>(call: (callback: Callback<Reply>) => void): Promise<Reply> {
  return new Promise((resolve, reject) => {
    call((error, reply) => (reply === undefined ? reject(error) : resolve(reply)))
  })
}
