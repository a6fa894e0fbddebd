import { access, constants, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import { hasRun, isAsExpected, type NotRun, type Row } from '../cluster/result.ts'
import { whyNotRunnable } from '../cluster/runnable.ts'
import type { Scenario } from '../cluster/scenario.ts'
import { runScenario } from '../cluster/scenario-run.ts'
import { readScenarios, scenarioNamed } from '../cluster/scenarios.ts'
import { capitalized } from '../lib/capitalized.ts'
import { badInput, EvenlyError, exitCode, unavailable, usageError } from '../lib/exit.ts'
import { repeatable, wholeNumber } from '../lib/option-values.ts'
import { type Format, formats, render } from '../report/formats.ts'
import type { RunInfo } from '../report/run-info.ts'
import { type ClusterCommandOptions, withClusterOptions } from './cluster-options.ts'
import { onCluster, showTasks } from './cluster-session.ts'

const tiers = ['kubernetes', 'mesh', 'gateway'] as const
type Tier = (typeof tiers)[number]

interface MatrixOptions extends ClusterCommandOptions {
  readonly scenario?: readonly string[]
  readonly tier?: Tier
  readonly parallel: number
  readonly scale: boolean
  readonly write: readonly string[]
  readonly output: Format
}

/**
 * `evenly matrix`: every scenario on the current cluster, one table. What the cluster has not got is left out, and told. Exit 0
 * when every row that ran is as expected, 79 otherwise, 69 when none could run.
 */
export function matrixCommand(): Command {
  const command = new Command('matrix')
    .description('Runs every scenario on the current cluster and tells in one table whether each is as expected.')
    .addOption(new Option('--scenario <names>', 'only these, with commas between').argParser(namesIn))
    .addOption(
      new Option('--tier <tier>', 'only those that need no more than Kubernetes, a mesh, or a gateway').choices(tiers),
    )
    .addOption(new Option('--parallel <n>', 'scenarios at a time').default(2).argParser(wholeNumber(1, 20)))
    .option('--no-scale', 'do not scale servers under load')
    .addOption(
      repeatable('--write <file>', 'write it too as the name ends: .json, .xml (JUnit), .md or .html; may be repeated'),
    )
    .addOption(new Option('-o, --output <format>', 'what to print').choices(formats).default('table'))
    .action(matrix)
  return withClusterOptions(command, 300)
}

async function matrix(options: MatrixOptions): Promise<void> {
  const scenarios = chosen(options)
  const files = options.write.map((file) => ({ file, format: formatOf(file) }))
  await Promise.all(files.map(({ file }) => refuseUnwritable(file)))
  const rows = new Map<string, Row>()
  const failed: string[] = []
  const report = async (all: readonly Row[], info: RunInfo) => {
    console.log(render(options.output, all, info))
    await Promise.all(
      files.map(({ file, format }) => write(file, format === 'json' ? saved(all, info) : render(format, all, info))),
    )
  }
  await onCluster(options, async ({ equipment, info, run }) => {
    const all = scenarios.map((scenario) => ({ scenario, whyNot: whyNotRunnable(scenario, equipment) }))
    for (const { scenario, whyNot } of all) {
      rows.set(scenario.name, notRun(scenario, whyNot || 'it was ended before'))
    }
    const able = all.flatMap(({ scenario, whyNot }) => (whyNot === '' ? [scenario] : []))
    if (able.length === 0)
      throw unavailable(`no scenario can run here: ${[...rows.values()].map(({ reason }) => reason).join(' ')}`)
    const tasks = able.map((scenario) => ({
      title: scenario.name,
      run: async (progress: (text: string) => void) => {
        const how = { progress, scale: options.scale }
        const row = await run(scenario, how, (settings) => runScenario(scenario, settings)).catch((error) => {
          // One that fails leaves the others to be run; Ctrl-C ends them all.
          if (!(error instanceof EvenlyError) || error.exitCode !== exitCode.unavailable) throw error
          failed.push(scenario.name)
          return { ...notRun(scenario, ''), reason: `${error.message}.`, failed: true }
        })
        rows.set(scenario.name, row)
        return `${scenario.name}: ${row.verdict ?? 'failed'}: ${row.reason}`
      },
    }))
    try {
      await showTasks(tasks, options.parallel)
    } finally {
      // What has been measured is not lost by what ends the rest.
      await report([...rows.values()], await info())
    }
  })
  if (failed.length > 0) throw unavailable(`${failed.join(', ')} could not be run to the end: the rows tell why`)
  process.exitCode = [...rows.values()].filter(hasRun).every(isAsExpected)
    ? exitCode.asExpected
    : exitCode.verdictNotMet
}

function chosen({ scenario, tier }: MatrixOptions): Scenario[] {
  const all = readScenarios()
  const named = scenario?.map((name) => scenarioNamed(name, all)) ?? all
  const found = named.filter((each) => tier === undefined || tierOf(each) === tier)
  if (found.length === 0) throw usageError(`none of these scenarios is of tier ${tier}: leave --tier out`)
  return found
}

function tierOf({ needs, fromOutside }: Scenario): Tier {
  if (fromOutside) return 'gateway'
  return needs.length === 0 ? 'kubernetes' : 'mesh'
}

/** With when and on what, so that a report made of it can tell. */
const saved = (rows: readonly Row[], info: RunInfo): string => JSON.stringify({ info, rows }, undefined, 2)

const notRun = ({ name, expected }: Scenario, why: string): NotRun => ({
  scenario: name,
  expected,
  verdict: null,
  reason: `${capitalized(why)}.`,
  failed: false,
})

function namesIn(list: string): string[] {
  const names = list.split(',').map((name) => name.trim())
  if (names.includes('')) throw new InvalidArgumentError('A name is missing beside a comma.')
  return [...new Set(names)]
}

function formatOf(file: string): Format {
  const format = { json: 'json', xml: 'junit', md: 'markdown', html: 'html' }[file.split('.').at(-1) ?? '']
  if (format === undefined) throw usageError(`--write ${file}: its name has to end in .json, .xml, .md or .html`)
  return format as Format
}

/** Before the run rather than after it. */
const refuseUnwritable = (file: string): Promise<void> => orRefuse(file, access(dirname(resolve(file)), constants.W_OK))

const write = (file: string, text: string): Promise<void> => orRefuse(file, writeFile(file, `${text}\n`))

async function orRefuse(file: string, writing: Promise<void>): Promise<void> {
  await writing.catch((error: Error) => {
    throw badInput(`--write ${file}: ${error.message}: choose a file that can be written`)
  })
}
