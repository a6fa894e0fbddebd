import { credentials } from '@grpc/grpc-js'
import { registerPolicies } from '../services/echo/src/balancing/register-policies.ts'
import { EchoClient } from '../services/echo/src/wire.ts'

/** A channel for the loop, by what it is called in the benchmark. */
export interface LoopChannel {
  readonly target: string
  readonly policy: string
}

/** What a loop is asked for: `workers` that call one after the other, each on its own. */
export interface LoopOrder {
  readonly channel: string
  readonly workers: number
  /** When to begin no more calls: after so long, or after so many. */
  readonly seconds?: number
  readonly calls?: number
}

export interface LoopResult {
  readonly calls: number
  readonly failed: number
  readonly seconds: number
  readonly p50Milliseconds: number
  readonly p99Milliseconds: number
  readonly cpuMicroseconds: number
  /** Calls by the pod that served, named by itself. */
  readonly served: Record<string, number>
}

// worker-loop.ts CHANNELS: a client of several channels, as JSON, that answers each order with what it measured.
registerPolicies()
const channels = JSON.parse(process.argv[2] ?? '{}') as Record<string, LoopChannel>
const clients = new Map(Object.entries(channels).map(([name, channel]) => [name, open(channel)]))
process.on('message', async (order: LoopOrder) => process.send?.(await run(order)))
process.on('disconnect', () => process.exit(0))
process.send?.('ready')

function open({ target, policy }: LoopChannel): InstanceType<typeof EchoClient> {
  return new EchoClient(target, credentials.createInsecure(), {
    'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ [policy]: {} }] }),
    'grpc.use_local_subchannel_pool': 1,
  })
}

async function run({
  channel,
  workers,
  seconds = Number.POSITIVE_INFINITY,
  calls = Number.POSITIVE_INFINITY,
}: LoopOrder) {
  const client = clients.get(channel) as InstanceType<typeof EchoClient>
  const taken: number[] = []
  const served: Record<string, number> = {}
  let [begun, failed] = [0, 0]
  const call = () =>
    new Promise<void>((resolve) => {
      const from = performance.now()
      client.hello({}, { deadline: Date.now() + 30_000 }, (error, reply) => {
        taken.push(performance.now() - from)
        const pod = reply?.server?.pod ?? ''
        if (error) failed++
        else served[pod] = (served[pod] ?? 0) + 1
        resolve()
      })
    })
  const start = performance.now()
  const cpu = process.cpuUsage()
  const worker = async () => {
    while (performance.now() - start < seconds * 1000 && begun++ < calls) await call()
  }
  await Promise.all(Array.from({ length: workers }, worker))
  const { user, system } = process.cpuUsage(cpu)
  const sorted = taken.toSorted((a, b) => a - b)
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN
  return {
    calls: taken.length,
    failed,
    seconds: (performance.now() - start) / 1000,
    p50Milliseconds: at(0.5),
    p99Milliseconds: at(0.99),
    cpuMicroseconds: user + system,
    served,
  } satisfies LoopResult
}
