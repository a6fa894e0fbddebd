import { setTimeout as sleep } from 'node:timers/promises'
import {
  type ChannelInterface,
  type Client,
  connectivityState,
  getChannelzHandlers,
  type ServiceError,
} from '@grpc/grpc-js'

/** A subchannel is one address that the client's policy knows, with or without a connection to it. */
export interface Subchannel {
  /** `address:port`. */
  readonly address: string
  readonly state: 'IDLE' | 'CONNECTING' | 'READY' | 'TRANSIENT_FAILURE' | 'SHUTDOWN' | 'UNKNOWN'
  /** How long it has been READY. */
  readonly readySeconds?: number
}

/** Watches a client's channel: says when it loses or finds its servers, and lets callers wait for either. */
export class Connection {
  /** Whether the last news of the channel was good; undefined before the first news. */
  reachable: boolean | undefined
  private readonly client: Client
  private readonly channel: ChannelInterface
  private readonly onChange: (reachable: boolean, reason: string) => void
  private waiting: (() => void)[] = []
  private closed = false

  /** @param onChange called once per change between reachable and not, with the reason when not. */
  constructor(client: Client, onChange: (reachable: boolean, reason: string) => void) {
    this.client = client
    this.channel = client.getChannel()
    this.onChange = onChange
    this.watch()
  }

  /** Resolves once the channel is ready, to true; to false when `signal` aborts first. */
  untilReachable(signal: AbortSignal): Promise<boolean> {
    if (this.reachable) return Promise.resolve(true)
    return new Promise((resolve) => {
      const abort = () => resolve(false)
      if (signal.aborted) return abort()
      signal.addEventListener('abort', abort, { once: true })
      this.waiting.push(() => {
        signal.removeEventListener('abort', abort)
        resolve(true)
      })
    })
  }

  /**
   * Resolves when no subchannel is still connecting, or after `limitSeconds`: calls counted from then on are spread
   * over every connection, not over the ones that happened to be ready first.
   */
  async untilSettled(limitSeconds: number, signal: AbortSignal): Promise<void> {
    const end = performance.now() + limitSeconds * 1000
    while (performance.now() < end && !signal.aborted && this.connecting()) await sleep(20)
  }

  /** What the policy knows of, read from this process's own channelz. */
  subchannels(): Subchannel[] {
    const { GetChannel, GetSubchannel } = getChannelzHandlers()
    const id = this.channel.getChannelzRef().id
    const { channel } = ask(GetChannel, { channel_id: String(id) })
    const references: { subchannel_id: string }[] = channel?.subchannel_ref ?? []
    return references.flatMap(({ subchannel_id }) => {
      const { subchannel } = ask(GetSubchannel, { subchannel_id: String(subchannel_id) })
      return subchannel ? [asSubchannel(subchannel.data)] : []
    })
  }

  close(): void {
    this.closed = true
    this.client.close()
  }

  private connecting(): boolean {
    const subchannels = this.subchannels()
    return subchannels.length === 0 || subchannels.some(({ state }) => state === 'CONNECTING')
  }

  private watch(): void {
    const state = this.channel.getConnectivityState(true)
    if (state === connectivityState.READY) this.found()
    if (state === connectivityState.TRANSIENT_FAILURE) this.lost()
    // A name that does not resolve is looked up again only when somebody asks, and then without a change of state to tell of.
    const limit = state === connectivityState.READY ? Number.POSITIVE_INFINITY : Date.now() + 1000
    this.channel.watchConnectivityState(state, limit, () => {
      if (!this.closed) this.watch()
    })
  }

  private found(): void {
    if (this.reachable !== true) this.onChange(true, '')
    this.reachable = true
    for (const resolve of this.waiting.splice(0)) resolve()
  }

  private lost(): void {
    if (this.reachable === false) return
    this.reachable = false
    // The channel does not tell why; a call that fails at once does. Health is what a stranger may ask of any server.
    const identity = (value: Buffer) => value
    this.client.makeUnaryRequest('/grpc.health.v1.Health/Check', identity, identity, Buffer.alloc(0), (error) => {
      if (error && !this.closed && this.reachable === false) this.onChange(false, reasonOf(error))
    })
  }
}

// biome-ignore lint/suspicious/noExplicitAny: the generated channelz types are not exported by grpc-js
function asSubchannel({ target, state: { state }, trace }: any): Subchannel {
  const became = trace.events.findLast(({ description }: { description: string }) => description.endsWith('to READY'))
  if (state !== 'READY' || became === undefined) return { address: target, state }
  const { seconds, nanos } = became.timestamp
  return { address: target, state, readySeconds: Date.now() / 1000 - seconds - nanos / 1e9 }
}

function reasonOf(error: ServiceError): string {
  const details = error.details.replace(/^No connection established\. Last error: (Error: )?/, '')
  return details.replace(/\.? Resolution note:.*$/, '') || error.message
}

// channelz handlers answer synchronously; their types want a whole server call for it.
// biome-ignore lint/suspicious/noExplicitAny: the generated channelz types are not exported by grpc-js
function ask(handler: (call: any, callback: (error: unknown, reply?: any) => void) => void, request: object): any {
  // biome-ignore lint/suspicious/noExplicitAny: as above
  let answer: any = {}
  handler({ request }, (_error, reply) => {
    answer = reply ?? {}
  })
  return answer
}
