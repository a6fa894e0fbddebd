import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Client, credentials, experimental } from '@grpc/grpc-js'
import { registerEndpointSliceResolver } from '../services/echo/src/balancing/endpoint-slices/register-endpoint-slice-resolver.ts'
import { registerLeastRequest } from '../services/echo/src/balancing/policies/least-request.ts'

// resolver-arm.ts API_URL TARGET POLICY CALLS_PER_SECOND: a client. Sent anything it answers with what has happened since it was last asked.
const [url = '', target = '', policy = '', callsPerSecond = '0'] = process.argv.slice(2)

/** What one client saw. */
export interface Seen {
  readonly calls: number
  readonly failed: number
  readonly firstFailure: string | undefined
  readonly problems: readonly (string | null)[]
  /** Milliseconds by which the event loop was late. */
  readonly delayP50: number
  readonly delayP99: number
  readonly delayMaximum: number
  readonly residentMegabytes: number
  readonly cpuPercent: number
  readonly peers: number
}

registerLeastRequest()
let problems: (string | null)[] = []
registerEndpointSliceResolver({ url, problem: (sentence) => problems.push(sentence ?? null) })
// The resolver alone has no channel to tell.
const [scheme, path] = target.split(':///') as [string, string]
const resolver = policy === 'none' && experimental.createResolver({ scheme, path }, () => true, {})
if (resolver) resolver.updateResolution()
const client = new Client(policy === 'none' ? 'ipv4:127.0.0.1:1' : target, credentials.createInsecure(), {
  'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ [policy]: {} }] }),
})
if (policy !== 'none') client.getChannel().getConnectivityState(true)

let calls = 0
let failed = 0
let firstFailure: string | undefined
let peers = new Set<string>()
const identity = (value: Buffer) => value

function call(): void {
  const options = { deadline: Date.now() + 10_000 }
  const running = client.makeUnaryRequest('/bench/Call', identity, identity, Buffer.alloc(0), options, (error) => {
    calls++
    if (error) {
      failed++
      firstFailure ??= error.message
    } else peers.add(running.getPeer())
  })
}

let owed = 0
const perTick = Number(callsPerSecond) / 100
if (perTick > 0) {
  setInterval(() => {
    for (owed += perTick; owed >= 1; owed--) call()
  }, 10)
}

// Finer than the limit that it is held against; the resolution itself is taken off.
const resolutionMilliseconds = 2
const delay = monitorEventLoopDelay({ resolution: resolutionMilliseconds })
delay.enable()
let cpu = process.cpuUsage()
let since = performance.now()
let residentMegabytes = 0
setInterval(() => {
  residentMegabytes = Math.max(residentMegabytes, process.memoryUsage.rss() / 1e6)
}, 100)

function seen(): Seen {
  const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - resolutionMilliseconds)
  const { user, system } = process.cpuUsage(cpu)
  return {
    calls,
    failed,
    firstFailure,
    problems,
    delayP50: late(delay.percentile(50)),
    delayP99: late(delay.percentile(99)),
    delayMaximum: late(delay.max),
    residentMegabytes,
    cpuPercent: (user + system) / (performance.now() - since) / 10,
    peers: peers.size,
  }
}

process.on('message', () => {
  process.send?.(seen())
  calls = 0
  failed = 0
  firstFailure = undefined
  problems = []
  peers = new Set()
  residentMegabytes = 0
  delay.reset()
  cpu = process.cpuUsage()
  since = performance.now()
})
process.on('disconnect', () => process.exit(0))
process.send?.('ready')
