import { isGuess } from '../../lib/manifests/grpc-evidence.ts'
import type { Manifest } from '../../lib/manifests/manifest.ts'
import { Model } from '../../lib/manifests/model.ts'
import type { Service, ServicePort } from '../../lib/manifests/service.ts'

/** A port of a Service that the user says speaks gRPC. */
export interface ToldPort {
  readonly namespace: string
  readonly service: string
  readonly port: number
}

/** A model that takes the user's word for one port. */
export function modelTold(objects: readonly Manifest[], told: ToldPort | undefined): Model {
  // What a subclass would keep in a field is not there yet while the model is being made.
  class ToldModel extends Model {
    override speaksGrpc(service: Service, port: ServicePort): string | undefined {
      const isTold = port.number === told?.port && service.name === told.service && service.namespace === told.namespace
      const evidence = super.speaksGrpc(service, port)
      return isTold && (evidence === undefined || isGuess(evidence)) ? '--port says so' : evidence
    }
  }
  return told === undefined ? new Model(objects) : new ToldModel(objects)
}
