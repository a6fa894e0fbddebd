import { Registry } from '@prometheus-io/client'
import { build } from 'hdr-histogram-js'
import { startAdminServer } from '../services/echo/src/admin-server.ts'
import { type EchoConfig, echoCommand } from '../services/echo/src/config.ts'
import { DistributionView } from '../services/echo/src/distribution.ts'
import { createEchoClient } from '../services/echo/src/echo-client.ts'
import { shownSubchannels } from '../services/echo/src/live/shown-connections.ts'
import { callMetrics } from '../services/echo/src/metrics/call-metrics.ts'
import { PeerMetrics } from '../services/echo/src/metrics/peer-metrics.ts'
import { Tally } from '../services/echo/src/tally.ts'

// An echo client with its admin server, calling at a fixed rate for ever. Sent `admin` it tells that server's address; sent
// `measure`, what its calls took since it was last asked, from when each was due, and the CPU that it has used meanwhile.
await echoCommand('bench', run).parseAsync(process.argv.slice(2), { from: 'user' })

async function run(config: EchoConfig): Promise<void> {
  if (config.mode !== 'client' || config.rps === undefined)
    throw new Error('the page is measured on a client with --rps')
  const milliseconds = 1000 / config.rps
  const latency = build({ highestTrackableValue: 600_000_000, numberOfSignificantValueDigits: 3 })
  const tally = new Tally()
  const registry = new Registry()
  const counted = callMetrics(registry, 'client', { methods: ['Hello'] })
  let firstAt: number | undefined
  let started = 0
  const observe: typeof counted = (method) => {
    firstAt ??= performance.now()
    const dueAt = firstAt + started++ * milliseconds
    const observed = counted(method)
    return {
      sent: () => observed.sent(),
      received: () => observed.received(),
      handled(...ended) {
        observed.handled(...ended)
        latency.recordValue(Math.max(1, Math.round((performance.now() - dueAt) * 1000)))
      },
    }
  }
  const peerMetrics = new PeerMetrics(registry, config.target)
  const client = createEchoClient(config, { tally, observe, peerMetrics, say: () => {} })
  const { clientId: name, policy, judge, judgeAs, connection } = client
  const of = { role: 'client', name, target: config.target, policy, judgeAs } as const
  const subchannels = () => shownSubchannels(connection.subchannels())
  const distribution = new DistributionView(tally, of, config.window, judge, subchannels)
  const admin = await startAdminServer('127.0.0.1:0', { registry, ready: () => true, distribution })
  let cpu = process.cpuUsage()
  process.on('disconnect', () => process.exit(0))
  process.on('message', (message) => {
    if (message === 'admin') return process.send?.(admin.url)
    const { user, system } = process.cpuUsage(cpu)
    const [p50, p99] = [50, 99].map((percentile) => latency.getValueAtPercentile(percentile) / 1000)
    process.send?.({ calls: latency.totalCount, p50, p99, cpuMicroseconds: user + system })
    latency.reset()
    cpu = process.cpuUsage()
    return undefined
  })
  process.send?.('ready')
  await client.run(new AbortController().signal)
}
