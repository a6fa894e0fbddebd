import { Command } from 'commander'
import { vi } from 'vitest'
import { runCli } from '../../scripts/lib/run-cli.ts'

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
