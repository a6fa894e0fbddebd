import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { unavailable } from '../lib/exit.ts'

/** A running echo process of the lab. */
export interface EchoProcess {
  /** Its admin server, such as `http://127.0.0.1:41313`. */
  readonly admin: string
  /** Where a control plane serves clients, `address:port`; undefined for other processes. */
  readonly xds: string | undefined
  /** What it printed so far. */
  readonly output: () => string
  readonly pid: number
  /** Asks it to stop and waits; ends it by force after 10 s. */
  stop(): Promise<void>
  kill(signal: NodeJS.Signals): void
  /** Tells it something through its message channel; rejects when it has ended. */
  tell(message: object): Promise<void>
  /** Resolves to its exit code; null when a signal ended it. */
  readonly exited: Promise<number | null>
}

const main = fileURLToPath(new URL('../../services/echo/src/main.ts', import.meta.url))
const startLimitSeconds = 30

/**
 * Starts `echo ARGS` and waits until it listens; it ends with this process, however this one ends.
 * @param cut aborts when nobody wants it any more before it listens.
 */
export async function startEcho(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  cut?: AbortSignal,
): Promise<EchoProcess> {
  const child = fork(main, args, { env: { ...labEnvironment(), ...env }, execArgv: [], silent: true })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (text: Buffer) => {
      output = (output + text).slice(-64 * 1024)
    })
  }
  const exited = once(child, 'exit').then(([code]) => code as number | null)
  const end = () => child.kill('SIGKILL')
  cut?.addEventListener('abort', end)
  const { admin, xds } = await listening(child, exited, () => `echo ${args.join(' ')}: ${output.trim() || 'no output'}`)
  cut?.removeEventListener('abort', end)
  return {
    admin,
    xds,
    output: () => output,
    pid: child.pid as number,
    exited,
    kill: (signal) => child.kill(signal),
    tell: (message) =>
      new Promise((resolve, reject) => {
        child.send(message, (error) => (error ? reject(error) : resolve()))
      }),
    async stop() {
      const force = setTimeout(() => child.kill('SIGKILL'), 10_000)
      child.kill('SIGTERM')
      await exited
      clearTimeout(force)
    },
  }
}

/** What a process tells its parent once it listens. */
interface Listening {
  readonly admin: string
  readonly xds?: string
}

async function listening(child: ChildProcess, exited: Promise<unknown>, story: () => string): Promise<Listening> {
  const limit = AbortSignal.timeout(startLimitSeconds * 1000)
  const ready = once(child, 'message', { signal: limit }).then(([message]) => message as Listening)
  const heard = await Promise.race([ready.catch(() => undefined), exited.then(() => undefined)])
  if (heard !== undefined) return heard
  child.kill('SIGKILL')
  throw unavailable(`a process of the lab did not start within ${startLimitSeconds} s: ${story()}`)
}

/** This environment without what would bend the lab: proxies, and options meant for another echo. */
function labEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(.*_proxy|ECHO_.*|POD_.*|GRPC_.*)$/i.test(name))
  // The lab starts a dozen processes of one program: compiled once, they start in half the time.
  return { ...Object.fromEntries(kept), NODE_COMPILE_CACHE: join(tmpdir(), 'evenly-compile-cache') }
}
