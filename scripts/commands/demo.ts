import { once } from 'node:events'
import { Command, InvalidArgumentError, Option } from 'commander'
import { Listr, ListrLogger, type ListrTask, ProcessOutput } from 'listr2'
import { Lab } from '../lab/lab.ts'
import { type PageServer, startPageServer } from '../lab/page-server.ts'
import { resultsTable } from '../lab/results-table.ts'
import { runScenario, type ScenarioResult } from '../lab/scenario-run.ts'
import { type LabScenario, labScenarios } from '../lab/scenarios.ts'
import { exitCode } from '../lib/exit.ts'
import { listenAddress, wholeNumber } from '../lib/option-values.ts'

interface DemoOptions {
  readonly servers: number
  readonly requests: number
  readonly scenario: readonly LabScenario[]
  readonly once: boolean
  readonly output: 'table' | 'json'
  readonly listen: string
  readonly singleAddress: boolean
}

/**
 * `evenly demo`: the lab. Real servers and a real client per scenario on loopback, a verdict for each, then the live page
 * until Ctrl-C. Exit 0 when every verdict is the expected one, 79 otherwise.
 */
export function demoCommand(): Command {
  return new Command('demo')
    .description('Runs the scenarios as plain processes on loopback: gRPC pinned to one pod, then spread. No cluster.')
    .addOption(new Option('--servers <n>', 'servers to start with').default(3).argParser(wholeNumber(2, 20)))
    .addOption(
      new Option('--requests <n>', 'calls of the judged window').default(300).argParser(wholeNumber(1, 100_000)),
    )
    .addOption(
      new Option('--scenario <name>', 'only this one; may be repeated')
        .default(labScenarios, 'all')
        .argParser(scenarioNamed),
    )
    .option('--once', 'exit after the table instead of keeping the live page', false)
    .addOption(new Option('-o, --output <format>', 'what to print').choices(['table', 'json']).default('table'))
    .option('--listen <address>', 'where the live page listens', listenAddress, '127.0.0.1:0')
    .option('--single-address', 'as on a machine whose loopback has one address (macOS)', false)
    .action(demo)
}

async function demo(options: DemoOptions): Promise<void> {
  const stop = new AbortController()
  const page = options.once ? undefined : await startPageServer(options.listen)
  let lab: Lab | undefined
  try {
    // Two sets of servers: those whose connections live for ever, and those of the scenario that grows.
    lab = await Lab.open(2 * options.servers + 2, options.singleAddress)
    sayGround(lab, page)
    const results = await runAll(options, lab, page)
    console.log(options.output === 'json' ? JSON.stringify(results, undefined, 2) : `\n${resultsTable(results)}`)
    const asExpected = results.every(({ verdict, expected }) => verdict === expected)
    process.exitCode = asExpected ? exitCode.asExpected : exitCode.verdictNotMet
    if (page) {
      console.error(`\nThe clients go on: watch them at ${page.url} (Ctrl-C ends everything)`)
      await Promise.race([
        once(process, 'SIGINT', { signal: stop.signal }),
        once(process, 'SIGTERM', { signal: stop.signal }),
      ])
    }
  } finally {
    stop.abort()
    await Promise.all([page?.close(), lab?.stop()])
  }
}

function sayGround(lab: Lab, page: PageServer | undefined): void {
  if (page) console.error(`live page: ${page.url}`)
  if (lab.ownAddresses) return
  console.error(
    'loopback has one address here: servers differ by port, and the headless scenarios use a fixed list of them, not DNS',
  )
}

async function runAll(options: DemoOptions, lab: Lab, page: PageServer | undefined): Promise<ScenarioResult[]> {
  const results = new Map<LabScenario, ScenarioResult>()
  const tasks = options.scenario.map((scenario): ListrTask => {
    const { name } = scenario
    return {
      title: `${name}: ${scenario.summary}`,
      task: async (_context, task) => {
        const progress = (text: string) => {
          task.output = `${name}: ${text}`
        }
        const { client, result } = await runScenario(scenario, lab, { ...options, progress })
        results.set(scenario, result)
        page?.show({ scenario: name, admin: client.admin, pods: Object.keys(result.counts) })
        task.title = `${name}: ${result.verdict}: ${result.reason}`
      },
    }
  })
  const logger = new ListrLogger({ processOutput: new ProcessOutput(process.stderr, process.stderr) })
  const shared = { concurrent: true, rendererOptions: { logger } }
  await (process.stderr.isTTY ? new Listr(tasks, shared) : new Listr(tasks, { ...shared, renderer: 'simple' })).run()
  return options.scenario.flatMap((scenario) => results.get(scenario) ?? [])
}

function scenarioNamed(name: string, chosen: readonly LabScenario[]): LabScenario[] {
  const found = labScenarios.find((scenario) => scenario.name === name)
  const names = labScenarios.map((scenario) => scenario.name).join(', ')
  if (found === undefined) throw new InvalidArgumentError(`The lab has ${names}.`)
  return chosen === labScenarios ? [found] : [...new Set([...chosen, found])]
}
