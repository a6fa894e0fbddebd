import { type Command, CommanderError } from 'commander'
import { EvenlyError, exitCode } from './exit.ts'

/**
 * Runs a commander program and turns whatever ends it into an exit code: 0 for help and success, 64 for options that
 * make no sense, an EvenlyError's own code and sentence, 1 with the stack trace for a defect of ours. The code lands in
 * `process.exitCode`, so pending output is written and the program must leave nothing running.
 */
export async function runCli(program: Command, argv: readonly string[]): Promise<void> {
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      outputError: (text, write) => write(text.replace(/^error: /, `${program.name()}: `)),
    })
  }
  try {
    await program.parseAsync(argv, { from: 'user' })
  } catch (error) {
    process.exitCode = report(program.name(), error)
  }
}

function report(name: string, error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.asExpected : exitCode.usage
  if (error instanceof EvenlyError) {
    console.error(`${name}: ${error.message}`)
    return error.exitCode
  }
  console.error(error)
  return exitCode.error
}
