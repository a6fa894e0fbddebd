import { text } from 'node:stream/consumers'
import { Command } from 'commander'
import { stringify } from 'yaml'
import { exitCode, usageError } from '../lib/exit.ts'
import { expectedVerdict, judge, type Policy, policies, type VerdictName, verdictNames } from '../lib/verdict.ts'
import { countsFromJson, oneOf, parseAlpha, parseClients, parseCounts, parseWeights } from '../lib/verdict-arguments.ts'
import { type JudgedTally, verdictTable } from '../lib/verdict-table.ts'

/**
 * `evenly verdict`: counts in, verdict out. The result goes to stdout; the exit code is 0 when the verdict is the expected
 * one, 79 when it is not, 64 for options that make no sense and 65 for stdin that cannot be read as counts.
 */
export function verdictCommand(): Command {
  return new Command('verdict')
    .description('Judges how calls were spread over peers, once, at a stated rate of false alarms.')
    .option('--policy <policy>', `how calls are meant to be spread: ${policies.join(', ')}`, parsePolicy, 'round_robin')
    .option(
      '--counts <list>',
      'calls per peer: 118,91,91, or - to read a JSON object {peer: calls} or array from stdin',
    )
    .option('--weights <list>', 'one weight per peer, any scale, in the order of the counts (policy weighted only)')
    .option('--clients <number>', 'clients that made the calls; round robin may differ by so many', parseClients, 1)
    .option('--alpha <rate>', 'accepted rate of false alarms, between 0 and 1', parseAlpha, 0.001)
    .option(
      '--expect <verdict>',
      `verdict that exits 0: ${verdictNames.join(', ')} (default: the policy's own)`,
      parseExpect,
    )
    .option('-o, --output <format>', `what to print: ${formats.join(', ')}`, parseOutput, 'table')
    .addHelpText('after', `\nExample: evenly verdict --policy random --counts 118,91,91`)
    .action(async (options: Options) => {
      const tally = await judgeOptions(options)
      console.log(printers[options.output](tally))
      process.exitCode = tally.met ? exitCode.asExpected : exitCode.verdictNotMet
    })
}

const formats = ['table', 'json', 'yaml'] as const
type Format = (typeof formats)[number]

const printers: Record<Format, (tally: JudgedTally) => string> = {
  table: verdictTable,
  json: (tally) => JSON.stringify(tally, null, 2),
  yaml: (tally) => stringify(tally).trimEnd(),
}

/** What commander hands over, defaults filled in. */
interface Options {
  policy: Policy
  counts?: string
  weights?: string
  clients: number
  alpha: number
  expect?: VerdictName
  output: Format
}

const parsePolicy = (value: string): Policy => oneOf('--policy', policies, value)
const parseExpect = (value: string): VerdictName => oneOf('--expect', verdictNames, value)
const parseOutput = (value: string): Format => oneOf('--output', formats, value)

async function judgeOptions({ policy, clients, alpha, ...options }: Options): Promise<JudgedTally> {
  if (options.counts === undefined) {
    throw usageError('--counts is missing: give the calls per peer, for example --counts 118,91,91, or - for stdin')
  }
  if (policy === 'weighted' && options.weights === undefined) {
    throw usageError('--policy weighted has nothing to compare with: add --weights with one weight per peer')
  }
  if (policy !== 'weighted' && options.weights !== undefined) {
    throw usageError(`--weights means nothing to policy ${policy}: add --policy weighted or leave --weights out`)
  }
  const { names, counts } =
    options.counts === '-' ? countsFromJson(await text(process.stdin)) : parseCounts(options.counts)
  const weights = options.weights === undefined ? undefined : parseWeights(options.weights, counts.length)
  const verdict = judge(counts, { policy, weights, clients, alpha, names })
  const expected = options.expect ?? expectedVerdict(policy)
  return { ...verdict, names, counts, expected, met: verdict.verdict === expected }
}
