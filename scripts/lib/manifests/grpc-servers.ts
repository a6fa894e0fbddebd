import { isGuess } from './grpc-evidence.ts'
import type { Model } from './model.ts'
import type { Service, ServicePort } from './service.ts'
import { type Container, containerWithPort, portNumber, type Workload } from './workload.ts'

/** A port at which a container answers gRPC. */
export interface GrpcServer {
  readonly workload: Workload
  readonly container: Container
  readonly number: number
  readonly service: Service
  /** What shows that it speaks gRPC, as `its name is grpc`. */
  readonly evidence: string
  /** Whether that is a convention alone, such as gRPC's usual port. */
  readonly isGuess: boolean
}

/** The servers of gRPC behind Services, each port of a container once. */
export function grpcServersIn(model: Model): GrpcServer[] {
  const servers = new Map<Container, GrpcServer[]>()
  for (const service of model.services) {
    for (const port of model.grpcPorts(service)) {
      for (const server of serversBehind(model, service, port)) {
        const known = servers.get(server.container) ?? []
        if (!known.some(({ number }) => number === server.number)) servers.set(server.container, [...known, server])
      }
    }
  }
  return [...servers.values()].flat()
}

function serversBehind(model: Model, service: Service, port: ServicePort): GrpcServer[] {
  const said = model.speaksGrpc(service, port)
  const evidence = said ?? 'a client calls it as gRPC'
  return service.workloads.flatMap((workload) => {
    const number = portNumber(workload, port.targetPort)
    const container = number === undefined ? undefined : containerOf(workload, number)
    if (number === undefined || container === undefined) return []
    return [{ workload, container, number, service, evidence, isGuess: said !== undefined && isGuess(said) }]
  })
}

/** A port need not be declared: where there is one container, it is that one's. */
const containerOf = (workload: Workload, number: number): Container | undefined =>
  containerWithPort(workload, number) ?? (workload.containers.length === 1 ? workload.containers[0] : undefined)
