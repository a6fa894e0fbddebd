import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chooseAddresses } from '../../../scripts/lab/addresses.ts'
import { whatItSays } from '../../../scripts/lib/tools.ts'
import { envoyBootstrap } from './envoy-bootstrap.ts'

const program = process.env.EVENLY_ENVOY || 'envoy'
const startLimitMs = 30_000

/** What is missing to run an Envoy here, in a sentence; '' when nothing is. */
export const noEnvoy =
  (await whatItSays(program, ['--version'])) === ''
    ? `there is no Envoy: ${program} does not run; put envoy on PATH, or set EVENLY_ENVOY to where it is`
    : ''

/** A real Envoy that knows nothing but where its control plane is. */
export class Envoy {
  /** URL of its admin port. */
  readonly admin: string
  private readonly folder: string
  private readonly child: ChildProcess
  private printed = ''

  static async start(controlPlane: string, zone = ''): Promise<Envoy> {
    const folder = await mkdtemp(join(tmpdir(), 'evenly-envoy-'))
    const admin = (await chooseAddresses(1, true)).server(0)
    const file = join(folder, 'envoy.json')
    await writeFile(file, JSON.stringify(envoyBootstrap({ controlPlane, admin, zone })))
    const envoy = new Envoy(folder, file, `http://${admin}`)
    await envoy.hasStarted()
    return envoy
  }

  private constructor(folder: string, file: string, admin: string) {
    this.folder = folder
    this.admin = admin
    const args = ['-c', file, '--concurrency', '1', '--disable-hot-restart', '--log-level', 'warning']
    this.child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] })
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.printed = (this.printed + text).slice(-20_000)
    })
  }

  /** What it printed: its warnings. */
  output(): string {
    return this.printed
  }

  /** Counters and gauges whose names match, by name. */
  async stats(pattern: string): Promise<Readonly<Record<string, number>>> {
    const answer = await fetch(`${this.admin}/stats?format=json&filter=${encodeURIComponent(pattern)}`)
    const { stats } = (await answer.json()) as { stats: { name?: string; value?: number }[] }
    return Object.fromEntries(stats.flatMap(({ name, value }) => (name === undefined ? [] : [[name, value ?? 0]])))
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const closed = once(this.child, 'close')
      this.child.kill('SIGKILL')
      await closed
    }
    await rm(this.folder, { recursive: true, force: true })
  }

  private async hasStarted(): Promise<void> {
    const deadline = Date.now() + startLimitMs
    for (;;) {
      if (
        await fetch(`${this.admin}/ready`).then(
          ({ ok }) => ok,
          () => false,
        )
      )
        return
      if (this.child.exitCode !== null) throw new Error(`Envoy ended:\n${this.printed}`)
      if (Date.now() > deadline) throw new Error(`Envoy was not ready within ${startLimitMs} ms:\n${this.printed}`)
      await new Promise((resume) => setTimeout(resume, 50))
    }
  }
}
