import { loadPackageDefinition } from '@grpc/grpc-js'
import { loadSync, type PackageDefinition } from '@grpc/proto-loader'
import type { LoadBalancerStatsServiceDefinition } from '../../../../proto/generated/grpc/testing/LoadBalancerStatsService.ts'
import type { XdsUpdateClientConfigureServiceDefinition } from '../../../../proto/generated/grpc/testing/XdsUpdateClientConfigureService.ts'
import type { ProtoGrpcType } from '../../../../proto/generated/load_balancer_stats.ts'
import { describable } from '../map-entries.ts'
import { protoOptions } from '../wire.ts'

/** The two services, for `Server#addService`, and what reflection tells of them. */
export interface StatsPackage {
  readonly statsService: LoadBalancerStatsServiceDefinition
  readonly configureService: XdsUpdateClientConfigureServiceDefinition
  readonly reflected: PackageDefinition
}

/** Reads the .proto file when somebody needs it: most clients do not. */
export function loadStatsPackage(): StatsPackage {
  const file = 'grpc/testing/load_balancer_stats.proto'
  const { grpc } = loadPackageDefinition(loadSync(file, protoOptions)) as unknown as ProtoGrpcType
  return {
    statsService: grpc.testing.LoadBalancerStatsService.service,
    configureService: grpc.testing.XdsUpdateClientConfigureService.service,
    reflected: describable(loadSync(file, { ...protoOptions, keepCase: true })),
  }
}
