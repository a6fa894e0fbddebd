import { experimental as grpc, type ServiceConfig, status } from '@grpc/grpc-js'

const lists = new Map<string, EndpointList>()
let numbered = 0

/** A name whose endpoints a test says, as a resolver of grpc-js. */
export class EndpointList {
  /** Target of a channel that gets these endpoints. */
  readonly target: string
  /** How often channels have asked for them to be looked up. */
  asked = 0
  private readonly listeners = new Set<grpc.ResolverListener>()
  private answer: Parameters<grpc.ResolverListener> | undefined

  constructor() {
    if (lists.size === 0) grpc.registerResolver('evenly-list', ListResolver)
    const name = `list-${++numbered}`
    this.target = `evenly-list:${name}`
    lists.set(name, this)
  }

  /**
   * Says them anew, weights beside addresses; at once, as a resolver must not within grpc-js's own calls.
   * @param beside what else is beside the addresses of each.
   * @param policies that the channel is to use from now on instead of its own.
   */
  say(addresses: readonly string[], { weights = {}, attributes = {}, beside = {}, policies }: Saying = {}): void {
    const endpoints = addresses.map((text) => {
      const addresses = text.split('+').map(addressOf)
      return { addresses, ...beside, ...(weights[text] !== undefined && { endpointWeight: weights[text] }) }
    })
    this.tell(grpc.statusOrFromValue<grpc.Endpoint[]>(endpoints), attributes, policies)
  }

  fail(details: string): void {
    this.tell(grpc.statusOrFromError({ code: status.UNAVAILABLE, details }))
  }

  lookUp(listener: grpc.ResolverListener): void {
    this.asked++
    const isNew = !this.listeners.has(listener)
    this.listeners.add(listener)
    const { answer } = this
    if (isNew && answer) setImmediate(() => this.listeners.has(listener) && listener(...answer))
  }

  forget(listener: grpc.ResolverListener): void {
    this.listeners.delete(listener)
  }

  private tell(endpoints: grpc.StatusOr<grpc.Endpoint[]>, attributes: object = {}, policies?: object[]): void {
    const config =
      policies && grpc.statusOrFromValue({ loadBalancingConfig: policies, methodConfig: [] } as ServiceConfig)
    const answer: Parameters<grpc.ResolverListener> = [endpoints, { ...attributes }, config ?? null, '']
    this.answer = answer
    for (const listener of this.listeners) listener(...answer)
  }
}

interface Saying {
  readonly weights?: Readonly<Record<string, number>>
  readonly attributes?: object
  readonly beside?: object
  readonly policies?: object[]
}

class ListResolver implements grpc.Resolver {
  private readonly list: EndpointList
  private readonly listener: grpc.ResolverListener

  constructor(target: grpc.GrpcUri, listener: grpc.ResolverListener) {
    this.list = lists.get(target.path) as EndpointList
    this.listener = listener
  }

  static getDefaultAuthority(): string {
    return 'list'
  }

  updateResolution(): void {
    this.list.lookUp(this.listener)
  }

  destroy(): void {
    this.list.forget(this.listener)
  }
}

function addressOf(text: string): grpc.SubchannelAddress {
  const at = text.lastIndexOf(':')
  return { host: text.slice(0, at), port: Number(text.slice(at + 1)) }
}
