import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  Client,
  connectivityState,
  credentials,
  experimental as grpc,
  Metadata,
  Server,
  ServerCredentials,
  status,
} from '@grpc/grpc-js'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { EchoHandlers } from '../../proto/generated/evenly/echo/v1/Echo.ts'
import { EchoClient, echoService } from '../../services/echo/src/wire.ts'
import { type EchoPod, hello, startPod } from '../support/echo-pod.ts'

// grpc-js: "Any API in that namespace may break in any minor version update". What the echo program uses of it stands here.
const values = {
  BackoffTimeout: 'function',
  CHANNEL_ARGS_CONFIG_SELECTOR_KEY: 'string',
  ChildLoadBalancerHandler: 'function',
  LeafLoadBalancer: 'function',
  PickResultType: 'object',
  QueuePicker: 'function',
  SUBCHANNEL_ARGS_EXCLUDE_KEY_PREFIX: 'string',
  UnavailablePicker: 'function',
  createCertificateProviderServerCredentials: 'function',
  createChildChannelControlHelper: 'function',
  createResolver: 'function',
  isLoadBalancerNameRegistered: 'function',
  parseLoadBalancingConfig: 'function',
  registerLoadBalancerType: 'function',
  registerResolver: 'function',
  statusOrFromError: 'function',
  statusOrFromValue: 'function',
  subchannelAddressToString: 'function',
}
const types = [
  'CertificateProvider',
  'ChannelControlHelper',
  'Endpoint',
  'GrpcUri',
  'IdentityCertificateUpdate',
  'IdentityCertificateUpdateListener',
  'LoadBalancer',
  'PickArgs',
  'PickResult',
  'Picker',
  'Resolver',
  'ResolverListener',
  'StatusOr',
  'SubchannelAddress',
  'SubchannelInterface',
  'TypedLoadBalancingConfig',
]
const root = resolve(import.meta.dirname, '../..')
const readJson = (...path: string[]) => JSON.parse(readFileSync(join(root, ...path), 'utf8'))

describe("grpc-js's experimental API", () => {
  it.each(['@grpc/grpc-js', '@grpc/grpc-js-xds'])(
    'is that of one version of %s, which is the one installed',
    (name) => {
      const { dependencies, devDependencies, peerDependencies } = readJson('package.json')
      const asked = [dependencies, devDependencies, peerDependencies].map((part) => part?.[name]).filter(Boolean)
      const wanted = [...new Set(asked)].join(' and ')
      const exact = 'its experimental API may break in any minor version: name one exactly, and run this file with it'
      expect(/^\d+\.\d+\.\d+$/.test(wanted), `package.json asks for ${name} ${wanted}, but ${exact}`).toBe(true)
      const { version } = readJson('node_modules', name, 'package.json')
      expect(version, `${name} ${version} is installed, but package.json asks for ${wanted}: run npm install`).toBe(
        wanted,
      )
    },
  )

  it.each(Object.entries(values))('has %s', (name, type) => {
    const found = typeof (grpc as Record<string, unknown>)[name]
    expect(found, `grpc-js has no ${name} any more, or another kind of one: find out what took its place`).toBe(type)
  })

  it('is used no further than this file holds', () => {
    const declared = readFileSync(join(root, 'node_modules/@grpc/grpc-js/build/src/experimental.d.ts'), 'utf8')
    for (const [name, file] of usedNames()) {
      const known = name in values || types.includes(name)
      expect(
        known,
        `${file} uses ${name} of grpc-js's experimental API: add it to this file, and hold how it behaves`,
      ).toBe(true)
      expect(new RegExp(`\\b${name}\\b`).test(declared), `grpc-js has no ${name} any more, and ${file} uses it`).toBe(
        true,
      )
    }
  })
})

/** Names of the experimental API with the file that uses them. */
function usedNames(): Map<string, string> {
  const folder = join(root, 'services/echo/src')
  const names = new Map<string, string>()
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  )) {
    const text = readFileSync(join(folder, file), 'utf8')
    const [, imported] = /import (?:type )?\{([^}]*)\} from '@grpc\/grpc-js'/s.exec(text) ?? []
    const [, as] = /\bexperimental(?: as (\w+))?/.exec(imported ?? '') ?? []
    if (!imported?.includes('experimental')) continue
    const use = new RegExp(`\\b${as ?? 'experimental'}\\.(\\w+)`, 'g')
    for (const [, name] of text.matchAll(use)) names.set(name as string, file)
  }
  return names
}

interface Watched {
  readonly leaf: grpc.LeafLoadBalancer
  readonly states: string[]
}

const heard: string[] = []
const watched: Watched[] = []
let header: string | undefined

/** The least that can be made of a leaf: nothing happens that the leaf does not do. */
class BareLeaf implements grpc.LoadBalancer {
  private readonly parent: grpc.ChannelControlHelper
  private leaf: grpc.LeafLoadBalancer | undefined

  constructor(parent: grpc.ChannelControlHelper) {
    this.parent = parent
  }

  updateAddressList(...[endpoints, , options, note]: Parameters<grpc.LoadBalancer['updateAddressList']>): boolean {
    const [endpoint] = endpoints.ok ? endpoints.value : []
    if (this.leaf || endpoint === undefined) return true
    const states: string[] = []
    const helper = grpc.createChildChannelControlHelper(this.parent, {
      updateState: (state, picker, error) => {
        states.push(connectivityState[state] as string)
        this.parent.updateState(state, { pick: (args) => listened(picker.pick(args), args) }, error)
      },
    })
    this.leaf = new grpc.LeafLoadBalancer(endpoint, helper, options, note)
    watched.push({ leaf: this.leaf, states })
    this.leaf.startConnecting()
    return true
  }

  exitIdle(): void {}
  resetBackoff(): void {}
  destroy(): void {
    this.leaf?.destroy()
  }
  getTypeName = () => 'evenly_bare_leaf'
}

function listened(result: grpc.PickResult, { metadata }: grpc.PickArgs): grpc.PickResult {
  if (result.pickResultType !== grpc.PickResultType.COMPLETE) return result
  heard.push('picked')
  queueMicrotask(() => heard.push('a microtask'))
  if (header) metadata.set('x-added', header)
  return {
    ...result,
    onCallStarted: () => void heard.push('started'),
    onCallEnded: (code, details) => void heard.push(`ended ${status[code]} ${details}`),
  }
}

class BareLeafConfig implements grpc.TypedLoadBalancingConfig {
  static createFromJson = () => new BareLeafConfig()
  getLoadBalancerName = () => 'evenly_bare_leaf'
  toJsonObject = () => ({ evenly_bare_leaf: {} })
}

describe('grpc-js, as the policies and the resolver need it,', () => {
  let pod: EchoPod
  let client: InstanceType<typeof EchoClient>
  beforeEach(async () => {
    grpc.registerLoadBalancerType('evenly_bare_leaf', BareLeaf, BareLeafConfig)
    heard.length = 0
    watched.length = 0
    header = undefined
    pod = await startPod('pod')
    client = open(pod.address)
  })
  afterEach(async () => {
    client.close()
    await pod.stop()
  })

  it('starts a call after it is picked, as soon as what it was picked in has ended, and ends it once', async () => {
    const { error } = await hello(client, { behaviour: { statusCode: status.NOT_FOUND } })
    expect(error?.code).toBe(status.NOT_FOUND)
    expect(heard).toEqual(['picked', 'a microtask', 'started', 'ended NOT_FOUND asked for NOT_FOUND'])
  })

  it('picks calls made in one go before it starts the first', async () => {
    await hello(client, {})
    heard.length = 0
    await Promise.all([hello(client, {}), hello(client, {}), hello(client, {})])
    const events = heard.filter((event) => event === 'picked' || event === 'started')
    expect(events).toEqual(['picked', 'picked', 'picked', 'started', 'started', 'started'])
  })

  it('sends with a call what the policy adds to the metadata it is shown', async () => {
    header = 'from the policy'
    const server = new Server()
    const answer: EchoHandlers['Hello'] = ({ metadata }, callback) =>
      callback(null, { message: metadata.get('x-added').join() })
    server.addService(echoService, { Hello: answer })
    const port = await new Promise((resolve) =>
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (_, bound) => resolve(bound)),
    )
    const other = open(`127.0.0.1:${port}`)
    expect((await hello(other, {})).reply?.message).toBe('from the policy')
    other.close()
    server.forceShutdown()
  })

  it('lets clones of metadata share their options', () => {
    const metadata = new Metadata({ waitForReady: true })
    expect(metadata.clone().getOptions()).toBe(metadata.getOptions())
  })

  it('lets a leaf that lost its connection rest until exitIdle', async () => {
    await hello(client, {})
    const { leaf, states } = watched[0] as Watched
    const { address } = pod
    await pod.stop()
    await vi.waitFor(() => expect(states.at(-1)).toBe('IDLE'), { timeout: 30_000 })
    pod = await startPod('pod', address)
    await sleep(500)
    expect([states.at(-1), leaf.getConnectivityState()]).toEqual(['IDLE', connectivityState.IDLE])
    leaf.exitIdle()
    await vi.waitFor(() => expect(states.at(-1)).toBe('READY'), { timeout: 30_000 })
    expect(states).toEqual(['CONNECTING', 'READY', 'IDLE', 'CONNECTING', 'READY'])
  })

  it('takes pick_first without a word where it does not know the policy', async () => {
    const other = new EchoClient(`ipv4:${pod.address}`, credentials.createInsecure(), {
      'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ nonsense: {} }] }),
    })
    expect((await hello(other, {})).reply?.server?.pod).toBe('pod')
    other.close()
    expect(() => grpc.parseLoadBalancingConfig({ nonsense: {} } as never)).toThrow('nonsense')
    expect(grpc.isLoadBalancerNameRegistered('nonsense')).toBe(false)
  })

  it('asks the policy to leave IDLE when a queue is picked from, after the pick', async () => {
    let asked = 0
    const policy = { exitIdle: () => void asked++ } as unknown as grpc.LoadBalancer
    const picker = new grpc.QueuePicker(policy)
    const args = { metadata: new Metadata(), extraPickInfo: {} }
    expect(picker.pick(args).pickResultType).toBe(grpc.PickResultType.QUEUE)
    expect(asked).toBe(0)
    picker.pick(args)
    await sleep(0)
    expect(asked).toBe(1)
  })

  it('fails calls with the status an UnavailablePicker was given', () => {
    const { pickResultType, status: failed } = new grpc.UnavailablePicker({ details: 'why' }).pick({
      metadata: new Metadata(),
      extraPickInfo: {},
    })
    expect(pickResultType).toBe(grpc.PickResultType.TRANSIENT_FAILURE)
    expect(failed).toMatchObject({ code: status.UNAVAILABLE, details: 'why' })
  })

  it('cannot take an answer of a resolver while it makes the resolver, but any time later', async () => {
    const endpoints = () => grpc.statusOrFromValue([{ addresses: [addressOf(pod.address)] }])
    class Hasty implements grpc.Resolver {
      private readonly listener: grpc.ResolverListener
      constructor({ path }: grpc.GrpcUri, listener: grpc.ResolverListener) {
        this.listener = listener
        if (path === 'at-once') listener(endpoints(), {}, null, '')
      }
      static getDefaultAuthority = () => 'hasty'
      updateResolution(): void {
        setImmediate(() => this.listener(endpoints(), {}, null, ''))
      }
      destroy(): void {}
    }
    grpc.registerResolver('evenly-hasty', Hasty)
    expect(() => new Client('evenly-hasty:at-once', credentials.createInsecure())).toThrow(TypeError)
    const later = new EchoClient('evenly-hasty:later', credentials.createInsecure())
    expect((await hello(later, {})).reply?.server?.pod).toBe('pod')
    later.close()
  })
})

/** A channel with the bare leaf for a policy. */
function open(address: string): InstanceType<typeof EchoClient> {
  return new EchoClient(`ipv4:${address}`, credentials.createInsecure(), {
    'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ evenly_bare_leaf: {} }] }),
    'grpc.use_local_subchannel_pool': 1,
    'grpc.initial_reconnect_backoff_ms': 100,
  })
}

function addressOf(text: string): grpc.SubchannelAddress {
  const [host = '', port] = text.split(':')
  return { host, port: Number(port) }
}
