import type { ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js'

/** A server as packages see it that add a service of their own. */
export interface ServiceHost {
  addService(service: ServiceDefinition, implementation: UntypedServiceImplementation): void
}

/** The part of a server's stream that is needed here. */
interface ServerStream {
  end(): void
  on(event: 'cancelled' | 'close', listener: () => void): unknown
}

/** Streams that are open. Whoever opened one keeps it for ever: a drain ends them, or it waits for them in vain. */
export class OpenStreams {
  private readonly ends = new Set<() => void>()

  /** @param end ends the stream as soon as that loses nothing. */
  add(end: () => void): void {
    this.ends.add(end)
  }

  delete(end: () => void): void {
    this.ends.delete(end)
  }

  endAll(): void {
    for (const end of this.ends) end()
  }

  /** Stands in for `server` where health and reflection add themselves: their streams are noted too. */
  notedOn(server: ServiceHost): ServiceHost {
    return {
      addService: (service, implementation) => {
        const handlers = Object.entries(implementation).map(([name, handler]) => {
          const streams = Object.values(service).some(
            (method) => method.responseStream && method.originalName?.toLowerCase() === name.toLowerCase(),
          )
          return [name, streams ? this.noting(handler as (call: ServerStream) => void) : handler]
        })
        server.addService(service, Object.fromEntries(handlers))
      },
    }
  }

  private noting(handler: (call: ServerStream) => void): (call: ServerStream) => void {
    return (call) => {
      const end = () => call.end()
      this.add(end)
      for (const event of ['cancelled', 'close'] as const) call.on(event, () => this.delete(end))
      handler(call)
    }
  }
}
