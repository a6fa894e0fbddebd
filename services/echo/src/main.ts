import { once } from 'node:events'
import { logVerbosity, setLogVerbosity } from '@grpc/grpc-js'
import { Registry } from '@prometheus-io/client'
import type { FastifyInstance } from 'fastify'
import packageJson from '../../../package.json' with { type: 'json' }
import { runCli } from '../../../scripts/lib/run-cli.ts'
import { startAdminServer } from './admin-server.ts'
import { type ClientConfig, type EchoConfig, echoCommand, type LookasideConfig, type ServerConfig } from './config.ts'
import { callsRoute } from './controls/calls-route.ts'
import { obeyParent } from './controls/parent-messages.ts'
import { DistributionView } from './distribution.ts'
import { createEchoClient, finish } from './echo-client.ts'
import { startEchoServer } from './echo-server.ts'
import { readIdentity } from './identity.ts'
import { shownSockets, shownSubchannels } from './live/shown-connections.ts'
import { loadSource, StatedLoad } from './load-reports/load-source.ts'
import { utilizationRoute } from './load-reports/utilization-route.ts'
import { calledMethod, callMetrics, serverInfoMetric } from './metrics/call-metrics.ts'
import { channelMetrics } from './metrics/channel-metrics.ts'
import { exposeSubchannels } from './metrics/names/a66.ts'
import { PeerMetrics } from './metrics/peer-metrics.ts'
import { processMetrics } from './metrics/process-metrics.ts'
import { resolvedCount } from './metrics/resolved-count.ts'
import { ServerConnections } from './metrics/server-connections.ts'
import { lasts } from './pace.ts'
import { prepareTarget } from './prepare-target.ts'
import { isXds } from './resolved-addresses.ts'
import { stopServer } from './shutdown.ts'
import { CallDriver } from './stats/call-driver.ts'
import { type StatsServer, startStatsServer } from './stats/stats-server.ts'
import { stopSignal } from './stop-signal.ts'
import { Tally } from './tally.ts'
import { tracedProgram } from './tracing/traced-program.ts'
import { startTracing, type Tracing } from './tracing/tracing.ts'

const { version } = packageJson
const tally = new Tally()
const registry = new Registry()
let tracesEnded = true
let heldByXds = false

await runCli(echoCommand(version, run), process.argv.slice(2))
// What waits for a collector that hangs, or for a control plane, cannot be called off, and would hold the process.
if (!tracesEnded || heldByXds) process.exit()

async function run(config: EchoConfig): Promise<void> {
  // grpc-js prints what it also throws; GRPC_VERBOSITY asks for more.
  if (process.env.GRPC_VERBOSITY === undefined) setLogVerbosity(logVerbosity.NONE)
  processMetrics(registry)
  const tracing = await startTracing(tracedProgram(config, version, process.env), console.error)
  try {
    if (config.mode === 'lookaside') await lookAside(config)
    else if (config.mode === 'server') await serve(config, tracing)
    else await call(config, tracing)
  } finally {
    tracesEnded = await tracing.end(2)
  }
}

async function serve(config: ServerConfig, tracing: Tracing): Promise<void> {
  const stop = stopSignal()
  const identity = readIdentity(process.env, version)
  serverInfoMetric(registry, identity)
  const connections = new ServerConnections(registry, config.maxConnectionAgeSeconds)
  const of = { role: 'server', name: identity.pod, judgeAs: 'random' } as const
  const distribution = new DistributionView(tally, of, 300, undefined, () => shownSockets(connections.open()))
  const observe = callMetrics(registry, 'server', { names: config.metricNames })
  const load = loadSource(config.utilization, tally)
  const parts = { identity, tally, observe, tracing: tracing.server, load }
  // Loaded where it is wanted: its libraries are half as large as all the rest.
  const web = config.grpcWeb ? new (await import('./web/grpc-web.ts')).GrpcWeb(config, parts) : undefined
  const more = async (app: FastifyInstance) => {
    await web?.routes(app)
    if (load instanceof StatedLoad) await utilizationRoute(load)(app)
  }
  const ready = () => !stop.aborted
  const admin = await startAdminServer(config.adminListen, { registry, ready, distribution, more })
  try {
    const running = await startEchoServer(config, parts)
    connections.watch(running.address)
    console.log(`${identity.pod} serves gRPC on ${running.address}, admin on ${admin.url}`)
    process.send?.({ admin: admin.url })
    if (!stop.aborted) await once(stop, 'abort')
    console.log(`${identity.pod} stops: not ready, then GOAWAY, then up to ${config.drainSeconds} s for running calls`)
    const [drained] = await Promise.all([stopServer(running, config), web?.drain(config)])
    console.log(`${identity.pod} stopped${drained ? '' : ': the calls still running were cut'}`)
  } finally {
    await admin.close()
  }
}

/** Loaded where it is wanted: the descriptors of xDS are larger than all the rest. */
async function lookAside(config: LookasideConfig): Promise<void> {
  const { runLookaside } = await import('./lookaside/run-lookaside.ts')
  await runLookaside(config, registry)
}

async function call(config: ClientConfig, tracing: Tracing): Promise<void> {
  const stop = stopSignal()
  const say = config.output === 'text' ? console.log : console.error
  const peerMetrics = new PeerMetrics(registry, config.target)
  const { target, metricNames: names } = config
  const observe = callMetrics(registry, 'client', { methods: [calledMethod(config)], names, target })
  const driver = config.statsListen === undefined ? undefined : new CallDriver()
  heldByXds = isXds(target)
  await prepareTarget(config, say, stop)
  const client = createEchoClient(config, { tally, observe, peerMetrics, say, driver, tracing })
  const { policy, judge, judgeAs, connection, clientId, calls } = client
  const subchannels = () => connection.subchannels()
  peerMetrics.watch(subchannels)
  channelMetrics(registry, { target, policy, subchannels, resolved: resolvedCount(target, stop) })
  if (names.includes('a66')) exposeSubchannels(registry, target, subchannels)
  const of = { role: 'client', name: clientId, target: config.target, policy, judgeAs, peers: config.peers } as const
  const distribution = new DistributionView(tally, of, config.window, judge, () => shownSubchannels(subchannels()))
  const ready = () => connection.reachable === true
  // A client that ends by itself takes its page with it.
  const more = config.pageControls && lasts(config) ? callsRoute({ reachable: ready, calls, judge }, stop) : undefined
  const admin = await startAdminServer(config.adminListen, { registry, ready, distribution, more })
  obeyParent(calls, distribution)
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
