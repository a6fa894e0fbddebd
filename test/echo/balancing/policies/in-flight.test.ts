import { credentials, experimental as grpc, Metadata, type ServiceError, status } from '@grpc/grpc-js'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Behaviour } from '../../../../proto/generated/evenly/echo/v1/Behaviour.ts'
import { EchoClient } from '../../../../services/echo/src/wire.ts'
import { type EchoPod, startPod } from '../../../support/echo-pod.ts'
import { EndpointList } from './endpoint-list.ts'
import { probes } from './probe-policy.ts'

const waits = { timeout: 30_000, interval: 10 }
const names = ['a', 'b', 'c']
/** Pods that keep their connections, and such that end them all the time. */
let calm: EchoPod[]
let pods: EchoPod[]
beforeAll(async () => {
  grpc.registerLoadBalancerType('evenly_dropping', Dropping, DroppingConfig)
  calm = await Promise.all(names.slice(0, 2).map((name) => startPod(name)))
  // Connections are sent GOAWAY all the time, and calls that last longer are cut off.
  const ageing = ['--max-connection-age-seconds', '0.4', '--max-connection-age-grace-seconds', '0.1']
  pods = await Promise.all(names.map((name) => startPod(name, '127.0.0.1:0', ageing)))
})
afterAll(() => Promise.all([...calm, ...pods].map((pod) => pod.stop())))
beforeEach(() => {
  probes.length = 0
})

const backoff = { initialBackoff: '0.01s', maxBackoff: '0.02s', backoffMultiplier: 1 }
const methodConfigs = {
  none: [],
  retries: [{ name: [{}], retryPolicy: { maxAttempts: 4, ...backoff, retryableStatusCodes: ['UNAVAILABLE'] } }],
  hedges: [
    { name: [{}], hedgingPolicy: { maxAttempts: 3, hedgingDelay: '0.005s', nonFatalStatusCodes: ['UNAVAILABLE'] } },
  ],
}

interface Channel {
  readonly client: InstanceType<typeof EchoClient>
  readonly list: EndpointList
}

function open(methodConfig: object[], policy = 'evenly_probe'): Channel {
  const list = new EndpointList()
  const config = { loadBalancingConfig: [{ [policy]: {} }], methodConfig }
  const client = new EchoClient(list.target, credentials.createInsecure(), {
    'grpc.service_config': JSON.stringify(config),
    'grpc.use_local_subchannel_pool': 1,
    'grpc.initial_reconnect_backoff_ms': 100,
  })
  return { client, list }
}

/** Drops every fourth of its child's picks, as a circuit breaker of xDS does. */
class Dropping extends grpc.ChildLoadBalancerHandler {
  constructor(parent: grpc.ChannelControlHelper) {
    let picks = 0
    const pick = (picker: grpc.Picker, args: grpc.PickArgs): grpc.PickResult => {
      const result = picker.pick(args)
      if (result.pickResultType !== grpc.PickResultType.COMPLETE || ++picks % 4 > 0) return result
      const dropped = { code: status.UNAVAILABLE, details: 'dropped', metadata: new Metadata() }
      const nothing = { subchannel: null, onCallStarted: null, onCallEnded: null }
      return { pickResultType: grpc.PickResultType.DROP, status: dropped, ...nothing }
    }
    const updateState: grpc.ChannelControlHelper['updateState'] = (state, picker, error) =>
      parent.updateState(state, { pick: (args) => pick(picker, args) }, error)
    super(grpc.createChildChannelControlHelper(parent, { updateState }))
  }

  override updateAddressList(...[endpoints, , options, note]: Parameters<grpc.LoadBalancer['updateAddressList']>) {
    const probe = grpc.parseLoadBalancingConfig({ evenly_probe: {} } as never)
    return super.updateAddressList(endpoints, probe, options, note)
  }
}

class DroppingConfig implements grpc.TypedLoadBalancingConfig {
  static createFromJson = () => new DroppingConfig()
  getLoadBalancerName = () => 'evenly_dropping'
  toJsonObject = () => ({ evenly_dropping: {} })
}

/** What a call meets: an error of the server, a delay, a cancel or a deadline before, while or after it is under way. */
interface Fate {
  readonly behaviour: Behaviour
  readonly cancelAfter: number | 'at once' | undefined
  readonly deadlineMilliseconds: number
  readonly authorizations: number
  readonly isStream: boolean
}

function call({ client }: Channel, fate: Fate): Promise<number> {
  return new Promise((resolve) => {
    const metadata = new Metadata()
    for (let at = 0; at < fate.authorizations; at++) metadata.add('authorization', `user ${at}`)
    const options = { deadline: Date.now() + fate.deadlineMilliseconds }
    const end = (error: ServiceError | null) => resolve(error?.code ?? status.OK)
    const begun = fate.isStream ? stream() : client.hello({ behaviour: fate.behaviour }, metadata, options, end)
    if (fate.cancelAfter === 'at once') begun.cancel()
    else if (fate.cancelAfter !== undefined) setTimeout(() => begun.cancel(), fate.cancelAfter)

    function stream() {
      const duplex = client.helloStream(metadata, options)
      duplex.on('data', () => {})
      duplex.on('error', () => {})
      duplex.on('status', ({ code }) => resolve(code))
      duplex.write({ behaviour: fate.behaviour })
      duplex.end()
      return duplex
    }
  })
}

const fates: fc.Arbitrary<Fate> = fc.record({
  behaviour: fc.record({
    delayMilliseconds: fc.constantFrom(0, 0, 1, 10, 600),
    statusCode: fc.constantFrom(0, 0, 0, status.UNAVAILABLE, status.INTERNAL),
  }),
  cancelAfter: fc.constantFrom(undefined, undefined, undefined, 'at once' as const, 0, 2, 8),
  deadlineMilliseconds: fc.constantFrom(-1, 0, 1, 3, 20, 30_000, 30_000, 30_000),
  authorizations: fc.constantFrom(0, 0, 0, 0, 1, 2),
  isStream: fc.boolean(),
})

describe('calls in flight', () => {
  it.each(['none', 'retries', 'hedges', 'drops'] as const)(
    'are none once all calls have ended, however they did; %s on top',
    async (onTop) => {
      const addresses = pods.map(({ address }) => address)
      const lists = fc.array(fc.subarray(addresses, { minLength: 0 }), { minLength: 1, maxLength: 4 })
      const property = fc.asyncProperty(
        fc.array(fates, { minLength: 20, maxLength: 40 }),
        lists,
        async (many, said) => {
          probes.length = 0
          const channel = open(
            methodConfigs[onTop === 'drops' ? 'none' : onTop],
            onTop === 'drops' ? 'evenly_dropping' : undefined,
          )
          channel.list.say(addresses)
          channel.client.getChannel().getConnectivityState(true)
          await vi.waitFor(() => expect(probes.at(-1)?.ready.size).toBeGreaterThan(0), waits)
          const step = Math.ceil(many.length / said.length)
          const ended = many.map(async (fate, index) => {
            // In groups, between which endpoints come and go.
            await new Promise((resolve) => setTimeout(resolve, Math.floor(index / step) * 15))
            if (index % step === 0) channel.list.say(said[Math.floor(index / step)] ?? [])
            return call(channel, fate)
          })
          await Promise.all(ended)
          await allEnded()
          channel.client.close()
        },
      )
      await fc.assert(property, { seed: 20_261_122, numRuns: 8 })
    },
    120_000,
  )

  it('are counted from the pick on, so that calls made in one go are spread, and not when they are given up', async () => {
    const channel = await openTo(calm)
    // Five and five may happen by chance, a quarter of the time.
    for (let time = 0; time < 8; time++) {
      const ended: Promise<unknown>[] = []
      const calls = Array.from({ length: 10 }, () => {
        const { promise, resolve } = Promise.withResolvers()
        ended.push(promise)
        return channel.client.hello({ behaviour: { delayMilliseconds: 60_000 } }, () => resolve(undefined))
      })
      await vi.waitFor(() => expect(inFlight()).not.toEqual([0, 0]), waits)
      expect(inFlight()).toEqual([5, 5])
      for (const call of calls) call.cancel()
      await Promise.all(ended)
      await allEnded()
    }
    channel.client.close()
  })

  it('are counted though credentials take their time, and those that fail are not', async () => {
    const asked: ((error: Error | null, metadata?: Metadata) => void)[] = []
    const slow = credentials.createFromMetadataGenerator((_, answer) => asked.push(answer))
    const channel = await openTo(calm.slice(0, 1))
    const begin = () => {
      const { promise, resolve } = Promise.withResolvers<number>()
      const behaviour = { delayMilliseconds: 60_000 }
      const end = (error: ServiceError | null) => resolve(error?.code ?? status.OK)
      return { ended: promise, call: channel.client.hello({ behaviour }, new Metadata(), { credentials: slow }, end) }
    }
    const wasPicked = async (times: number) => {
      await vi.waitFor(() => expect(asked).toHaveLength(times), waits)
      await pause()
      expect(inFlight()).toEqual([0])
    }
    const first = begin()
    await wasPicked(1)
    asked[0]?.(new Error('no token'))
    expect([await first.ended, inFlight()]).toEqual([status.UNKNOWN, [0]])
    const second = begin()
    await wasPicked(2)
    asked[1]?.(null, new Metadata())
    await vi.waitFor(() => expect(inFlight()).toEqual([1]), waits)
    second.call.cancel()
    expect(await second.ended).toBe(status.CANCELLED)
    await allEnded()
    channel.client.close()
  })

  it('do not keep a call that is refused between its pick and its start', async () => {
    const channel = await openTo(calm.slice(0, 1))
    const fate = { behaviour: {}, cancelAfter: undefined, deadlineMilliseconds: 60_000, isStream: false }
    expect(await call(channel, { ...fate, authorizations: 2 })).toBe(status.INTERNAL)
    await pause()
    expect(inFlight()).toEqual([0])
    channel.client.close()
  })
})

async function openTo(some: readonly EchoPod[]): Promise<Channel> {
  const channel = open([])
  channel.list.say(some.map(({ address }) => address))
  channel.client.getChannel().getConnectivityState(true)
  await vi.waitFor(() => expect(probes.at(-1)?.ready.size).toBe(some.length), waits)
  return channel
}

const inFlight = () => probes.flatMap(({ everReady }) => [...everReady].map(({ active }) => active))

/** Longer than a turn of the event loop, after which a pick that has not become a call does not count. */
const pause = () => new Promise((resolve) => setTimeout(resolve, 20))

/** A call that its caller has given up ends a little later. */
const allEnded = () => vi.waitFor(() => expect(inFlight()).toEqual(inFlight().map(() => 0)), waits)
