import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../../services/echo/src/main.ts', import.meta.url))
const waitLimitMs = 30_000

/** How a command ended. */
export interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A command that was started. */
export interface Running {
  readonly pid: number
  /** Resolves when it has ended and everything it printed is read. */
  readonly ended: Promise<Ended>
  /** What it printed so far, both streams as they came. */
  output(): string
  /** Resolves once what it printed matches, to the match; rejects when it ends before, or after 30 s. */
  printed(pattern: RegExp): Promise<RegExpExecArray>
  kill(signal: NodeJS.Signals): void
}

const started = new Set<ChildProcess>()

/** Starts `echo ARGS`, as the image does. */
export function runEcho(args: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
  return runNode([main, ...args], env)
}

/** Starts `node ARGS` without what this environment would tell an echo. */
export function runNode(args: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
  const child = spawn(process.execPath, args, { env: { ...plainEnvironment(), ...env }, stdio: 'pipe' })
  started.add(child)
  const texts = { stdout: '', stderr: '', both: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text
      texts.both += text
      child.emit('printed')
    })
  }
  const ended = once(child, 'close').then(([code]): Ended => {
    started.delete(child)
    child.emit('printed')
    return { code: code as number | null, stdout: texts.stdout, stderr: texts.stderr }
  })
  const printed = async (pattern: RegExp): Promise<RegExpExecArray> => {
    const limit = AbortSignal.timeout(waitLimitMs)
    for (;;) {
      const match = pattern.exec(texts.both)
      if (match) return match
      if (!started.has(child)) throw new Error(`it ended before it printed ${pattern}:\n${texts.both}`)
      await once(child, 'printed', { signal: limit }).catch(() => {
        throw new Error(`it did not print ${pattern} within ${waitLimitMs} ms:\n${texts.both}`)
      })
    }
  }
  return { pid: child.pid as number, ended, output: () => texts.both, printed, kill: (signal) => child.kill(signal) }
}

/** Ends by force whatever a test has left running; for `afterEach`. */
export async function endCommands(): Promise<void> {
  const left = [...started]
  for (const child of left) child.kill('SIGKILL')
  await Promise.all(left.map((child) => child.exitCode ?? child.signalCode ?? once(child, 'close')))
}

/** This environment without options for echo, proxies and colours; processes share their compiled code. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const bends = /^(.*_proxy|ECHO_.*|POD_.*|NODE_NAME|GRPC_.*|OTEL_.*|FORCE_COLOR)$/i
  const kept = Object.entries(process.env).filter(([name]) => !bends.test(name))
  return { ...Object.fromEntries(kept), NO_COLOR: '1', NODE_COMPILE_CACHE: join(tmpdir(), 'evenly-compile-cache') }
}
