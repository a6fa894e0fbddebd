import { Command, Option } from 'commander'
import type { Changed } from '../cluster/change-run.ts'
import { killableValue, killing, rollingOut } from '../cluster/changes.ts'
import type { Check } from '../cluster/result.ts'
import { readScenarios, scenarioNamed } from '../cluster/scenarios.ts'
import { wholeNumber } from '../lib/option-values.ts'
import { type ChangeOptions, changeUnderLoad, withChangeOptions } from './change-under-load.ts'

interface RolloutOptions extends ChangeOptions {
  readonly kill: boolean
  readonly maxFailed?: number
  readonly callMilliseconds: number
}

/** Calls of a client in all, when nothing else is said: enough that one failure in a thousand shows. */
const defaultRequests = 5000

/**
 * `evenly rollout`: replaces a scenario's servers while a client calls, and tells what failed when. Exit 0 when no call did, 79
 * otherwise.
 */
export function rolloutCommand(): Command {
  const command = new Command('rollout')
    .description("Replaces a scenario's servers while a client calls, as an upgrade does, and tells what failed.")
    .argument('<scenario>', 'as evenly run has them')
    .option('--kill', "kill one server's program instead, without warning", false)
    .addOption(
      new Option('--max-failed <n>', 'calls that may fail (default: none; with --kill: any)').argParser(wholeNumber(0)),
    )
    .addOption(
      new Option(
        '--call-milliseconds <n>',
        'how long a call takes at the server: what runs when a pod goes may be lost',
      )
        .default(100)
        .argParser(wholeNumber(0, 60_000)),
    )
    .addHelpText('after', '\nExample: evenly rollout istio-mesh')
    .action(rollout)
  return withChangeOptions(command)
}

async function rollout(name: string, options: RolloutOptions): Promise<void> {
  const scenario = scenarioNamed(name, readScenarios())
  const { kill, maxFailed, requests = defaultRequests, callMilliseconds } = options
  const clientArg = ['--delay-milliseconds', String(callMilliseconds), ...options.clientArg]
  await changeUnderLoad(
    scenario,
    { ...options, requests, clientArg },
    {
      changes: [kill ? killing : rollingOut],
      sets: kill ? [killableValue] : [],
      checks: (changed) => [failedCheck(changed, maxFailed ?? (kill ? Number.POSITIVE_INFINITY : 0))],
    },
  )
}

function failedCheck({ rebalance: { failed, requests, errors } }: Changed, allowed: number): Check {
  const phases = errors.filter((phase) => Object.keys(phase.errors).length > 0).map(({ phase }) => phase)
  return {
    what:
      allowed === 0 ? 'no call fails' : Number.isFinite(allowed) ? `at most ${allowed} calls fail` : 'calls may fail',
    found: `${failed} of ${requests} calls failed${phases.length > 0 ? `, in phase ${phases.join(', ')}` : ''}.`,
    met: failed <= allowed,
  }
}
