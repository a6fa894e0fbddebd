import type { Metadata, UntypedServiceImplementation } from '@grpc/grpc-js'
import type { ServiceHost } from './open-streams.ts'

/**
 * Stands in for `host` where health and reflection add themselves: their answers too say who gives them, so that a client
 * that knows nothing of Echo can tally them.
 * @param headers initial metadata of every answer.
 */
export function namedHost(host: ServiceHost, headers: Metadata): ServiceHost {
  return {
    addService: (service, implementation) => {
      const handlers = Object.entries(implementation).map(([name, handler]) => [name, saying(headers, handler)])
      host.addService(service, Object.fromEntries(handlers))
    },
  }
}

interface ServerCall {
  sendMetadata(headers: Metadata): void
}

function saying(headers: Metadata, handler: UntypedServiceImplementation[string]) {
  return (call: ServerCall, ...rest: unknown[]): void => {
    call.sendMetadata(headers)
    ;(handler as (...all: unknown[]) => void)(call, ...rest)
  }
}
