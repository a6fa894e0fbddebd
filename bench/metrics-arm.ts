import { Registry } from '@prometheus-io/client'
import { type EchoConfig, echoCommand } from '../services/echo/src/config.ts'
import { createEchoClient } from '../services/echo/src/echo-client.ts'
import { startEchoServer } from '../services/echo/src/echo-server.ts'
import { readIdentity } from '../services/echo/src/identity.ts'
import { callMetrics, type ObservedCall } from '../services/echo/src/metrics/call-metrics.ts'
import { PeerCalls } from '../services/echo/src/metrics/peer-calls.ts'
import { PeerMetrics } from '../services/echo/src/metrics/peer-metrics.ts'
import { Tally } from '../services/echo/src/tally.ts'

/** CPU microseconds per call of each slice, with the counting for metrics and without. */
export type Spent = Record<'on' | 'off', number[]>

/** One way of counting lasts so many calls, some milliseconds: whatever else the machine does meets both alike. */
const callsPerSlice = 200

// metrics-arm.ts ARGS, those of echo: an echo whose calls are counted for metrics now and then. Sent a message it answers with
// what was spent since the one before; a client calls between the two.
let spent: Spent = { on: [], off: [] }
let counting: keyof Spent = 'on'
let calls = 0
let slice = 0
let before = process.cpuUsage()

function nextSlice(): void {
  const { user, system } = process.cpuUsage(before)
  spent[counting].push((user + system) / callsPerSlice)
  before = process.cpuUsage()
  // on, off, off, on: what grows or shrinks steadily meets both alike too.
  counting = ++slice % 4 === 1 || slice % 4 === 2 ? 'off' : 'on'
}

class SomePeerMetrics extends PeerMetrics {
  private readonly uncounted = new (class extends PeerCalls {
    override end(): void {}
  })()
  override started(peer: string | undefined, address?: string): PeerCalls {
    return counting === 'on' ? super.started(peer, address) : this.uncounted
  }
}

const registry = new Registry()
const uncounted: ObservedCall = { received() {}, sent() {}, handled() {} }

function observing(side: 'server' | 'client'): (method: 'Hello' | 'HelloStream' | 'Check') => ObservedCall {
  const observe = callMetrics(registry, side)
  return (method) => {
    if (++calls % callsPerSlice === 0) nextSlice()
    return counting === 'on' ? observe(method) : uncounted
  }
}

await echoCommand('bench', run).parseAsync(process.argv.slice(2), { from: 'user' })

async function run(config: EchoConfig): Promise<void> {
  const tally = new Tally()
  let call = async (): Promise<unknown> => undefined
  if (config.mode === 'server') {
    await startEchoServer(config, { identity: readIdentity(process.env, 'bench'), tally, observe: observing('server') })
  } else if (config.mode === 'client') {
    const peerMetrics = new SomePeerMetrics(registry, config.target)
    const parts = { tally, observe: observing('client'), peerMetrics, say: () => {} }
    call = () => createEchoClient(config, parts).run(new AbortController().signal)
  }
  process.on('message', async () => {
    await call()
    process.send?.(spent)
    spent = { on: [], off: [] }
  })
  process.send?.('ready')
}

process.on('disconnect', () => process.exit(0))
