import { type MethodDefinition, type Server, ServerMetricRecorder, type ServiceDefinition } from '@grpc/grpc-js'

/** What a server tells of its load: the fields of `xds.data.orca.v3.OrcaLoadReport` that balancing goes by. */
export interface LoadReport {
  /** The server's own measure of how busy it is; 1 is all it can do, more is overload, 0 is untold. */
  readonly application_utilization: number
  /** Part of its CPU time; 0 is untold. */
  readonly cpu_utilization: number
  /** Calls a second. */
  readonly rps_fractional: number
  /** Calls that fail, a second. */
  readonly eps: number
}

/** A duration of protobuf as grpc-js reads and writes it. */
export interface DurationMessage {
  readonly seconds: number | string
  readonly nanos: number
}

export interface LoadReportRequest {
  /** How often the client wants to hear; null: as the server likes. */
  readonly report_interval: DurationMessage | null
}

type StreamCoreMetrics = MethodDefinition<LoadReportRequest, LoadReport>

let service: { StreamCoreMetrics: StreamCoreMetrics } | undefined

/**
 * The service `xds.service.orca.v3.OpenRcaService`, by which a server streams load reports beside its calls (gRFC A51). grpc-js
 * has its .proto files and parses them when a server adds the service, so it is taken from there.
 */
export function orcaService(): ServiceDefinition & { StreamCoreMetrics: StreamCoreMetrics } {
  if (service === undefined) {
    const addService = (definition: ServiceDefinition) => {
      service = definition as unknown as { StreamCoreMetrics: StreamCoreMetrics }
    }
    new ServerMetricRecorder().addToServer({ addService } as Pick<Server, 'addService'> as Server)
  }
  return service as unknown as ServiceDefinition & { StreamCoreMetrics: StreamCoreMetrics }
}
