import { credentials, experimental as grpc, Metadata, status } from '@grpc/grpc-js'
import { afterEach, beforeEach, expect, it } from 'vitest'
import {
  type AttemptObserver,
  observedMetadata,
  tracedServiceConfig,
} from '../../../services/echo/src/tracing/traced-policy.ts'
import { EchoClient } from '../../../services/echo/src/wire.ts'
import { type EchoPod, startPod } from '../../support/echo-pod.ts'

/** A policy that watches its own picks, as outlier detection does. */
const told: string[] = []
class Watching extends grpc.ChildLoadBalancerHandler {
  constructor(parent: grpc.ChannelControlHelper) {
    const updateState: grpc.ChannelControlHelper['updateState'] = (state, picker, error) =>
      parent.updateState(state, { pick: (args) => watched(picker.pick(args)) }, error)
    super(grpc.createChildChannelControlHelper(parent, { updateState }))
  }

  override updateAddressList(...[endpoints, , options, note]: Parameters<grpc.LoadBalancer['updateAddressList']>) {
    return super.updateAddressList(endpoints, grpc.parseLoadBalancingConfig({ round_robin: {} }), options, note)
  }
}
const watched = (result: grpc.PickResult): grpc.PickResult =>
  result.pickResultType === grpc.PickResultType.COMPLETE
    ? { ...result, onCallStarted: () => told.push('started'), onCallEnded: (code) => told.push(`ended ${code}`) }
    : result
class WatchingConfig implements grpc.TypedLoadBalancingConfig {
  static createFromJson = () => new WatchingConfig()
  getLoadBalancerName = () => 'watching'
  toJsonObject = () => ({ watching: {} })
}

let pods: EchoPod[]
let client: InstanceType<typeof EchoClient>
beforeEach(async () => {
  told.length = 0
  pods = await Promise.all(['echo-1', 'echo-2'].map((name) => startPod(name)))
})
afterEach(async () => {
  client.close()
  await Promise.all(pods.map((pod) => pod.stop()))
})

function open(config: object): void {
  const target = `ipv4:${pods.map(({ address }) => address).join(',')}`
  client = new EchoClient(target, credentials.createInsecure(), {
    'grpc.service_config': tracedServiceConfig(JSON.stringify(config)),
    'grpc.use_local_subchannel_pool': 1,
  })
}

/** Calls once; resolves to the pod, or the status. */
const hello = (metadata: Metadata, statusCode = 0) =>
  new Promise<string | undefined>((resolve) => {
    const deadline = Date.now() + 30_000
    client.hello({ behaviour: { statusCode } }, metadata, { deadline }, (error, reply) =>
      resolve(error ? status[error.code] : reply?.server?.pod),
    )
  })

/** Takes down what it hears, and sends a header of its own. */
function listener(heard: string[]): AttemptObserver {
  return {
    picked(address, pick, headers) {
      headers.set('x-pick', String(pick))
      heard.push(`picked ${pick} ${address}`)
      return {
        started: () => heard.push('started'),
        ended: (code, details) => heard.push(`ended ${status[code]} ${details}`),
      }
    },
  }
}

it('the policy below hears of its calls as before, and who listens to a call hears of its attempts', async () => {
  grpc.registerLoadBalancerType('watching', Watching, WatchingConfig)
  open({ loadBalancingConfig: [{ nonsense: {} }, { watching: {} }] })
  const heard: string[] = []
  const mine = observedMetadata(new Metadata(), listener(heard))
  expect(await hello(mine, status.NOT_FOUND)).toBe('NOT_FOUND')
  expect(told).toEqual(['started', 'ended 5'])
  expect(heard).toEqual([
    expect.stringMatching(/^picked 1 127\.0\.0\.1:\d+$/),
    'started',
    'ended NOT_FOUND asked for NOT_FOUND',
  ])
})

it('picks are numbered whoever listens, and those that nobody listens to are as they were', async () => {
  open({ loadBalancingConfig: [{ round_robin: {} }] })
  const heard: string[] = []
  const answers = [await hello(new Metadata()), await hello(observedMetadata(new Metadata(), listener(heard)))]
  expect(answers[0]).toMatch(/^echo-[12]$/)
  const address = pods.find(({ name }) => name === answers[1])?.address
  expect(heard).toEqual([`picked 2 ${address}`, 'started', 'ended OK OK'])
})

it('without a policy in its config a channel takes the first address, as gRPC does', async () => {
  open({})
  const answers = new Set<string | undefined>()
  for (let call = 0; call < 6; call++) answers.add(await hello(new Metadata()))
  expect(answers).toEqual(new Set(['echo-1']))
})

it('metadata keeps its headers and options, and the one that it was made of stays as it was', () => {
  const given = new Metadata({ waitForReady: true })
  given.set('x-user', 'ann')
  const copy = observedMetadata(given, listener([]))
  copy.set('x-more', '1')
  expect(copy.getMap()).toEqual({ 'x-user': 'ann', 'x-more': '1' })
  expect(copy.getOptions()).toEqual({ waitForReady: true })
  expect(given.getMap()).toEqual({ 'x-user': 'ann' })
})
