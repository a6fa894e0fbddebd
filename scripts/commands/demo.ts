import { once } from 'node:events'
import { Command, InvalidArgumentError, Option } from 'commander'
import { Listr, ListrLogger, type ListrTask, ProcessOutput } from 'listr2'
import { ControlledScenario, maximumPods } from '../lab/controlled-scenario.ts'
import { LabControls } from '../lab/controls.ts'
import { Lab } from '../lab/lab.ts'
import { type PageServer, type ShownClient, startPageServer } from '../lab/page-server.ts'
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
    .option('--once', 'exit after the table instead of keeping the live page and its buttons', false)
    .addOption(new Option('-o, --output <format>', 'what to print').choices(['table', 'json']).default('table'))
    .option('--listen <address>', 'where the live page listens', listenAddress, '127.0.0.1:0')
    .option('--single-address', 'as on a machine whose loopback has one address (macOS)', false)
    .addHelpText('after', helpText)
    .action(demo)
}

const helpText = `
After the table the clients go on at 100 calls a second until Ctrl-C, and the live page has buttons: kill a pod, slow it
down, scale, change the policy. They act on real processes, and only where the page listens on loopback. The same without a page:
  curl URL/controls
  curl URL/controls -H 'content-type: application/json' -d '{"scenario": "cluster-ip", "action": "scale", "pods": 5}'`

async function demo(options: DemoOptions): Promise<void> {
  const stop = new AbortController()
  const controls = new LabControls(options.scenario.map(({ name }) => name))
  const page = options.once ? undefined : await startPageServer(options.listen, controls)
  let lab: Lab | undefined
  try {
    lab = await Lab.open(serversAtMost(options), options.singleAddress)
    sayGround(lab, page)
    const results = await runAll(options, lab, page, controls)
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

/** With a page each scenario has servers of its own to change; without, the scenarios share two sets, both of them growing. */
function serversAtMost({ once: noPage, scenario, servers }: DemoOptions): number {
  return noPage ? 2 * (servers + 2) : scenario.length * Math.max(maximumPods, servers + 2)
}

async function runAll(
  options: DemoOptions,
  lab: Lab,
  page: PageServer | undefined,
  controls: LabControls,
): Promise<ScenarioResult[]> {
  const results = new Map<LabScenario, ScenarioResult>()
  const tasks = options.scenario.map((scenario): ListrTask => {
    const { name } = scenario
    return {
      title: `${name}: ${scenario.summary}`,
      task: async (_context, task) => {
        const progress = (text: string) => {
          task.output = `${name}: ${text}`
        }
        const run = await runScenario(scenario, lab, { ...options, ownPods: page !== undefined, progress })
        const { verdict, reason } = run.result
        results.set(scenario, run.result)
        page?.show(underControl(scenario, new ControlledScenario(scenario, lab, run), controls))
        task.title = `${name}: ${verdict}: ${reason}`
      },
    }
  })
  const logger = new ListrLogger({ processOutput: new ProcessOutput(process.stderr, process.stderr) })
  const shared = { concurrent: true, rendererOptions: { logger } }
  await (process.stderr.isTTY ? new Listr(tasks, shared) : new Listr(tasks, { ...shared, renderer: 'simple' })).run()
  return options.scenario.flatMap((scenario) => results.get(scenario) ?? [])
}

/** What the page shows of a scenario that it may change. */
function underControl({ name }: LabScenario, controlled: ControlledScenario, controls: LabControls): ShownClient {
  controls.add(name, controlled)
  return {
    scenario: name,
    get admin() {
      return controlled.admin
    },
    get pods() {
      return controlled.pods
    },
    get policy() {
      return controlled.toldPolicy
    },
  }
}

function scenarioNamed(name: string, chosen: readonly LabScenario[]): LabScenario[] {
  const found = labScenarios.find((scenario) => scenario.name === name)
  const names = labScenarios.map((scenario) => scenario.name).join(', ')
  if (found === undefined) throw new InvalidArgumentError(`The lab has ${names}.`)
  return chosen === labScenarios ? [found] : [...new Set([...chosen, found])]
}
