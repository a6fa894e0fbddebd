import { once } from 'node:events'
import { logVerbosity, setLogVerbosity } from '@grpc/grpc-js'
import { collectDefaultMetrics, Registry } from '@prometheus-io/client'
import packageJson from '../../../package.json' with { type: 'json' }
import { runCli } from '../../../scripts/lib/run-cli.ts'
import { startAdminServer } from './admin-server.ts'
import { type ClientConfig, type EchoConfig, echoCommand, type ServerConfig } from './config.ts'
import { DistributionView } from './distribution.ts'
import { createEchoClient, finish } from './echo-client.ts'
import { startEchoServer } from './echo-server.ts'
import { readIdentity } from './identity.ts'
import { callMetrics, methodsOf, serverInfoMetric } from './metrics.ts'
import { PeerMetrics } from './peer-metrics.ts'
import { stopServer } from './shutdown.ts'
import { CallDriver } from './stats/call-driver.ts'
import { type StatsServer, startStatsServer } from './stats/stats-server.ts'
import { stopSignal } from './stop-signal.ts'
import { Tally } from './tally.ts'

const { version } = packageJson
const tally = new Tally()
const registry = new Registry()

await runCli(echoCommand(version, run), process.argv.slice(2))

async function run(config: EchoConfig): Promise<void> {
  // grpc-js prints what it also throws; GRPC_VERBOSITY asks for more.
  if (process.env.GRPC_VERBOSITY === undefined) setLogVerbosity(logVerbosity.NONE)
  collectDefaultMetrics({ register: registry })
  if (config.mode === 'server') await serve(config)
  else await call(config)
}

async function serve(config: ServerConfig): Promise<void> {
  const stop = stopSignal()
  const identity = readIdentity(process.env, version)
  serverInfoMetric(registry, identity)
  const distribution = new DistributionView(tally, { role: 'server', name: identity.pod, judgeAs: 'random' }, 300)
  const admin = await startAdminServer(config.adminListen, { registry, ready: () => !stop.aborted, distribution })
  try {
    const running = await startEchoServer(config, { identity, tally, observe: callMetrics(registry, 'server') })
    console.log(`${identity.pod} serves gRPC on ${running.address}, admin on ${admin.url}`)
    process.send?.({ admin: admin.url })
    if (!stop.aborted) await once(stop, 'abort')
    console.log(`${identity.pod} stops: not ready, then GOAWAY, then up to ${config.drainSeconds} s for running calls`)
    const drained = await stopServer(running, config)
    console.log(`${identity.pod} stopped${drained ? '' : ': the calls still running were cut'}`)
  } finally {
    await admin.close()
  }
}

async function call(config: ClientConfig): Promise<void> {
  const stop = stopSignal()
  const say = config.output === 'text' ? console.log : console.error
  const peerMetrics = new PeerMetrics(registry, config.target)
  const observe = callMetrics(registry, 'client', methodsOf[config.method])
  const driver = config.statsListen === undefined ? undefined : new CallDriver()
  const client = createEchoClient(config, { tally, observe, peerMetrics, say, driver })
  const { policy, judge, judgeAs, connection, clientId } = client
  peerMetrics.describeChannel(registry, { policy, subchannels: () => connection.subchannels() })
  const of = { role: 'client', name: clientId, target: config.target, policy, judgeAs, peers: config.peers } as const
  const distribution = new DistributionView(tally, of, config.window, judge)
  const ready = () => connection.reachable === true
  const admin = await startAdminServer(config.adminListen, { registry, ready, distribution })
  say(`${clientId} calls ${config.target} with ${policy}, admin on ${admin.url}`)
  process.send?.({ admin: admin.url })
  let statsServer: StatsServer | undefined
  try {
    if (driver && config.statsListen !== undefined) {
      statsServer = await startStatsServer(config.statsListen, driver)
      say(`statistics and remote control of gRPC's interop tests on ${statsServer.address}`)
    }
    process.exitCode = await finish(await client.run(stop), config, say)
  } finally {
    statsServer?.close()
    await admin.close()
  }
}
