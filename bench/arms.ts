import { execFile, fork, type Serializable } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** One of the programs that are compared, in a process of its own. */
export interface Arm {
  /** Where it listens, of a server. */
  readonly address: string
  readonly pid: number
  /** Tells it something, and resolves to what it answers. */
  ask(message: Serializable): Promise<unknown>
  stop(): Promise<unknown>
}

/** What one run of load showed. */
export interface Measured {
  readonly calls: number
  readonly callsPerSecond: number
  /** Of the server's process; NaN where it cannot be read. */
  readonly cpuMicrosecondsPerCall: number
}

export const secondsPerRun = 2
export const concurrency = 100

/** Starts a program beside this file; it says by a message that it is ready. */
export async function startArm(program: string, address: string, args: readonly string[]): Promise<Arm> {
  const child = fork(fileURLToPath(new URL(program, import.meta.url)), args, { execArgv: [], silent: true })
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    said += text
  })
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${program} ended with ${code} before it was ready: ${said}`)
  })
  await Promise.race([once(child, 'message', { signal: AbortSignal.timeout(30_000) }), ended])
  // From here on it ends when it is told to.
  ended.catch(() => {})
  const stop = () => {
    const exited = once(child, 'exit')
    child.kill()
    return exited
  }
  const ask = async (message: Serializable): Promise<unknown> => {
    const answered = once(child, 'message', { signal: AbortSignal.timeout(120_000) })
    child.send(message)
    return (await answered)[0]
  }
  return { address, pid: child.pid as number, ask, stop }
}

/** Puts a server under ghz' load once. */
export async function load(ghz: string, { address, pid }: Arm, seconds = secondsPerRun): Promise<Measured> {
  const proto = fileURLToPath(new URL('../proto/evenly/echo/v1/echo.proto', import.meta.url))
  const call = ['--insecure', '--proto', proto, '--call', 'evenly.echo.v1.Echo/Hello', '-d', '{"message":"Hello"}']
  const shape = [
    '-c',
    String(concurrency),
    '--connections',
    '4',
    '-z',
    `${seconds * 1000}ms`,
    '--duration-stop',
    'wait',
  ]
  const before = cpuSeconds(pid)
  const args = [...call, ...shape, '-O', 'json', address]
  const { stdout } = await promisify(execFile)(ghz, args, { maxBuffer: 1 << 30 })
  const { rps, statusCodeDistribution: codes } = JSON.parse(stdout)
  if (Object.keys(codes).join() !== 'OK') throw new Error(`${address} answered ${JSON.stringify(codes)}`)
  return { calls: codes.OK, callsPerSecond: rps, cpuMicrosecondsPerCall: ((cpuSeconds(pid) - before) * 1e6) / codes.OK }
}

/** CPU time of a process so far, from Linux' /proc in ticks of 10 ms; NaN elsewhere. */
function cpuSeconds(pid: number): number {
  if (process.platform !== 'linux') return Number.NaN
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

/** Median, and from the least to the most. */
export function spread(values: readonly number[], digits = 0): string {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (index: number) => sorted[index] as number
  const median = (at(Math.floor((sorted.length - 1) / 2)) + at(Math.floor(sorted.length / 2))) / 2
  return `${median.toFixed(digits)} (${at(0).toFixed(digits)} to ${at(sorted.length - 1).toFixed(digits)})`
}
