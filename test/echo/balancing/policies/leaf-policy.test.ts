import { type ChannelOptions, type Client, credentials } from '@grpc/grpc-js'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Connection } from '../../../../services/echo/src/connection.ts'
import { EchoClient } from '../../../../services/echo/src/wire.ts'
import { type EchoPod, hello, startPod } from '../../../support/echo-pod.ts'
import { EndpointList } from './endpoint-list.ts'
import { addressesOf, type Probe, probes } from './probe-policy.ts'

const waits = { timeout: 30_000, interval: 10 }
let list: EndpointList
let pods: EchoPod[] = []
let client: InstanceType<typeof EchoClient> | undefined

beforeEach(async () => {
  list = new EndpointList()
  probes.length = 0
  pods = await Promise.all(['a', 'b', 'c'].map((name) => startPod(name)))
})
afterEach(async () => {
  client?.close()
  client = undefined
  await Promise.all(pods.map((pod) => pod.stop()))
})

const probe = () => probes.at(-1) as Probe
const addresses = (...indexes: number[]) => indexes.map((index) => (pods[index] as EchoPod).address)
const until = (check: () => void) => vi.waitFor(check, waits)
const untilReady = (...indexes: number[]) =>
  until(() => expect([...probe().ready.keys()].toSorted()).toEqual(addresses(...indexes).toSorted()))

/** A channel that tries again soon, with a policy that is watched. */
function open(policies: object[] = [{ evenly_probe: {} }], options: ChannelOptions = {}) {
  client = new EchoClient(list.target, credentials.createInsecure(), {
    'grpc.service_config': JSON.stringify({ loadBalancingConfig: policies }),
    'grpc.use_local_subchannel_pool': 1,
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 200,
    ...options,
  })
  client.getChannel().getConnectivityState(true)
  return client
}

async function served(calls: number): Promise<string[]> {
  const names = new Set<string>()
  for (let call = 0; call < calls; call++) {
    const { reply, error } = await hello(client as InstanceType<typeof EchoClient>, {})
    names.add(error ? error.details : (reply?.server?.pod as string))
  }
  return [...names].toSorted()
}

describe('a policy of ours', () => {
  it('connects to every endpoint, and channelz shows each of them', async () => {
    open()
    list.say(addresses(0, 1, 2))
    await untilReady(0, 1, 2)
    expect(await served(60)).toEqual(['a', 'b', 'c'])
    const connection = new Connection(client as Client, () => {})
    const shown = connection.subchannels().map(({ address, state }) => `${address} ${state}`)
    expect(shown.toSorted()).toEqual(
      addresses(0, 1, 2)
        .map((address) => `${address} READY`)
        .toSorted(),
    )
    list.say(addresses(0))
    expect(connection.subchannels().map(({ address }) => address)).toEqual(addresses(0))
  })

  it('is CONNECTING until one endpoint is READY, and stays READY as long as one is', async () => {
    open()
    list.say([...addresses(0), '127.0.0.1:1'])
    await untilReady(0)
    const states = probe().said.filter((said) => said !== 'look up')
    expect(states.slice(0, states.indexOf('READY'))).toEqual(expect.arrayContaining(['CONNECTING']))
    expect(states.filter((state) => state !== 'CONNECTING' && state !== 'READY')).toEqual([])
    expect(await served(5)).toEqual(['a'])
  })

  it('keeps connections over updates, and opens and closes only those of endpoints that came and went', async () => {
    open()
    list.say(addresses(0, 1))
    await untilReady(0, 1)
    const kept = probe().ready.get((pods[1] as EchoPod).address)
    list.say(addresses(1, 2))
    await untilReady(1, 2)
    expect(probe().ready.get((pods[1] as EchoPod).address)).toBe(kept)
    expect(probe().lostPeers.map(addressesOf)).toEqual(addresses(0))
    expect(await served(40)).toEqual(['b', 'c'])
  })

  it('does not look up again when it is told of endpoints that went', async () => {
    open()
    list.say(addresses(0, 1, 2))
    await untilReady(0, 1, 2)
    const before = list.asked
    list.say(addresses(0))
    expect([...probe().ready.keys()]).toEqual(addresses(0))
    expect([list.asked, probe().said.filter((said) => said === 'look up')]).toEqual([before, []])
  })

  it('does nothing on an update that changes nothing, in whatever order it comes', async () => {
    open()
    const invoke = () => ({ methodConfig: { name: [] }, pickInformation: {}, status: 0, dynamicFilterFactories: [] })
    const selector = () => ({ invoke, unref() {} })
    list.say(addresses(0, 1), { attributes: { 'grpc.internal.config_selector': selector() } })
    await untilReady(0, 1)
    const [said, pickers] = [probe().said.length, probe().pickers.length]
    for (let time = 0; time < 5; time++) {
      const attributes = { 'grpc.internal.config_selector': selector(), 'grpc.internal.no_subchannel.x': time }
      list.say(addresses(1, 0), { attributes })
    }
    expect([probe().said.length, probe().pickers.length]).toEqual([said, pickers])
  })

  it('builds a picker when a weight changes, and takes none for 1', async () => {
    open()
    const [first, second] = addresses(0, 1) as [string, string]
    list.say([first, second], { weights: { [first]: 3 } })
    await untilReady(0, 1)
    const weights = () => [first, second].map((address) => probe().ready.get(address)?.weight)
    expect(weights()).toEqual([3, 1])
    const pickers = probe().pickers.length
    list.say([first, second], { weights: { [first]: 0, [second]: 2 } })
    expect([weights(), probe().pickers.length]).toEqual([[1, 2], pickers + 1])
  })

  it('takes an endpoint that is named twice, or of several addresses, for one', async () => {
    open()
    const dual = `${addresses(0)}+${addresses(1)}`
    const turned = `${addresses(1)}+${addresses(0)}`
    list.say([...addresses(2, 2), dual])
    await until(() => expect([...probe().ready.keys()].toSorted()).toEqual([...addresses(2), dual].toSorted()))
    const before = probe().said.length
    list.say([turned, ...addresses(2)])
    expect(probe().said.length).toBe(before)
  })

  it('takes other settings over without another connection', async () => {
    open()
    list.say(addresses(0, 1))
    await untilReady(0, 1)
    const [pickers, peers] = [probe().pickers.length, probe().pickers.at(-1)]
    list.say(addresses(0, 1), { policies: [{ evenly_probe: { choiceCount: 5 } }] })
    expect([probes.length, probe().pickers.length]).toEqual([1, pickers + 1])
    expect(probe().pickers.at(-1)).toEqual(peers)
    list.say(addresses(0, 1), { policies: [{ evenly_probe: { choiceCount: 5 } }] })
    expect(probe().pickers.length).toBe(pickers + 1)
  })

  it('connects anew where options of connections change', async () => {
    open()
    list.say(addresses(0))
    await untilReady(0)
    const caller = async () => {
      const { reply } = await hello(client as InstanceType<typeof EchoClient>, { behaviour: { tellCaller: true } })
      return reply?.callerAddress
    }
    const before = await caller()
    expect(await caller()).toBe(before)
    list.say(addresses(0), { attributes: { 'grpc.primary_user_agent': 'other' } })
    await vi.waitFor(async () => expect(await caller()).not.toBe(before), waits)
  })
})

describe('a policy of ours without endpoints', () => {
  it('fails calls with the reason of the look-up, until there is a list', async () => {
    open()
    list.fail('nobody knows shop')
    expect(await served(1)).toEqual(['nobody knows shop'])
    list.say(addresses(0))
    await untilReady(0)
    expect(await served(3)).toEqual(['a'])
  })

  it('keeps the endpoints it has while they cannot be looked up', async () => {
    open()
    list.say(addresses(0, 1))
    await untilReady(0, 1)
    const before = probe().said.length
    list.fail('nobody knows shop')
    expect(probe().said.length).toBe(before)
    expect(await served(30)).toEqual(['a', 'b'])
  })

  it('fails calls on an empty list, whether before or after a good one, and says so', async () => {
    open()
    list.say([])
    expect(await served(1)).toEqual(['No endpoints for evenly_probe'])
    list.say(addresses(0))
    await untilReady(0)
    list.say([])
    expect(await served(1)).toEqual(['No endpoints for evenly_probe'])
    expect(probe().lostPeers).toHaveLength(1)
    list.fail('nobody knows shop')
    expect(await served(1)).toEqual(['nobody knows shop'])
  })

  it('stays failed until a connection succeeds, tells why, and then serves', async () => {
    open()
    const [address] = addresses(0) as [string]
    await (pods[0] as EchoPod).stop()
    list.say([address])
    await until(() => expect(probe().said.at(-1)).toMatch(/^TRANSIENT_FAILURE/))
    expect(await served(1)).toEqual([
      expect.stringMatching(/^No connection established\. Last error: Error: connect ECONNREFUSED 127\.0\.0\.1:\d+/),
    ])
    const from = probe().said.length
    pods[0] = await startPod('a', address)
    await untilReady(0)
    expect(probe().said.slice(from)).not.toContain('CONNECTING')
    expect(await served(3)).toEqual(['a'])
  })
})

describe('a policy of ours whose endpoint goes away', () => {
  it('looks up again, does without it, and takes it back with the warmth of a new one', async () => {
    open()
    const [first, second] = addresses(0, 1) as [string, string]
    list.say([first, second])
    await untilReady(0, 1)
    const before = probe().ready.get(first)
    const since = before?.readySince as number
    const asked = list.asked
    await (pods[0] as EchoPod).stop()
    await untilReady(1)
    expect([before?.readySince, probe().lostPeers]).toEqual([undefined, [before]])
    expect(list.asked).toBeGreaterThan(asked)
    expect(await served(10)).toEqual(['b'])
    pods[0] = await startPod('a2', first)
    await untilReady(0, 1)
    expect(probe().ready.get(first)).toBe(before)
    expect(before?.readySince).toBeGreaterThan(since)
    expect(await served(40)).toEqual(['a2', 'b'])
  })

  it('connects to it again though nobody calls', async () => {
    open()
    const [first] = addresses(0) as [string]
    list.say(addresses(0, 1))
    await untilReady(0, 1)
    await (pods[0] as EchoPod).stop()
    await untilReady(1)
    pods[0] = await startPod('a2', first)
    await untilReady(0, 1)
  })

  it('says nothing more once it is destroyed, also while it connects', async () => {
    open()
    // Nobody answers there, so that the connection is tried until the end.
    list.say(['192.0.2.1:1', ...addresses(0)])
    await untilReady(0)
    const { said } = probe()
    client?.close()
    expect(probe().destroyed).toBe(true)
    const before = said.length
    // A leaf's own timer would speak 250 ms after it began to connect.
    await new Promise((resolve) => setTimeout(resolve, 600))
    expect(said.slice(before)).toEqual([])
  })

  it('says nothing of an endpoint that was dropped while it connected', async () => {
    open()
    list.say([...addresses(0), '192.0.2.1:1'])
    await untilReady(0)
    list.say(addresses(0))
    const [said, asked] = [probe().said.length, list.asked]
    await new Promise((resolve) => setTimeout(resolve, 600))
    expect([probe().said.length, list.asked]).toEqual([said, asked])
  })
})

describe('a policy of ours below others', () => {
  it('is made anew after the channel was idle', async () => {
    open([{ evenly_probe: {} }], { 'grpc.client_idle_timeout_ms': 1000 })
    list.say(addresses(0))
    await untilReady(0)
    expect(await served(1)).toEqual(['a'])
    await until(() => expect(probe().destroyed).toBe(true))
    expect(await served(2)).toEqual(['a'])
    expect(probes).toHaveLength(2)
  })

  it('does not pick endpoints that outlier detection has ejected, and takes them back', async () => {
    const outlierDetection = {
      interval: { seconds: 0, nanos: 200_000_000 },
      base_ejection_time: { seconds: 1, nanos: 0 },
      max_ejection_percent: 50,
      failure_percentage_ejection: { threshold: 50, minimum_hosts: 2, request_volume: 3 },
      child_policy: [{ evenly_probe: {} }],
    }
    open([{ outlier_detection: outlierDetection }])
    list.say(addresses(0, 1))
    await untilReady(0, 1)
    const call = (onlyPod: string) =>
      hello(client as InstanceType<typeof EchoClient>, { behaviour: { statusCode: 14, onlyPod } })
    // Nobody but the ejected one is out of the picker.
    await vi.waitFor(async () => {
      await Promise.all(Array.from({ length: 20 }, () => call('a')))
      expect([...probe().ready.keys()]).toEqual(addresses(1))
    }, waits)
    expect(await served(20)).toEqual(['b'])
    expect(probe().lostPeers.map(addressesOf)).toEqual(addresses(0))
    await untilReady(0, 1)
    await vi.waitFor(async () => expect(await served(20)).toEqual(['a', 'b']), waits)
  })
})
