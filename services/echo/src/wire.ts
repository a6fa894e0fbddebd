import { fileURLToPath } from 'node:url'
import { loadPackageDefinition, type ServiceDefinition } from '@grpc/grpc-js'
import { loadSync, type Options, type PackageDefinition } from '@grpc/proto-loader'
import { service as healthService } from 'grpc-health-check'
import type { ProtoGrpcType } from '../../../proto/generated/echo.ts'

/** How messages are decoded; scripts/generate-types.ts generates the types with the same flags. */
export const protoOptions: Options = {
  longs: Number,
  enums: String,
  defaults: true,
  oneofs: true,
  includeDirs: [fileURLToPath(new URL('../../../proto', import.meta.url))],
}

const echoProto = 'evenly/echo/v1/echo.proto'
const grpcObject = loadPackageDefinition(loadSync(echoProto, protoOptions)) as unknown as ProtoGrpcType

/** The typed client of the service `evenly.echo.v1.Echo`. */
export const EchoClient = grpcObject.evenly.echo.v1.Echo

/** The service for `Server#addService`. */
export const echoService: ServiceDefinition = EchoClient.service

export const echoServiceName = 'evenly.echo.v1.Echo'

/** The method Check of the service that tells the health of a server, gRPC's own. */
export const healthCheck = healthService.Check as ServiceDefinition[string]

export const healthServiceName = 'grpc.health.v1.Health'

/**
 * What reflection serves, with field names as the .proto file spells them. Health and channelz are served but not
 * described: proto-loader's descriptors of their maps and imports are refused by grpcurl.
 */
export const reflectedPackage: PackageDefinition = loadSync(echoProto, { ...protoOptions, keepCase: true })
