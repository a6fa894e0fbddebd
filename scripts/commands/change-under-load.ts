import { type Command, Option } from 'commander'
import { resultOfChanges } from '../cluster/change-result.ts'
import { type Change, type Changed, measureChanges } from '../cluster/change-run.ts'
import { type Check, isAsExpected, type ScenarioResult } from '../cluster/result.ts'
import { refuseUnrunnable } from '../cluster/runnable.ts'
import type { Scenario } from '../cluster/scenario.ts'
import { secondsSince, withSetup } from '../cluster/scenario-run.ts'
import { exitCode } from '../lib/exit.ts'
import { wholeNumber } from '../lib/option-values.ts'
import { type Format, formats, render } from '../report/formats.ts'
import { type ClusterCommandOptions, withClusterOptions } from './cluster-options.ts'
import { onCluster, showTasks } from './cluster-session.ts'

export interface ChangeOptions extends ClusterCommandOptions {
  readonly patienceSeconds?: number
  readonly output: Format
}

/** What is done to the servers, and what is expected of it. */
export interface ChangePlan {
  readonly changes: readonly Change[]
  /** Values that the changes need. */
  readonly sets: readonly string[]
  /** @param scenario with its values as they are installed */
  readonly checks: (changed: Changed, scenario: Scenario) => Check[]
}

export function withChangeOptions(command: Command): Command {
  command
    .addOption(
      new Option(
        '--patience-seconds <s>',
        'how long to wait for calls to new pods before it is never (default: as the scenario needs)',
      ).argParser(wholeNumber(1, 3600)),
    )
    .addOption(new Option('-o, --output <format>', 'what to print').choices(formats).default('table'))
  return withClusterOptions(command, 600)
}

/** Makes the changes while clients call, prints what they showed, and sets the exit code. */
export async function changeUnderLoad(scenario: Scenario, options: ChangeOptions, plan: ChangePlan): Promise<void> {
  const startedAt = Date.now()
  await onCluster(options, async ({ equipment, info, run }) => {
    refuseUnrunnable(scenario, equipment)
    const results: ScenarioResult[] = []
    const task = async (progress: (text: string) => void) => {
      const result = await run(scenario, { progress, scale: false }, (settings) =>
        withSetup(scenario, { ...settings, sets: [...plan.sets, ...settings.sets] }, async (setup) => {
          await setup.open()
          const changed = await measureChanges(setup, settings.load, plan.changes, options.patienceSeconds)
          const checks = plan.checks(changed, setup.scenario)
          return resultOfChanges(setup, changed, checks, secondsSince(startedAt))
        }),
      )
      results.push(result)
      return `${scenario.name}: ${result.verdict}: ${result.reason}`
    }
    await showTasks([{ title: scenario.name, run: task }])
    console.log(render(options.output, results, await info()))
    process.exitCode = results.every(isAsExpected) ? exitCode.asExpected : exitCode.verdictNotMet
  })
}
