import { type ChildProcess, execFile, type SpawnOptions, spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { badInput, type EvenlyError, unavailable } from '../lib/exit.ts'
import { type ToolName, tool } from '../lib/tools.ts'
import { isOfValues, problemOf } from './cluster-problem.ts'

export interface ClusterOptions {
  /** A context of the kubeconfig. Default: the current one. */
  readonly context?: string | undefined
  /** Ends whatever runs. */
  readonly signal?: AbortSignal
}

const projectRoot = resolve(import.meta.dirname, '../..')

/** A Kubernetes cluster, reached as its user reaches it: through kubectl and Helm, and the kubeconfig they read. */
export class Cluster {
  readonly signal: AbortSignal
  private readonly context: string | undefined

  constructor({ context, signal }: ClusterOptions = {}) {
    this.context = context
    this.signal = signal ?? new AbortController().signal
  }

  /**
   * Runs kubectl to its end; resolves to what it prints.
   *
   * @throws EvenlyError of one sentence when it fails: 65 for values that the chart refuses, 69 for all else; what the signal was aborted with when that came first
   */
  kubectl(args: readonly string[], input = ''): Promise<string> {
    return this.run('kubectl', this.kubectlArgs(args), input)
  }

  /** Runs Helm as `kubectl` runs kubectl. */
  helm(args: readonly string[], input = ''): Promise<string> {
    return this.run('helm', [...args, ...(this.context === undefined ? [] : ['--kube-context', this.context])], input)
  }

  /**
   * Starts kubectl and leaves it running until its caller ends it, or the signal does; a terminal's Ctrl-C does not reach it.
   * `complaintOf` tells why it ended.
   */
  async start(args: readonly string[]): Promise<ChildProcess> {
    const options: SpawnOptions = { detached: true, stdio: ['ignore', 'pipe', 'pipe'], signal: this.signal }
    // That the signal has ended it comes as an error, which whoever heeds the signal need not be told.
    const kubectl = spawn(await tool('kubectl'), this.kubectlArgs(args), options).on('error', () => {})
    kubectl.stderr?.on('data', (printed) => printedBy.set(kubectl, String(printed).slice(-4096)))
    return kubectl
  }

  /**
   * Runs kubectl whatever the signal says, and out of reach of the terminal's Ctrl-C; resolves to whether it succeeded. One that
   * Ctrl-C has met while it started, before it was out of reach, is started again.
   */
  async cleanUp(args: readonly string[], attempts = 5): Promise<boolean> {
    const apart: SpawnOptions = { detached: true, stdio: 'ignore', timeout: 30_000 }
    const kubectl = spawn(await tool('kubectl'), this.kubectlArgs(args), apart)
    const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((done) => {
      kubectl.once('close', (code, signal) => done([code, signal])).once('error', () => done([1, null]))
    })
    return signal === 'SIGINT' && attempts > 1 ? this.cleanUp(args, attempts - 1) : code === 0
  }

  /** The same cluster when all else has been ended, for a last look of a few seconds. */
  afterwards(): Cluster {
    return new Cluster({ context: this.context, signal: AbortSignal.timeout(10_000) })
  }

  /** Gets a path of the API server. */
  get(path: string): Promise<string> {
    return this.kubectl(['get', '--raw', path])
  }

  /** Objects of a kind that belongs to no namespace; none where they may not be read, as not everybody may. */
  // biome-ignore lint/suspicious/noExplicitAny: objects of the Kubernetes API, as far as one looks into them
  async listIfAllowed(kind: string): Promise<any[]> {
    const listed = await this.kubectl(['get', kind, '-o', 'json']).catch(() => {
      this.signal.throwIfAborted()
      return '{"items":[]}'
    })
    return JSON.parse(listed).items
  }

  /** Waits; rejects with what the signal was aborted with. */
  async pause(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: this.signal }).catch(() => {
      throw this.signal.reason
    })
  }

  private kubectlArgs(args: readonly string[]): string[] {
    return [...(this.context === undefined ? [] : ['--context', this.context]), ...args]
  }

  private async run(name: ToolName, args: readonly string[], input: string): Promise<string> {
    this.signal.throwIfAborted()
    const path = await tool(name)
    const options = { cwd: projectRoot, maxBuffer: 1 << 27, signal: this.signal }
    return new Promise((succeed, fail) => {
      const child = execFile(path, [...args], options, (error, stdout, stderr) => {
        if (error === null) return succeed(stdout)
        const printed = `${stdout}\n${stderr}`.trim() || error.message
        const failure = () => failureOf(`${name} ${verbOf(args)}`, printed, this.context)
        // A terminal's Ctrl-C ends this program as well, and may be heard of here a moment later.
        setTimeout(() => fail(this.signal.aborted ? this.signal.reason : failure()), 100)
      })
      // A program that has ended already has no ear for it.
      child.stdin?.on('error', () => {}).end(input)
    })
  }
}

/** The first argument that is neither an option nor the value of one. */
const verbOf = (args: readonly string[]): string | undefined =>
  args.find((arg, i) => !arg.startsWith('-') && !args[i - 1]?.startsWith('-'))

/** What is wrong when a kubectl that was left running has ended, in one sentence; empty when it did not say. */
export function complaintOf(kubectl: ChildProcess): string {
  const printed = printedBy.get(kubectl) ?? ''
  return printed.trim() === '' ? '' : problemOf('kubectl', printed)
}

/** What each kubectl that was left running printed last on standard error. */
const printedBy = new WeakMap<ChildProcess, string>()

function failureOf(command: string, printed: string, context: string | undefined): EvenlyError {
  const sentence = problemOf(command, printed, context)
  return isOfValues(printed) ? badInput(sentence) : unavailable(sentence)
}
