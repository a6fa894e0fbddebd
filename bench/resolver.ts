import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { type Arm, startArm } from './arms.ts'
import type { Seen } from './resolver-arm.ts'

const slices = 10
const endpointsPerSlice = 100
const changesPerSecond = 100
const callsPerSecond = 100
const rounds = 2
const secondsPerRound = 10
// npm run bench -- resolver SECONDS, for how long the API server is gone.
const secondsGone = Number(process.argv[3] ?? 60)
/** A port that is free on every loopback address stands for the pods'; the API's is kept while it is gone. */
const [servicePort, apiPort] = [39_700, 39_701]

const discovered = 'k8s:///orders.shop:grpc'
/** The same endpoints by hand: what they take without any discovery. */
const byHand = `ipv4:${Array.from({ length: slices * endpointsPerSlice }, (_, index) => addressOf(index)).join()}`

/**
 * What the k8s:/// resolver costs the client that it is in, memory and delay of the event loop, with many endpoints that change
 * often; and what a client notices of an API server that is gone. First the resolver alone, then with a young generation of V8 that
 * may not grow, which is most of what it takes; then in channels of a thousand connections, whose own cost the list by hand tells.
 */
export async function benchResolver(): Promise<void> {
  const program = await bundled()
  const server = await startArm('./resolver-server.ts', '', [String(servicePort)])
  const api = await Api.start()
  const idle = await startClient(program, api, 'ipv4:127.0.0.1:1', 'pick_first', 0)
  const alone = () => startClient(program, api, discovered, 'none', 0)
  const clientOf = (target: string, policy: string) => startClient(program, api, target, policy, callsPerSecond)
  try {
    console.log(
      `${slices * endpointsPerSlice} endpoints, ${callsPerSecond} calls/s, ${secondsPerRound} s each; delay of the event loop beyond its timer: p50 / p99 / max`,
    )
    await measure('the resolver alone', api, await alone(), idle)
    await measure('the resolver alone, small generation', api, await inSmallGeneration(alone), idle)
    for (const policy of ['round_robin', 'least_request']) {
      await measure(policy, api, await clientOf(discovered, policy), idle)
    }
    await measure('round_robin, by hand', api, await clientOf(byHand, 'round_robin'), idle)
    await outage(api, await clientOf(discovered, 'round_robin'))
  } finally {
    await Promise.all([server.stop(), api.stop(), idle.stop()])
  }
}

/** Processes started by `start` have a young generation of 2 MB a half. */
async function inSmallGeneration(start: () => Promise<Arm>): Promise<Arm> {
  const before = process.env.NODE_OPTIONS
  process.env.NODE_OPTIONS = `${before ?? ''} --max-semi-space-size=2`
  try {
    return await start()
  } finally {
    if (before === undefined) delete process.env.NODE_OPTIONS
    else process.env.NODE_OPTIONS = before
  }
}

function addressOf(index: number): string {
  return `127.${100 + Math.floor(index / endpointsPerSlice)}.0.${(index % endpointsPerSlice) + 1}:${servicePort}`
}

/** As in an image: Node takes 35 MB to read TypeScript. */
async function bundled(): Promise<string> {
  const outfile = fileURLToPath(new URL('../node_modules/.cache/evenly-bench/resolver-arm.js', import.meta.url))
  const entryPoints = [fileURLToPath(new URL('./resolver-arm.ts', import.meta.url))]
  await build({ entryPoints, outfile, bundle: true, platform: 'node', format: 'esm', packages: 'external' })
  return pathToFileURL(outfile).href
}

function startClient(program: string, api: Api, target: string, policy: string, calls: number): Promise<Arm> {
  return startArm(program, target, [api.url, target, policy, String(calls)])
}

async function measure(what: string, api: Api, client: Arm, idle: Arm): Promise<void> {
  try {
    await sleep(8000)
    for (let round = 1; round <= rounds; round++) {
      for (const rate of [0, changesPerSecond]) {
        await api.change(rate)
        await sleep(1000)
        await Promise.all([client.ask(''), idle.ask('')])
        await sleep(secondsPerRound * 1000)
        const [seen, beside] = (await Promise.all([client.ask(''), idle.ask('')])) as [Seen, Seen]
        report(`${what} ${round}, ${rate} changes/s`, seen)
        // A process that does nothing tells how much of a delay is the machine's.
        console.log(
          `  beside it, a process that does nothing: ${delayOf(beside)}, ${beside.residentMegabytes.toFixed(0)} MB`,
        )
      }
    }
  } finally {
    await api.change(0)
    await client.stop()
  }
}

async function outage(api: Api, client: Arm): Promise<void> {
  try {
    await sleep(8000)
    await client.ask('')
    await api.stop()
    await sleep(secondsGone * 1000)
    report(`API server gone for ${secondsGone} s`, (await client.ask('')) as Seen)
    await api.startAgain()
    await sleep(secondsPerRound * 1000)
    report('API server back', (await client.ask('')) as Seen)
  } finally {
    await client.stop()
  }
}

function report(what: string, seen: Seen): void {
  const { residentMegabytes, cpuPercent, failed, calls, peers } = seen
  const figures = `${delayOf(seen)}, ${residentMegabytes.toFixed(0)} MB, ${cpuPercent.toFixed(0)} % CPU`
  console.log(`${what}: ${figures}; ${failed} of ${calls} calls failed, ${peers} peers`)
  if (seen.firstFailure) console.log(`  first failure: ${seen.firstFailure}`)
  for (const problem of seen.problems) console.log(`  ${problem ?? 'back'}`)
}

function delayOf({ delayP50, delayP99, delayMaximum }: Seen): string {
  return `${[delayP50, delayP99, delayMaximum].map((milliseconds) => milliseconds.toFixed(1)).join(' / ')} ms`
}

/** The stand-in, which can go away and come back at the same port. */
class Api {
  readonly url = `http://127.0.0.1:${apiPort}`
  private arm: Arm

  static async start(): Promise<Api> {
    return new Api(await startApi())
  }

  private constructor(arm: Arm) {
    this.arm = arm
  }

  /** From now on. */
  async change(perSecond: number): Promise<void> {
    await this.arm.ask(perSecond)
  }

  async startAgain(): Promise<void> {
    this.arm = await startApi()
  }

  stop(): Promise<unknown> {
    return this.arm.stop()
  }
}

function startApi(): Promise<Arm> {
  return startArm('./resolver-api.ts', '', [servicePort, slices, endpointsPerSlice, apiPort].map(String))
}
