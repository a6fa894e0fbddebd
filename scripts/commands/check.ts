import { Command, Option } from 'commander'
import { checkValues, type Finding } from '../lib/check/check-values.ts'
import { readValuesFile } from '../lib/check/values-file.ts'
import { exitCode } from '../lib/exit.ts'

interface CheckOptions {
  readonly values: readonly string[]
  readonly output: 'text' | 'json'
}

/**
 * `evenly check`: what is wrong with values files of the chart, offline, each with its place. Findings go to stdout, a
 * count to stderr. Exit 0 when there is no mistake, 79 when there is one, 65 for a file that cannot be read as values.
 */
export function checkCommand(): Command {
  return new Command('check')
    .description(
      'Tells what is wrong with values files of the chart: misspelt keys, and values that do not go together.',
    )
    .argument('<values>', 'a values file')
    .addOption(
      new Option('-f, --values <file>', 'another one over it, as with helm; may be repeated')
        .default([], 'none')
        .argParser((file: string, earlier: readonly string[]) => [...earlier, file]),
    )
    .addOption(new Option('-o, --output <format>', 'what to print').choices(['text', 'json']).default('text'))
    .addHelpText('after', '\nExample: evenly check values/prod.yaml -f orders.yaml')
    .action(check)
}

async function check(first: string, { values, output }: CheckOptions): Promise<void> {
  const files = await Promise.all([first, ...values].map(readValuesFile))
  const findings = checkValues(files)
  const errors = findings.filter(({ severity }) => severity === 'error').length
  if (output === 'json') console.log(JSON.stringify(findings.map(forMachines), undefined, 2))
  else {
    for (const finding of findings) console.log(lineOf(finding))
    console.error(`${counted(errors, 'mistake')}, ${counted(findings.length - errors, 'warning')}`)
  }
  process.exitCode = errors > 0 ? exitCode.verdictNotMet : exitCode.asExpected
}

const lineOf = ({ file, line, column, path, message, id, severity }: Finding): string =>
  `${file}:${line}:${column}: ${path}: ${message} [${id}]${severity === 'warning' ? ' (warning)' : ''}`

/** Every field in every finding: JSON has no undefined. */
const forMachines = ({ suggestion, ...finding }: Finding) => ({ ...finding, suggestion: suggestion ?? null })

const counted = (count: number, what: string): string => `${count || 'no'} ${what}${count === 1 ? '' : 's'}`
