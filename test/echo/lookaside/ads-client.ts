import {
  type ClientDuplexStream,
  credentials,
  makeGenericClientConstructor,
  type ServiceError,
  type StatusObject,
} from '@grpc/grpc-js'
import {
  messageOf,
  type ResourceType,
  resourceTypeOf,
  typeUrl,
} from '../../../services/echo/src/lookaside/resource-types.ts'
import { adsService, adsServiceName, decode } from '../../../services/echo/src/lookaside/xds-protos.ts'
import { waitFor } from './wait-for.ts'

/** An answer as the client sees it. */
export interface Received {
  readonly type: ResourceType
  readonly version: string
  readonly nonce: string
  /** Decoded, by name. */
  readonly resources: ReadonlyMap<string, Record<string, unknown>>
}

interface Wire {
  readonly type_url: string
  readonly version_info: string
  readonly nonce: string
  readonly resources: readonly { readonly type_url: string; readonly value: Buffer }[]
}

/** What a request says, where it is not what follows from the last answer and the last request of its kind. */
export interface Asked {
  readonly names?: readonly string[]
  readonly nonce?: string
  readonly version?: string
  readonly refusal?: string
}

const AdsClientConstructor = makeGenericClientConstructor(adsService, adsServiceName)

/** A client of the discovery service that sends what it is told to, and nothing else. */
export class AdsClient {
  readonly received: Received[] = []
  status: StatusObject | undefined
  private readonly client: InstanceType<typeof AdsClientConstructor>
  private readonly call: ClientDuplexStream<object, Wire>
  private taken = 0
  private node: object | undefined
  private readonly names = new Map<string, readonly string[]>()
  private barriers = 0

  constructor(address: string, { id = 'test', zone }: { id?: string; zone?: string } = {}) {
    this.node = { id, locality: zone === undefined ? null : { zone } }
    const options = { 'grpc.use_local_subchannel_pool': 1, 'grpc.max_receive_message_length': -1 }
    this.client = new AdsClientConstructor(address, credentials.createInsecure(), options)
    const open = this.client.StreamAggregatedResources as unknown as () => ClientDuplexStream<object, Wire>
    this.call = open.call(this.client)
    this.call.on('data', (wire: Wire) => this.received.push(read(wire)))
    this.call.on('status', (status: StatusObject) => {
      this.status = status
    })
    this.call.on('error', (_error: ServiceError) => {})
  }

  /** Sends a request; with nothing said it accepts the last answer of the kind and goes on asking for the same. */
  ask(type: ResourceType, asked: Asked = {}): void {
    const last = this.received.findLast((one) => one.type === type)
    const {
      names = this.names.get(type) ?? [],
      nonce = last?.nonce ?? '',
      version = last?.version ?? '',
      refusal,
    } = asked
    this.names.set(type, names)
    this.request(typeUrl(messageOf[type]), { names, nonce, version, ...(refusal !== undefined && { refusal }) })
  }

  request(type_url: string, { names = [], nonce = '', version = '', refusal }: Asked = {}): void {
    const error_detail = refusal === undefined ? null : { code: 3, message: refusal }
    this.call.write({
      type_url,
      resource_names: names,
      response_nonce: nonce,
      version_info: version,
      error_detail,
      node: this.node,
    })
    this.node = undefined
  }

  /** The next answer that nobody has taken yet. */
  async next(): Promise<Received> {
    await waitFor(() => this.received.length > this.taken, 'an answer')
    return this.received[this.taken++] as Received
  }

  /**
   * The answers that nobody has taken, once the server has handled all that it was told before: one more name is asked for, which
   * is always answered.
   */
  async settled(by: 'eds' | 'rds' = 'rds'): Promise<Received[]> {
    const before = this.names.get(by) ?? []
    const barrier = `barrier-${++this.barriers}`
    const answered = () => this.received.filter(({ type }) => type === by).length
    const count = answered()
    this.ask(by, { names: [...before, barrier] })
    await waitFor(() => answered() > count, 'the server to be done')
    const rest = this.received.slice(this.taken, -1)
    this.taken = this.received.length
    this.ask(by, { names: before })
    return rest
  }

  pause(): void {
    this.call.pause()
  }

  resume(): void {
    this.call.resume()
  }

  close(): void {
    this.call.cancel()
    this.client.close()
  }
}

function read({ type_url, version_info: version, nonce, resources }: Wire): Received {
  const type = resourceTypeOf(type_url)
  if (type === undefined) throw new Error(`an answer of the unknown type ${type_url}`)
  const decoded = resources.map(({ value }) => decode(messageOf[type], value) as Record<string, unknown>)
  return { type, version, nonce, resources: new Map(decoded.map((one) => [String(one.name ?? one.cluster_name), one])) }
}
