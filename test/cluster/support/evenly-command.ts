import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Cluster } from '../../../scripts/cluster/cluster.ts'

const program = fileURLToPath(new URL('../../../bin/evenly.js', import.meta.url))

export interface Surroundings {
  /** Variables over those of this process; undefined takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Seconds after which it is ended and the test fails. Default 120. */
  readonly limitSeconds?: number
}

/** How a command ended. */
export interface Ended {
  /** As shells have it: 128 and the signal's number when a signal ended it. */
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs `evenly ARGS` to its end. */
export const evenly = (args: readonly string[], surroundings?: Surroundings): Promise<Ended> =>
  new EvenlyCommand(args, surroundings).ended

const cluster = new Cluster()
const all = new Set<EvenlyCommand>()

/** Ends whatever still runs, and removes namespaces that it or others left; for `afterAll`. */
export async function endCommands(): Promise<void> {
  for (const command of all) command.signal('SIGTERM')
  await Promise.allSettled([...all].map(({ ended }) => ended))
  const left = await namespacesLeft(...all)
  if (left.length > 0) await cluster.kubectl(['delete', 'namespace', '--ignore-not-found', '--wait=false', ...left])
}

/** `evenly ARGS` as a process of its own, and in a process group of its own, as a shell starts it. */
export class EvenlyCommand {
  /** Rejects when its limit of time has ended it. */
  readonly ended: Promise<Ended>
  private readonly child: ChildProcess
  private readonly printed = { stdout: '', stderr: '' }

  constructor(args: readonly string[], { env = {}, limitSeconds = 120 }: Surroundings = {}) {
    const whole = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, ...env }
    this.child = spawn(process.execPath, [program, ...args], { detached: true, env: whole, stdio: 'pipe' })
    for (const name of ['stdout', 'stderr'] as const) {
      this.child[name]?.setEncoding('utf8').on('data', (text: string) => {
        this.printed[name] += text
        this.child.emit('printed')
      })
    }
    all.add(this)
    this.ended = this.end(`evenly ${args.join(' ')}`, limitSeconds)
    // Who does not wait for the end need not hear that it came late.
    this.ended.catch(() => {})
  }

  /** Resolves once it has printed this on standard error. */
  says(pattern: RegExp): Promise<void> {
    return new Promise((done, fail) => {
      const look = () => {
        if (pattern.test(this.printed.stderr)) done()
        else if (!this.runs()) fail(new Error(`it ended before it said ${pattern}:\n${this.printed.stderr}`))
      }
      this.child.on('printed', look).on('close', look)
      look()
    })
  }

  /** Sends it a signal: to it alone, as `kill` does, or to whatever it has started too, as a terminal does. */
  signal(signal: NodeJS.Signals, to: 'it' | 'group' = 'it'): void {
    const pid = this.child.pid as number
    if (this.runs()) process.kill(to === 'group' ? -pid : pid, signal)
  }

  /** What it has started, or works in its namespaces for it, and still runs: group and command line of each. */
  async processesLeft(): Promise<string[]> {
    const { stdout } = await promisify(execFile)('ps', ['-A', '-ww', '-o', 'pgid=,args='])
    const namespaces = this.namespaces()
    return stdout.split('\n').filter((line) => {
      const [group] = line.trim().split(' ')
      const isTool = /^ *\d+ \S*\b(kubectl|helm)\S* /.test(line)
      return group === String(this.child.pid) || (isTool && namespaces.some((name) => line.includes(name)))
    })
  }

  /** The namespaces that it has said it makes. */
  namespaces(): string[] {
    return namespacesIn(this.printed.stderr)
  }

  private runs(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null
  }

  private async end(what: string, limitSeconds: number): Promise<Ended> {
    let late = false
    const endLate = () => {
      late = true
      this.signal('SIGTERM')
      setTimeout(() => this.signal('SIGKILL', 'group'), 60_000).unref()
    }
    const limit = setTimeout(endLate, limitSeconds * 1000)
    const [code, signal] = (await once(this.child, 'close')) as [number | null, NodeJS.Signals]
    clearTimeout(limit)
    const { stdout, stderr } = this.printed
    if (late) throw new Error(`${what} did not end within ${limitSeconds} s; it printed:\n${stderr}${stdout}`)
    return { code: code ?? 128 + constants.signals[signal], stdout, stderr }
  }
}

/** Namespaces that commands made, and that are neither gone nor going. */
export async function namespacesLeft(...of: readonly (EvenlyCommand | Ended)[]): Promise<string[]> {
  const made = of.flatMap((each) => ('namespaces' in each ? each.namespaces() : namespacesIn(each.stderr)))
  const there = await cluster.kubectl([
    'get',
    'namespaces',
    '-o',
    'jsonpath={range .items[*]}{.metadata.name} {.status.phase}{"\\n"}{end}',
  ])
  return made.filter((name) => there.split('\n').includes(`${name} Active`))
}

const namespacesIn = (text: string): string[] =>
  [...text.matchAll(/making namespace (\S+)/g)].map(([, name = '']) => name)
