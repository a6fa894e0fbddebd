import { isGuess } from '../manifests/grpc-evidence.ts'
import { inboundBypass } from '../manifests/inbound-capture.ts'
import type { Model } from '../manifests/model.ts'
import type { Service, ServicePort } from '../manifests/service.ts'
import { portNumber } from '../manifests/workload.ts'
import type { Violation } from './manifest-rule.ts'
import { portPatch } from './patches.ts'

/** A port of a Service that speaks gRPC, with a sidecar of Istio's at one end of it at least. */
export interface IstioPort {
  readonly service: Service
  readonly port: ServicePort
  /** What shows that it speaks gRPC, as `its name is grpc`. */
  readonly evidence: string
  /** Whether it may speak something else after all. */
  readonly isGuess: boolean
  /** What tells Istio its protocol, as `is called tcp-orders`; undefined when nothing does. */
  readonly saying: string | undefined
}

/** Every port that speaks gRPC and that sidecars of Istio's stand before or behind. */
export function istioPorts(model: Model): IstioPort[] {
  return model.services.flatMap((service) => {
    const calls = model.callsTo(service)
    const ports = model.grpcPorts(service)
    if (ports.length === 0) return []
    const isCalledBySidecars = calls.some(({ client }) => model.meshOf(client) === 'istio')
    const seen = ports.filter((port) => isCalledBySidecars || isBehindSidecar(model, service, port))
    return seen.map((port) => {
      const said = model.speaksGrpc(service, port)
      return {
        service,
        port,
        evidence: said ?? 'a client calls it as gRPC',
        // What is named after a gateway, or after the web, often speaks HTTP in front of gRPC.
        isGuess: said !== undefined && (isGuess(said) || /gateway|gw|json|rest|web/i.test(port.name)),
        saying: sayingOf(port),
      }
    })
  })
}

const isBehindSidecar = (model: Model, { workloads }: Service, { targetPort }: ServicePort): boolean =>
  workloads.some(
    (workload) =>
      model.meshOf(workload) === 'istio' && inboundBypass(workload, portNumber(workload, targetPort)) === undefined,
  )

function sayingOf({ name, appProtocol, declared }: ServicePort): string | undefined {
  if (declared === undefined) return undefined
  return appProtocol === undefined ? `is called ${name}` : `has the appProtocol ${appProtocol}`
}

/** A port that is declared wrong: its place, and the declaration that is right. */
export const declaredWrong = ({ service, port }: IstioPort): Pick<Violation, 'object' | 'path' | 'patch'> => ({
  object: service.manifest,
  path: [...port.path, port.appProtocol === undefined ? 'name' : 'appProtocol'],
  patch: [portPatch(service, port, { appProtocol: 'grpc' })],
})
