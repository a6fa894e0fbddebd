import { credentials, logVerbosity, type Metadata, type ServiceError, setLogVerbosity } from '@grpc/grpc-js'
import { Registry } from '@prometheus-io/client'
import type { HelloRequest } from '../../proto/generated/evenly/echo/v1/HelloRequest.ts'
import type { HelloResponse__Output } from '../../proto/generated/evenly/echo/v1/HelloResponse.ts'
import { type EchoServer, startEchoServer } from '../../services/echo/src/echo-server.ts'
import { readIdentity } from '../../services/echo/src/identity.ts'
import { type LoadSource, loadSource } from '../../services/echo/src/load-reports/load-source.ts'
import { callMetrics, type EchoMethod, type ObservedCall } from '../../services/echo/src/metrics/call-metrics.ts'
import { Tally } from '../../services/echo/src/tally.ts'
import { EchoClient } from '../../services/echo/src/wire.ts'
import { serverConfig } from './echo-config.ts'

// As in the program itself: grpc-js prints what it also throws.
setLogVerbosity(logVerbosity.NONE)

/** A real server inside the test's own process. */
export interface EchoPod {
  readonly name: string
  /** `address:port`. */
  readonly address: string
  readonly running: EchoServer
  readonly tally: Tally
  readonly registry: Registry
  /** Undefined without `--utilization`. */
  readonly load: LoadSource | undefined
  /** The most calls that ran at a time. */
  mostAtOnce(): number
  stop(): Promise<void>
}

/** Starts `echo -s --listen ADDRESS ARGS` as pod `name`. */
export async function startPod(name: string, address = '127.0.0.1:0', args: readonly string[] = []): Promise<EchoPod> {
  const config = await serverConfig('--listen', address, ...args)
  const env = { POD_NAME: name, POD_IP: '10.0.0.7', NODE_NAME: 'node-1', POD_ZONE: 'zone-a', POD_VERSION: '1.2.3' }
  const [tally, registry] = [new Tally(), new Registry()]
  const { observe, mostAtOnce } = countingAtOnce(callMetrics(registry, 'server'))
  const load = loadSource(config.utilization, tally)
  const running = await startEchoServer(config, { identity: readIdentity(env, ''), tally, observe, load })
  const stop = async () => {
    const stopped = new Promise((resolve) => running.server.tryShutdown(resolve))
    running.server.forceShutdown()
    await stopped
  }
  return { name, address: running.address, running, tally, registry, load, mostAtOnce, stop }
}

/** A client with a connection of its own; close it after the test. */
export function openClient(address: string): InstanceType<typeof EchoClient> {
  return new EchoClient(address, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 })
}

/** What came of one call of Hello. */
export interface Answered {
  readonly reply: HelloResponse__Output | undefined
  readonly error: ServiceError | null
  /** Initial metadata. */
  readonly metadata: Metadata | undefined
}

/** Calls Hello once; resolves whatever the status. `onMetadata` hears that the server has the call. */
export function hello(
  client: InstanceType<typeof EchoClient>,
  request: HelloRequest,
  onMetadata: () => void = () => {},
): Promise<Answered> {
  return new Promise((resolve) => {
    let metadata: Metadata | undefined
    client
      .hello(request, { deadline: Date.now() + 90_000 }, (error, reply) => resolve({ reply, error, metadata }))
      .on('metadata', (received) => {
        metadata = received
        onMetadata()
      })
  })
}

function countingAtOnce(inner: (method: EchoMethod) => ObservedCall) {
  let now = 0
  let most = 0
  const observe = (method: EchoMethod): ObservedCall => {
    const observed = inner(method)
    most = Math.max(most, ++now)
    return {
      received: () => observed.received(),
      sent: () => observed.sent(),
      handled(code) {
        now--
        observed.handled(code)
      },
    }
  }
  return { observe, mostAtOnce: () => most }
}
