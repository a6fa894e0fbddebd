import { execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { chooseAddresses } from '../scripts/lab/addresses.ts'
import { tool } from '../scripts/lib/tools.ts'

/** A server under load. */
interface Arm {
  readonly address: string
  readonly pid: number
  stop(): Promise<unknown>
}

/** What one run of load showed. */
interface Measured {
  readonly callsPerSecond: number
  /** Of the server's process; NaN where it cannot be read. */
  readonly cpuMicrosecondsPerCall: number
}

const pairs = 8
const secondsPerRun = 2
const concurrency = 100

/**
 * What the echo server's metrics, tally and metadata cost: ghz at 100 concurrent calls against it and against a bare
 * grpc-js handler with the same reply. Both are started anew for every pair, because two processes of one program differ
 * by more than the cost that is measured; in a pair the load goes to one, the other, the other and the one again.
 */
export async function benchEcho(): Promise<void> {
  const ghz = await tool('ghz')
  console.log(`ghz, ${concurrency} concurrent calls, ${pairs} pairs of fresh processes, 2 x ${secondsPerRun} s each`)
  const results: { echo: Measured; bare: Measured }[] = []
  for (let pair = 1; pair <= pairs; pair++) {
    const result = await measurePair(ghz)
    results.push(result)
    const { echo, bare } = result
    const ratio = (echo.callsPerSecond / bare.callsPerSecond).toFixed(3)
    console.log(`pair ${pair}: echo ${rate(echo)}, bare ${rate(bare)}, ratio ${ratio}`)
  }
  console.log('\nmedian (least to most)')
  for (const name of ['echo', 'bare'] as const) {
    const speed = spread(results.map((result) => result[name].callsPerSecond))
    const cpu = spread(
      results.map((result) => result[name].cpuMicrosecondsPerCall),
      1,
    )
    console.log(`${name}: ${speed} calls/s, ${cpu} µs CPU per call`)
  }
  const ratios = results.map(({ echo, bare }) => echo.callsPerSecond / bare.callsPerSecond)
  console.log(`throughput, echo / bare: ${spread(ratios, 3)}`)
}

async function measurePair(ghz: string): Promise<{ echo: Measured; bare: Measured }> {
  const addresses = await chooseAddresses(2)
  const [first, second] = [addresses.server(0), addresses.server(1)]
  const echoArgs = ['-s', '--listen', first, '--admin-listen', '127.0.0.1:0']
  const echo = await startArm('../services/echo/src/main.ts', first, echoArgs)
  const bare = await startArm('./bare-server.ts', second, [second])
  try {
    for (const arm of [echo, bare]) await load(ghz, arm)
    const [echo1, bare1, bare2, echo2] = [
      await load(ghz, echo),
      await load(ghz, bare),
      await load(ghz, bare),
      await load(ghz, echo),
    ]
    return { echo: mean(echo1, echo2), bare: mean(bare1, bare2) }
  } finally {
    await Promise.all([echo.stop(), bare.stop()])
  }
}

async function startArm(program: string, address: string, args: readonly string[]): Promise<Arm> {
  const child = fork(fileURLToPath(new URL(program, import.meta.url)), args, { execArgv: [], silent: true })
  await once(child, 'message', { signal: AbortSignal.timeout(30_000) })
  const stop = () => {
    const exited = once(child, 'exit')
    child.kill()
    return exited
  }
  return { address, pid: child.pid as number, stop }
}

async function load(ghz: string, { address, pid }: Arm): Promise<Measured> {
  const proto = fileURLToPath(new URL('../proto/evenly/echo/v1/echo.proto', import.meta.url))
  const call = ['--insecure', '--proto', proto, '--call', 'evenly.echo.v1.Echo/Hello', '-d', '{"message":"Hello"}']
  const shape = ['-c', String(concurrency), '--connections', '4', '-z', `${secondsPerRun}s`, '--duration-stop', 'wait']
  const before = cpuSeconds(pid)
  const args = [...call, ...shape, '-O', 'json', address]
  const { stdout } = await promisify(execFile)(ghz, args, { maxBuffer: 1 << 30 })
  const { rps, statusCodeDistribution: codes } = JSON.parse(stdout)
  if (Object.keys(codes).join() !== 'OK') throw new Error(`${address} answered ${JSON.stringify(codes)}`)
  return { callsPerSecond: rps, cpuMicrosecondsPerCall: ((cpuSeconds(pid) - before) * 1e6) / codes.OK }
}

/** CPU time of a process so far, from Linux' /proc in ticks of 10 ms; NaN elsewhere. */
function cpuSeconds(pid: number): number {
  if (process.platform !== 'linux') return Number.NaN
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

function mean(a: Measured, b: Measured): Measured {
  return {
    callsPerSecond: (a.callsPerSecond + b.callsPerSecond) / 2,
    cpuMicrosecondsPerCall: (a.cpuMicrosecondsPerCall + b.cpuMicrosecondsPerCall) / 2,
  }
}

const rate = ({ callsPerSecond }: Measured): string => `${callsPerSecond.toFixed(0)}/s`

function spread(values: readonly number[], digits = 0): string {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (index: number) => sorted[index] as number
  const median = (at(Math.floor((sorted.length - 1) / 2)) + at(Math.floor(sorted.length / 2))) / 2
  return `${median.toFixed(digits)} (${at(0).toFixed(digits)} to ${at(sorted.length - 1).toFixed(digits)})`
}
