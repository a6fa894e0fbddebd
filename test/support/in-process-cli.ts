import { Command } from 'commander'
import { afterEach, beforeEach, vi } from 'vitest'
import { runCli } from '../../scripts/lib/run-cli.ts'

/** Registers hooks: no test hears of another one's exit code, and none prints in colour. */
export function inSurroundingsOfItsOwn(): void {
  let before: typeof process.exitCode
  beforeEach(() => {
    vi.stubEnv('NO_COLOR', '1')
    vi.stubEnv('FORCE_COLOR', undefined)
    before = process.exitCode
    process.exitCode = undefined
  })
  afterEach(() => {
    process.exitCode = before
    vi.restoreAllMocks()
    vi.unstubAllEnvs()
  })
}

/** Runs a command of `evenly` in this process; what it prints and its exit code, which is left in process.exitCode too. */
export async function inProcess(
  command: Command,
  args: readonly string[],
): Promise<{ exit: unknown; out: string; err: string }> {
  const written = { out: '', err: '' }
  vi.spyOn(console, 'log').mockImplementation((text: string) => {
    written.out += `${text}\n`
  })
  vi.spyOn(console, 'error').mockImplementation((text: string) => {
    written.err += `${text}\n`
  })
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    written.err += text
    return true
  })
  await runCli(new Command('evenly').addCommand(command), [command.name(), ...args])
  return { exit: process.exitCode, ...written }
}
