import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { whatItSays } from '../../../scripts/lib/tools.ts'

/** How the foreign client shall call: see `order` in fixtures/foreign-client/call.go. */
export interface Order {
  readonly calls: number
  /** Default: 1. */
  readonly concurrency?: number
  /** Milliseconds between the calls of one caller. Default: 0. */
  readonly pauseMs?: number
  /** A HelloRequest on the wire, in base64. Default: an empty one. */
  readonly request?: string
  /** Carries a number below `keys` that goes up with each call. */
  readonly keyHeader?: string
  readonly keys?: number
  /** Tells of a peer as soon as it answers and did not in the last so many milliseconds. Default: never. */
  readonly tellChangesMs?: number
}

/** Who answered the calls of an order. */
export interface ForeignTally {
  readonly counts: Readonly<Record<string, number>>
  /** Of each key. */
  readonly keys?: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly failed: number
  readonly errors: Readonly<Record<string, number>>
}

const fixture = join(import.meta.dirname, '../fixtures/foreign-client')
const buildLimitMs = 600_000
const answerLimitMs = 120_000

/** What is missing to build the client, in a sentence; '' when nothing is. */
export const noForeignClient = await whyNotBuilt()

/** Builds the client, static, with what Go keeps of earlier builds; resolves to the folder that it alone is in. */
export async function buildForeignClient(): Promise<{ readonly folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'evenly-foreign-client-'))
  await go('build', '-trimpath', '-buildvcs=false', '-ldflags=-s', '-o', folder, '.')
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) }
}

/** A client of grpc-go, in a process of its own, that keeps one channel open. */
export class ForeignClient {
  private readonly child: ChildProcess
  private readonly answers: AsyncIterator<string>
  private complaints = ''

  /** @param bootstrap of xDS, as grpc-go reads it. */
  constructor(folder: string, target: string, bootstrap: object) {
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/_proxy$|^GRPC_/i.test(name)))
    this.child = spawn(join(folder, 'foreign-client'), ['-target', target], {
      env: { ...env, GRPC_XDS_BOOTSTRAP_CONFIG: JSON.stringify(bootstrap), GRPC_GO_LOG_SEVERITY_LEVEL: 'warning' },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.complaints = (this.complaints + text).slice(-20_000)
    })
    // biome-ignore lint/style/noNonNullAssertion: it is a pipe, as told above
    this.answers = createInterface({ input: this.child.stdout! })[Symbol.asyncIterator]()
  }

  /** What grpc-go has warned of. */
  get warnings(): string {
    return this.complaints
  }

  /** Calls; resolves to who answered, whatever the calls came to. One order at a time. */
  async call(order: Order): Promise<ForeignTally> {
    this.child.stdin?.write(`${JSON.stringify(order)}\n`)
    const late = new Promise<never>((_, reject) => {
      setTimeout(() => reject(new Error(this.unanswered(order))), answerLimitMs).unref()
    })
    const { value, done } = await Promise.race([this.answers.next(), late])
    if (done) throw new Error(this.unanswered(order))
    return JSON.parse(value)
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return
    const closed = once(this.child, 'close')
    this.child.kill('SIGKILL')
    await closed
  }

  private unanswered(order: Order): string {
    return `the client in Go did not answer ${JSON.stringify(order)} within ${answerLimitMs} ms:\n${this.complaints}`
  }
}

async function whyNotBuilt(): Promise<string> {
  if ((await whatItSays('go', ['version'])) === '') {
    return 'there is no Go on PATH to build a client of grpc-go with: install Go 1.26 or newer'
  }
  try {
    await go('list', '-deps', '.')
    return ''
  } catch (error) {
    return `Go cannot get what a client of grpc-go is built from: ${(error as { stderr: string }).stderr.trim().split('\n').at(-1)}`
  }
}

function go(...args: string[]): Promise<unknown> {
  const env = { ...process.env, CGO_ENABLED: '0', GOFLAGS: '', GOWORK: 'off' }
  return promisify(execFile)('go', args, { cwd: fixture, env, timeout: buildLimitMs, maxBuffer: 1 << 26 })
}
