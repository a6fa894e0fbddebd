import { execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { chooseAddresses } from '../scripts/lab/addresses.ts'
import { tool } from '../scripts/lib/tools.ts'

/** One arm of the comparison: a server process and the load it got. */
interface Arm {
  readonly name: string
  readonly address: string
  readonly pid: number
  readonly callsPerSecond: number[]
  readonly cpuMicrosecondsPerCall: number[]
  stop(): void
}

const pairs = 8
const secondsPerRun = 3
const concurrency = 100

/**
 * What the echo server's metrics, tally and metadata cost: ghz at 100 concurrent calls against it and against a bare
 * grpc-js handler with the same reply, in turn (A B, B A, ...), each with its own process that stays up.
 */
export async function benchEcho(): Promise<void> {
  const ghz = await tool('ghz')
  const addresses = await chooseAddresses(2)
  const echoArgs = ['-s', '--listen', addresses.server(0), '--admin-listen', '127.0.0.1:0']
  const arms = [
    await startArm('echo', '../services/echo/src/main.ts', addresses.server(0), echoArgs),
    await startArm('bare', './bare-server.ts', addresses.server(1), [addresses.server(1)]),
  ] as const
  try {
    console.log(`ghz, ${concurrency} concurrent calls, ${pairs} pairs of ${secondsPerRun} s after a warm-up`)
    for (const arm of arms) await load(ghz, arm)
    for (const arm of arms) arm.callsPerSecond.length = arm.cpuMicrosecondsPerCall.length = 0
    for (let pair = 0; pair < pairs; pair++) {
      for (const arm of pair % 2 === 0 ? arms : arms.toReversed()) await load(ghz, arm)
      const [echo, bare] = arms.map((arm) => arm.callsPerSecond[pair] as number) as [number, number]
      console.log(
        `pair ${pair + 1}: echo ${echo.toFixed(0)}/s, bare ${bare.toFixed(0)}/s, ratio ${(echo / bare).toFixed(3)}`,
      )
    }
    summarise(...arms)
  } finally {
    for (const arm of arms) arm.stop()
  }
}

async function startArm(name: string, program: string, address: string, args: readonly string[]): Promise<Arm> {
  const child = fork(fileURLToPath(new URL(program, import.meta.url)), args, { execArgv: [], silent: true })
  await once(child, 'message', { signal: AbortSignal.timeout(30_000) })
  const stop = () => child.kill()
  return { name, address, pid: child.pid as number, callsPerSecond: [], cpuMicrosecondsPerCall: [], stop }
}

async function load(ghz: string, arm: Arm): Promise<void> {
  const proto = fileURLToPath(new URL('../proto/evenly/echo/v1/echo.proto', import.meta.url))
  const call = ['--insecure', '--proto', proto, '--call', 'evenly.echo.v1.Echo/Hello', '-d', '{"message":"Hello"}']
  const shape = ['-c', String(concurrency), '--connections', '4', '-z', `${secondsPerRun}s`, '--duration-stop', 'wait']
  const before = cpuSeconds(arm.pid)
  const { stdout } = await promisify(execFile)(ghz, [...call, ...shape, '-O', 'json', arm.address], {
    maxBuffer: 1 << 30,
  })
  const { rps, statusCodeDistribution } = JSON.parse(stdout)
  const codes = Object.keys(statusCodeDistribution)
  if (codes.some((code) => code !== 'OK'))
    throw new Error(`${arm.name} answered ${JSON.stringify(statusCodeDistribution)}`)
  arm.callsPerSecond.push(rps)
  arm.cpuMicrosecondsPerCall.push(((cpuSeconds(arm.pid) - before) * 1e6) / statusCodeDistribution.OK)
}

/** CPU time of a process so far, from Linux' /proc in ticks of 10 ms; NaN elsewhere. */
function cpuSeconds(pid: number): number {
  if (process.platform !== 'linux') return Number.NaN
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

function summarise(echo: Arm, bare: Arm): void {
  const ratios = echo.callsPerSecond.map((calls, pair) => calls / (bare.callsPerSecond[pair] as number))
  const spread = (values: readonly number[], digits: number) => {
    const sorted = values.toSorted((a, b) => a - b)
    const [least, most] = [sorted[0], sorted.at(-1)] as [number, number]
    return `${median(sorted).toFixed(digits)} (${least.toFixed(digits)} to ${most.toFixed(digits)})`
  }
  console.log('\nmedian (least to most)')
  for (const arm of [echo, bare]) {
    console.log(
      `${arm.name}: ${spread(arm.callsPerSecond, 0)} calls/s, ${spread(arm.cpuMicrosecondsPerCall, 1)} µs CPU per call`,
    )
  }
  console.log(`throughput, echo / bare: ${spread(ratios, 3)}`)
}

function median(sorted: readonly number[]): number {
  const middle = Math.floor(sorted.length / 2)
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]] as [number, number]
  return (low + high) / 2
}
