import { Command, Option } from 'commander'
import { hasRun, isAsExpected, type Outcome, outcomes, type Row } from '../cluster/result.ts'
import { refuseUnrunnable } from '../cluster/runnable.ts'
import type { Scenario } from '../cluster/scenario.ts'
import { runScenario } from '../cluster/scenario-run.ts'
import { readScenarios, scenarioNamed } from '../cluster/scenarios.ts'
import { exitCode } from '../lib/exit.ts'
import { type Format, formats, render } from '../report/formats.ts'
import { type ClusterCommandOptions, withClusterOptions } from './cluster-options.ts'
import { onCluster, showTasks } from './cluster-session.ts'

interface RunOptions extends ClusterCommandOptions {
  readonly expect?: Outcome
  readonly output: Format
}

/**
 * `evenly run`: scenarios on the current cluster, one after another, each from nothing to its verdict in a namespace of its
 * own. Results to stdout; exit 0 when every one is as expected, 79 otherwise, 69 when one cannot be run.
 */
export function runCommand(): Command {
  const command = new Command('run')
    .description('Installs a scenario on the current cluster, calls it, tells who served, and removes it.')
    .argument('<scenario...>', 'what is in values/ and says what it is expected to show: listed below')
    .addOption(new Option('-o, --output <format>', 'what to print').choices(formats).default('table'))
    .addOption(new Option('--expect <verdict>', "what to expect in place of the scenarios' own").choices(outcomes))
    .addHelpText('after', () => `\nScenarios: ${readScenarios().map(nameOf).join(', ')}`)
    .addHelpText('after', '\nExample, the pinning problem and its cure: evenly run istio-off istio-mesh')
    .action(run)
  return withClusterOptions(command, 180)
}

const nameOf = ({ name }: Scenario): string => name

async function run(names: readonly string[], options: RunOptions): Promise<void> {
  const all = readScenarios()
  const { expect } = options
  const scenarios = names.map((name) => ({ ...scenarioNamed(name, all), ...(expect && { expected: expect }) }))
  const rows: Row[] = []
  await onCluster(options, async ({ equipment, info, run }) => {
    for (const scenario of scenarios) refuseUnrunnable(scenario, equipment)
    const tasks = scenarios.map((scenario) => ({
      title: scenario.name,
      run: async (progress: (text: string) => void) => {
        const result = await run(scenario, { progress, scale: false }, (settings) => runScenario(scenario, settings))
        rows.push(result)
        return `${scenario.name}: ${result.verdict}: ${result.reason}`
      },
    }))
    try {
      await showTasks(tasks)
    } finally {
      // What has been measured is not lost by what fails after it.
      if (rows.length > 0) console.log(render(options.output, rows, await info()))
    }
  })
  process.exitCode = rows.filter(hasRun).every(isAsExpected) ? exitCode.asExpected : exitCode.verdictNotMet
}
