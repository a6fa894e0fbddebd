import { writeFile } from 'node:fs/promises'
import { Command, Option } from 'commander'
import { EvenlyError, exitCode } from '../lib/exit.ts'
import { type Format, formats, render } from '../report/formats.ts'
import { nameOf, readText } from '../report/read-text.ts'
import { parseSaved } from '../report/saved.ts'

interface ReportOptions {
  readonly output: Format
  readonly write?: string
}

/**
 * `evenly report`: saved results for people, CI or a README. The report goes to stdout or a file. Exit 0 whatever the
 * verdicts are, since the command that measured them has told by its own; 65 for what cannot be read as results.
 */
export function reportCommand(): Command {
  return new Command('report')
    .description('Turns saved results into a report: one HTML file that needs no network, or another format.')
    .argument('<file>', 'what `-o json` of matrix, run or demo printed, or - for stdin')
    .addOption(new Option('-o, --output <format>', 'what to print').choices(formats).default('html'))
    .option('--write <file>', 'write it there instead of to stdout')
    .addHelpText('after', '\nExample: evenly demo --once -o json | evenly report - --write report.html')
    .action(report)
}

async function report(file: string, { output, write }: ReportOptions): Promise<void> {
  const { rows, info } = parseSaved(await readText(file), nameOf(file))
  const text = render(output, rows, info)
  if (write === undefined) console.log(text)
  else await save(`${text}\n`, write)
  process.exitCode = exitCode.asExpected
}

async function save(text: string, file: string): Promise<void> {
  try {
    await writeFile(file, text)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new EvenlyError(exitCode.error, `${file} cannot be written (${code}): choose another place`, { cause: error })
  }
  console.error(`wrote ${file}`)
}
