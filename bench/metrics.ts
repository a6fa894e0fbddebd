import { Registry } from '@prometheus-io/client'
import { chooseAddresses } from '../scripts/lab/addresses.ts'
import { tool } from '../scripts/lib/tools.ts'
import { callMetrics } from '../services/echo/src/metrics/call-metrics.ts'
import { PeerMetrics } from '../services/echo/src/metrics/peer-metrics.ts'
import { load, spread, startArm } from './arms.ts'
import type { Spent } from './metrics-arm.ts'

const rounds = 7
const secondsPerRound = 10

type Side = 'server' | 'client'

/**
 * What counting for /metrics costs: alone, and as a ratio of CPU time per call of a whole server and of a whole client. In a
 * process the counting is on and off by turns of 200 calls; every round is a fresh process.
 */
export async function benchMetrics(): Promise<void> {
  console.log(`counting alone: ${nanosecondsPerCall().toFixed(0)} ns a call, of a client, peers included\n`)
  const ghz = await tool('ghz')
  for (const side of ['server', 'client'] as const) {
    const ratios: number[] = []
    for (let round = 1; round <= rounds; round++) {
      const { on, off } = await measure(side, ghz)
      ratios.push(median(on) / median(off))
      const times = `on ${median(on).toFixed(1)}, off ${median(off).toFixed(1)} µs CPU per call`
      console.log(`${side} ${round}: ${times}, ratio ${ratios.at(-1)?.toFixed(3)}`)
    }
    console.log(`${side}: CPU per call, on / off: median ${spread(ratios, 3)}\n`)
  }
}

/** Of slices, some of which hold a collection of garbage or what a busy machine does to a process. */
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number

async function measure(side: Side, ghz: string): Promise<Spent> {
  const address = (await chooseAddresses(1)).server(0)
  const duration = ['--duration-seconds', String(secondsPerRound), '--concurrency', '50', '--quiet']
  const bare = side === 'client' ? await startArm('./bare-server.ts', address, [address]) : undefined
  const args = side === 'client' ? ['-h', address, ...duration] : ['-s', '--listen', address]
  const arm = await startArm('./metrics-arm.ts', address, args)
  const once = async () => {
    if (side === 'server') await load(ghz, arm, secondsPerRound)
    return (await arm.ask('spent')) as Spent
  }
  try {
    // The first time is for the compiler.
    await once()
    return await once()
  } finally {
    await Promise.all([arm.stop(), bare?.stop()])
  }
}

/** What all of a call's counting takes, in a loop of its own. */
function nanosecondsPerCall(): number {
  const registry = new Registry()
  const observe = callMetrics(registry, 'client')
  const peers = new PeerMetrics(registry, 'server:8080')
  const calls = 2_000_000
  const before = process.cpuUsage()
  for (let call = 0; call < calls; call++) {
    const observed = observe('Hello')
    observed.sent()
    const peer = peers.started('pod-1', '10.0.0.7:8080')
    observed.handled(0)
    observed.received()
    peer.end(0)
  }
  const { user, system } = process.cpuUsage(before)
  return ((user + system) * 1000) / calls
}
